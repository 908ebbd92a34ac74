package io.offshoot.gateway.deployment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.problem.Problem;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.CreateDeployment;
import io.offshoot.contracts.query.DeploymentView;
import io.offshoot.gateway.body.JsonBody;
import io.offshoot.gateway.intent.Intents;
import io.offshoot.gateway.orchestrator.Orchestrator;
import io.offshoot.gateway.secret.DeploymentSecrets;
import io.offshoot.gateway.secret.Recipients;
import io.offshoot.gateway.secret.RepeatDigest;
import io.offshoot.gateway.secret.Secrets;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * Creates deployments: the one place where what a client asks for becomes what the orchestrator is told. Secrets are
 * closed here for the executors that need them, and go no further in clear.
 */
@Singleton
public class Registrations {

    private final Orchestrator orchestrator;
    private final Intents intents;
    private final Secrets secrets;
    private final Recipients recipients;
    private final RepeatDigest digest;
    private final SecureRandom random = new SecureRandom();

    Registrations(
            Orchestrator orchestrator, Intents intents, Secrets secrets, Recipients recipients, RepeatDigest digest) {
        this.orchestrator = orchestrator;
        this.intents = intents;
        this.secrets = secrets;
        this.recipients = recipients;
        this.digest = digest;
    }

    /**
     * @param sent the client's body
     * @param key the client's Idempotency-Key; null if it sent none
     */
    public Uni<Orchestrator.Created> create(String hub, ObjectNode sent, String key) {
        var asked = JsonBody.as(sent, NewDeployment.class);
        return told(hub, sent, asked, key).chain(deployment -> orchestrator.create(hub, deployment, key));
    }

    /** Only says what would be made, or the problems. An intent is verified, and is not used up. */
    Uni<DeploymentView> dryRun(String hub, ObjectNode sent) {
        var asked = JsonBody.as(sent, NewDeployment.class);
        return told(hub, sent, asked, null).chain(deployment -> orchestrator.dryRun(hub, deployment));
    }

    /** Nothing is closed, and no secret looked up, for what the hub has not signed where it must. */
    private Uni<CreateDeployment> told(String hub, ObjectNode sent, NewDeployment asked, String key) {
        return intents.of(hub, sent)
                .chain(intent -> sealed(hub, asked, key).map(deployment -> deployment.signed(intent.orElse(null))));
    }

    private Uni<CreateDeployment> sealed(String hub, NewDeployment asked, String key) {
        var brought = secretsOf(asked);
        if (brought.isEmpty() || asked.workflow() == null) {
            // What is wrong with it, the orchestrator says.
            return Uni.createFrom().item(asked.withoutSecrets());
        }
        var errors = brought.errors();
        if (!errors.isEmpty()) {
            return withThoseOfTheRest(hub, asked, errors);
        }
        var id = Messages.newId();
        return orchestrator.workflow(asked.workflow()).chain(workflow -> {
            if (workflow.secretsFor().isEmpty()) {
                throw brought.notTaken();
            }
            return Uni.combine()
                    .all()
                    .unis(recipients.of(workflow.secretsFor()), secrets.named(hub, brought.ofHub()))
                    .asTuple()
                    .map(known -> {
                        var sealed = brought.seal(hub, id, known.getItem1(), known.getItem2(), random);
                        return asked.with(id, sealed, digest.of(hub, key, asked.secrets()));
                    });
        });
    }

    private static DeploymentSecrets secretsOf(NewDeployment asked) {
        var brought = new DeploymentSecrets(asked.secrets());
        brought.referredBy(asked.envVars(), "/envVars");
        if (asked.apps() != null) {
            for (int i = 0; i < asked.apps().size(); i++) {
                if (asked.apps().get(i) != null) {
                    brought.referredBy(asked.apps().get(i).envVars(), "/apps/%d/envVars".formatted(i));
                }
            }
        }
        return brought;
    }

    /** All problems are named at once: so what else is wrong is asked for. */
    private <T> Uni<T> withThoseOfTheRest(String hub, NewDeployment asked, List<Problem.Invalid> errors) {
        return orchestrator
                .dryRun(hub, asked.withoutVariables())
                .map(fine -> List.<Problem.Invalid>of())
                .onFailure(ProblemException.class)
                .recoverWithItem(failure -> {
                    var problem = failure.problem();
                    return ProblemType.INVALID_REQUEST.code().equals(problem.code()) && problem.errors() != null
                            ? problem.errors()
                            : List.of();
                })
                .map(rest -> {
                    var all = new ArrayList<>(rest);
                    all.addAll(errors);
                    throw new ProblemException(Problem.of(
                            ProblemType.INVALID_REQUEST,
                            all.size() == 1 ? "One value does not fit." : "%d values do not fit.".formatted(all.size()),
                            all));
                });
    }
}
