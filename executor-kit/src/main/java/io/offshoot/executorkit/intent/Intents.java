package io.offshoot.executorkit.intent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.claim.AttemptRef;
import io.offshoot.contracts.claim.ClaimAnswer.Context;
import io.offshoot.contracts.intent.SignedIntent;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.proof.canonical.CanonicalJson;
import io.offshoot.proof.envelope.Envelope;
import io.offshoot.proof.intent.CanonicalRequest;
import io.offshoot.proof.intent.Intent;
import io.offshoot.proof.intent.IntentFlaw;
import io.offshoot.proof.intent.IntentRefusedException;
import io.offshoot.proof.intent.Signer;
import io.offshoot.workflows.Foresight;
import io.offshoot.workflows.Inputs;
import io.offshoot.workflows.Step;
import io.offshoot.workflows.Workflow;
import io.offshoot.workflows.Workflows;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sees that an attempt is of what the hub signed, before anything is done or even looked at for it: the signature is by a
 * key of the hub, and action, account, input and environment are those that the signed definition makes of the signed
 * request. What other steps brought goes into an input too, and is believed. Thread-safe, and without effects.
 */
public final class Intents {

    private final Workflows workflows;
    private final Pins pins;

    public Intents(Workflows workflows, Pins pins) {
        this.workflows = workflows;
        this.pins = pins;
    }

    /** Why nothing is done for an attempt; empty if it is what the hub signed, or need not be. */
    public Optional<Failure> refusal(AttemptRef attempt, Context context, Instant now) {
        if (context.intent() == null || context.intent().signed() == null) {
            return pins.required().contains(context.hub())
                    ? refused(
                            "intent-missing",
                            "The hub did not sign this deployment, and this executor does nothing without.")
                    : Optional.empty();
        }
        try {
            var signed = context.intent().signed();
            var request = CanonicalRequest.read(signed.request());
            var intent = verified(context.hub(), signed)
                    .of(request)
                    .by(context.hub())
                    .begunBy(now);
            var definition = workflows.pinned(
                    intent.workflow().id(),
                    intent.workflow().version(),
                    intent.workflow().digest());
            return definition.isEmpty()
                    // Not refused: while versions change, another process of this service may have it.
                    ? Optional.of(new Failure(
                            FailureClass.RETRYABLE,
                            "unknown-workflow",
                            "This executor does not have the definition that the hub signed."))
                    : new Comparison(definition.get(), request, attempt, context).refusal();
        } catch (IntentRefusedException e) {
            return refused(e.flaw().code(), e.flaw().words());
        }
    }

