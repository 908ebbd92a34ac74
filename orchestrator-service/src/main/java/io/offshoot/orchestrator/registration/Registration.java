package io.offshoot.orchestrator.registration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.failpoint.Failpoint;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.CreateDeployment;
import io.offshoot.contracts.secret.SealedSecret;
import io.offshoot.orchestrator.deployment.App;
import io.offshoot.orchestrator.deployment.AppKey;
import io.offshoot.orchestrator.deployment.Deployment;
import io.offshoot.orchestrator.deployment.IntentRow;
import io.offshoot.orchestrator.deployment.SecretRow;
import io.offshoot.orchestrator.deployment.StepKey;
import io.offshoot.orchestrator.deployment.StepRow;
import io.offshoot.orchestrator.lane.ConnectionRow;
import io.offshoot.orchestrator.service.DatabaseTime;
import io.offshoot.orchestrator.tenancy.Tenancy;
import io.offshoot.workflows.Step;
import io.offshoot.workflows.Workflow;
import io.offshoot.workflows.Workflows;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.hibernate.Session;

/** Creates deployments, pinned to the newest definition of their workflow. Thread-safe. */
@ApplicationScoped
public class Registration {

    /** Writes equal requests equally, however their members were ordered. */
    private static final ObjectMapper CANONICAL =
            Messages.json().copy().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

    /** @param replayed whether an earlier request with the same key had made it */
    public record Registered(UUID id, boolean replayed) {}

    private final Workflows workflows;
    private final Schemas schemas;
    private final EntityManager entities;
    private final Tenancy tenancy;

    Registration(Workflows workflows, Schemas schemas, EntityManager entities, Tenancy tenancy) {
        this.workflows = workflows;
        this.schemas = schemas;
        this.entities = entities;
        this.tenancy = tenancy;
    }

    /**
     * The definition that this request would be made with.
     *
     * @throws ProblemException naming all that is wrong with the request
     */
    @Transactional
    public Workflow validate(String hub, CreateDeployment asked) {
        tenancy.only(hub);
        return checked(hub, asked);
    }

    private Workflow checked(String hub, CreateDeployment asked) {
        var workflow = workflows
                .newest(asked.workflow() == null ? "" : asked.workflow())
                .orElseThrow(() -> new ProblemException(
                        ProblemType.UNKNOWN_WORKFLOW, "This installation offers no workflow of that id."));
        Checks.check(schemas, workflow, asked);
        Checks.check(
                hub,
                workflow,
                asked.connections() == null ? Map.of() : asked.connections(),
                ConnectionRow.announced(workflow.connections().values()),
                ConnectionRow.ofHub(hub));
        if (asked.intent() != null) {
            Signature.of(asked.intent()).demandFor(hub, workflow).demandUnused(hub);
        }
        return workflow;
    }

    /**
     * Checks the arguments of a trigger.
     *
     * @param part what the step would be given with them
     * @throws ProblemException naming all that is wrong with them
     */
    public void validate(Workflow workflow, String inputKey, ObjectNode args, ObjectNode part) {
        Checks.check(schemas, workflow, inputKey, args, part);
    }

    /**
     * Creates a deployment. Idempotent where a key is given: the same key and request make one deployment, whoever
     * asks however often.
     *
     * @param key the request's Idempotency-Key; null for none
     * @throws ProblemException naming all that is wrong with the request
     */
    @Transactional
    public Registered register(String hub, String key, CreateDeployment asked) {
        var digest = digest(asked);
        if (key != null) {
            // Held to the end of the transaction: of two requests with one key the second finds the first's work.
            hold(hub + "\n" + key);
            var made = Deployment.byIdempotencyKey(hub, key);
            if (made.isPresent()) {
                if (!made.get().requestDigest.equals(digest)) {
                    throw new ProblemException(ProblemType.IDEMPOTENCY_KEY_REUSED, "This key made another deployment.");
                }
                return new Registered(made.get().id, true);
            }
        }
        var workflow = checked(hub, asked);
        var deployment = deployment(hub, key, digest, workflow, asked);
        if (asked.intent() != null) {
            var signature = Signature.of(asked.intent());
            deployment.intentDigest = signature.digest();
            // Of two requests with one nonce the second finds the first's deployment.
            hold(hub + "\n" + signature.nonce());
            signature.demandUnused(hub);
            deployment.persist();
            IntentRow.of(deployment.id, hub, signature.nonce(), asked.intent()).persist();
        } else {
            deployment.persist();
        }
        for (int i = 0; i < asked.apps().size(); i++) {
            app(deployment, asked.apps().get(i), i).persist();
        }
        if (asked.secrets() != null) {
            for (SealedSecret secret : asked.secrets()) {
                SecretRow.of(deployment.id, secret).persist();
            }
        }
        for (CreateDeployment.App app : asked.apps()) {
            for (Step<?, ?, ?, ?> step : workflow.steps()) {
                StepRow.idle(new StepKey(deployment.id, app.appId(), step.id())).persist();
            }
        }
        Failpoint.ORCHESTRATOR_BEFORE_REGISTRATION_COMMIT.reached();
        return new Registered(deployment.id, false);
    }

    private void hold(String what) {
        entities.unwrap(Session.class).doWork(connection -> {
            try (var lock = connection.prepareStatement("select pg_advisory_xact_lock(hashtextextended(?, 0))")) {
                lock.setString(1, what);
                lock.execute();
            }
        });
    }

    private Deployment deployment(String hub, String key, String digest, Workflow workflow, CreateDeployment asked) {
        var deployment = new Deployment();
        deployment.id = asked.id() == null ? Messages.newId() : asked.id();
        deployment.hub = hub;
        deployment.workflow = workflow.id();
        deployment.version = workflow.version();
        deployment.digest = workflow.digest();
        deployment.config = orEmpty(asked.config());
        deployment.connections = asked.connections() == null ? Map.of() : asked.connections();
        deployment.env = plain(asked.envVars());
        deployment.envSecrets = secret(asked.envVars());
        deployment.idempotencyKey = key;
        deployment.requestDigest = digest;
        deployment.createdAt = DatabaseTime.now(entities);
        return deployment;
    }

    private static App app(Deployment deployment, CreateDeployment.App asked, int position) {
        var app = new App();
        app.key = new AppKey(deployment.id, asked.appId());
        app.position = position;
        app.input = orEmpty(asked.input());
        app.env = plain(asked.envVars());
        app.envSecrets = secret(asked.envVars());
        return app;
    }

    private static ObjectNode orEmpty(ObjectNode value) {
        return value == null ? JsonNodeFactory.instance.objectNode() : value;
    }

    private static Map<String, String> plain(Map<String, JsonNode> variables) {
        var plain = new TreeMap<String, String>();
        if (variables != null) {
            variables.forEach((name, value) -> {
                if (value.isTextual()) {
                    plain.put(name, value.textValue());
                }
            });
        }
        return plain;
    }

    private static Map<String, String> secret(Map<String, JsonNode> variables) {
        var secret = new TreeMap<String, String>();
        if (variables != null) {
            variables.forEach(
                    (name, value) -> Checks.secretName(value).ifPresent(referred -> secret.put(name, referred)));
        }
        return secret;
    }

    /**
     * What is sealed differs every time, and so does the id that it is sealed for. An intent counts by what is signed:
     * the keys that it was found to be signed with may be others tomorrow.
     */
    private static String digest(CreateDeployment sent) {
        var asked = new CreateDeployment(
                sent.workflow(),
                sent.connections(),
                sent.config(),
                sent.envVars(),
                sent.apps(),
                null,
                null,
                sent.secretsDigest());
        try {
            var ordered = CANONICAL.convertValue(asked, Object.class);
            var text = CANONICAL.writeValueAsString(ordered)
                    + (sent.intent() == null ? "" : Signature.of(sent.intent()).digest());
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256", impossible);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not writable as JSON", e);
        }
    }
}