    private Intent verified(String hub, SignedIntent signed) {
        Envelope envelope;
        try {
            envelope = Envelope.read(signed.envelope().toString().getBytes(StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new IntentRefusedException(IntentFlaw.MALFORMED);
        }
        var pinned = pins.keys().get(hub);
        var signers = signed.keys().stream()
                .map(Signer::ofJwk)
                .filter(signer -> pinned == null || pinned.contains(signer.key().id()))
                .toList();
        return Intent.verified(envelope, signers);
    }

    private static Optional<Failure> refused(String code, String message) {
        return Optional.of(new Failure(FailureClass.REFUSED, code, message));
    }

    /** What the claim brought, beside what comes of the signed request. */
    private record Comparison(Workflow definition, CanonicalRequest request, AttemptRef attempt, Context context) {

        Optional<Failure> refusal() {
            var body = request.body();
            var app = app(body);
            var step = definition.steps().stream()
                    .filter(candidate -> candidate.id().equals(attempt.stepId()))
                    .findFirst();
            if (app.isEmpty()) {
                return refused("intent-other-apps", "The hub did not sign for an app of this id.");
            }
            if (step.isEmpty() || !step.get().action().name().equals(context.action())) {
                return refused("intent-other-action", "The hub did not sign for this action.");
            }
            var connections = texts(body.path("connections"));
            if (!connections
                    .getOrDefault(step.get().connection(), context.hub())
                    .equals(context.connection())) {
                return refused("intent-other-connection", "The hub did not sign for this account.");
            }
            if (!sameEnv(step.get(), body, app.get())) {
                return refused("intent-other-env", "The environment variables are not those that the hub signed.");
            }
            if (!sameInput(step.get(), connections, body, app.get())) {
                return refused(
                        "intent-other-input",
                        "The action's input is not what comes of the request that the hub signed.");
            }
            return Optional.empty();
        }

        private Optional<JsonNode> app(ObjectNode body) {
            for (JsonNode app : body.path("apps")) {
                if (app.path("appId").asText().equals(attempt.appId())) {
                    return Optional.of(app);
                }
            }
            return Optional.empty();
        }

        /** The values of secrets are no one's to compare; which variable has which of them is. */
        private boolean sameEnv(Step<?, ?, ?, ?> step, ObjectNode body, JsonNode app) {
            var wanted = new HashMap<String, JsonNode>();
            body.path("envVars").properties().forEach(one -> wanted.put(one.getKey(), one.getValue()));
            app.path("envVars").properties().forEach(one -> wanted.put(one.getKey(), one.getValue()));
            var plain = new HashMap<String, String>();
            var secret = new HashMap<String, String>();
            wanted.forEach((name, value) -> {
                if (value.isTextual()) {
                    plain.put(name, value.textValue());
                } else {
                    secret.put(name, value.path("secret").asText());
                }
            });
            return plain.equals(context.env() == null ? Map.of() : context.env())
                    && secretEnv().equals(step.action().givenSecrets() ? secret : Map.of());
        }

        /** The variable's name to the secret's: values are sealed, and not signed. */
        private Map<String, String> secretEnv() {
            var names = new HashMap<String, String>();
            if (context.secretEnv() != null) {
                context.secretEnv().forEach((variable, one) -> names.put(variable, one.name()));
            }
            return names;
        }

        private boolean sameInput(
                Step<?, ?, ?, ?> step, Map<String, String> connections, ObjectNode body, JsonNode app) {
            var part = Inputs.part(step, object(app.path("input")), null);
            Foresight built;
            try {
                built = switch (context.mode()) {
                    case EXECUTE, PROBE_FIRST, LOOK, CANCEL ->
                        new Foresight(
                                Inputs.build(
                                        definition,
                                        step.id(),
                                        context.hub(),
                                        attempt.appId(),
                                        connections,
                                        object(body.path("config")),
                                        part,
                                        outputs()),
                                List.of());
                    case PLAN, OBSERVE, UNDO ->
                        Foresight.of(
                                definition,
                                step.id(),
                                context.hub(),
                                attempt.appId(),
                                connections,
                                object(body.path("config")),
                                part,
                                outputs());
                };
            } catch (RuntimeException e) {
                // The orchestrator could not build it either, and says so by bringing none.
                return context.input() == null;
            }
            return isSame(built.input(), context.input())
                    && built.unknown().equals(context.unknown() == null ? List.of() : context.unknown());
        }

        private Map<String, ObjectNode> outputs() {
            return context.intent().outputs() == null
                    ? Map.of()
                    : context.intent().outputs();
        }

        /** By their canonical form: 1 and 1.0 are one number. */
        private static boolean isSame(JsonNode one, JsonNode other) {
            try {
                return other != null && CanonicalJson.sha256(one).equals(CanonicalJson.sha256(other));
            } catch (IllegalArgumentException e) {
                return false;
            }
        }

        private static ObjectNode object(JsonNode value) {
            return value instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
        }

        private static Map<String, String> texts(JsonNode members) {
            var texts = new HashMap<String, String>();
            members.properties()
                    .forEach(member ->
                            texts.put(member.getKey(), member.getValue().textValue()));
            return texts;
        }
    }
}
