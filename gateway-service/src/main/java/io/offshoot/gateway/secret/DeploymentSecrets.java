package io.offshoot.gateway.secret;

import com.fasterxml.jackson.databind.JsonNode;
import io.offshoot.contracts.problem.Problem;
import io.offshoot.contracts.problem.Problem.Invalid;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.secret.Sealed;
import io.offshoot.contracts.secret.SealedSecret;
import io.offshoot.sealing.Recipient;
import io.offshoot.sealing.Secret;
import io.offshoot.sealing.SecretContext;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/** The secrets of one new deployment: those it brings along, and those of the hub that it refers to. */
public final class DeploymentSecrets {

    private static final int FEWEST_BYTES = 16;
    private static final int MOST_BYTES = 1024;

    private final Map<String, JsonNode> own;

    /** A secret's name to the places that refer to it. */
    private final Map<String, List<String>> references = new TreeMap<>();

    /** @param own those it brings along, by name: text, or how many bytes to make; null for none */
    public DeploymentSecrets(Map<String, JsonNode> own) {
        this.own = own == null ? Map.of() : own;
    }

    /** Notes what these variables refer to. @param variables null for none */
    public void referredBy(Map<String, JsonNode> variables, String pointer) {
        if (variables != null) {
            variables.forEach((variable, value) -> referred(value).ifPresent(name -> references
                    .computeIfAbsent(name, any -> new ArrayList<>())
                    .add(pointer + "/" + escape(variable))));
        }
    }

    public boolean isEmpty() {
        return own.isEmpty() && references.isEmpty();
    }

    /** The names that only the hub's secrets can have. */
    public Set<String> ofHub() {
        var names = new TreeSet<>(references.keySet());
        names.removeAll(own.keySet());
        return names;
    }

    /** What is wrong with what it brings along, whatever the hub has. No value is in it. */
    public List<Invalid> errors() {
        var errors = new ArrayList<Invalid>();
        own.forEach((name, value) -> {
            var pointer = "/secrets/" + escape(name);
            if (!SecretValue.isName(name)) {
                errors.add(new Invalid(pointer, "is no name for a secret: letters, digits and _, no digit first"));
            } else if (!references.containsKey(name)) {
                errors.add(new Invalid(pointer, "no variable refers to it"));
            } else if (value != null && value.isTextual()) {
                SecretValue.wrong(value.textValue()).ifPresent(why -> errors.add(new Invalid(pointer, why)));
            } else if (bytes(value).isEmpty()) {
                errors.add(new Invalid(
                        pointer,
                        "must be text, or {\"generate\": N} with N from %d to %d".formatted(FEWEST_BYTES, MOST_BYTES)));
            }
        });
        return errors;
    }

    /**
     * Closes all of them for the executors that need them. Those of the hub are taken along as they are, in the version
     * they have now.
     *
     * @param recipients by provider: all that are given secrets
     * @param stored the hub's, by name
     * @throws ProblemException naming every place where one is missing or cannot be used
     */
    public List<SealedSecret> seal(
            String hub,
            UUID deployment,
            Map<String, Recipient> recipients,
            Map<String, StoredSecret> stored,
            SecureRandom random) {
        demand(ofHub().stream().filter(name -> !stored.containsKey(name)).toList(), ProblemType.UNKNOWN_SECRET);
        demand(
                ofHub().stream()
                        .filter(name ->
                                !copies(stored.get(name), recipients.values()).isPresent())
                        .toList(),
                ProblemType.SECRET_NEEDS_REENTRY);
        var sealed = new ArrayList<SealedSecret>();
        own.forEach((name, value) -> {
            var context = SecretContext.ofDeployment(hub, deployment, name);
            sealed.add(new SealedSecret(
                    name,
                    context.scope(),
                    context.version(),
                    Secrets.seal(secret(value, random), context, recipients.values())));
        });
        for (String name : ofHub()) {
            var secret = stored.get(name);
            sealed.add(new SealedSecret(
                    name,
                    secret.scope(),
                    secret.version(),
                    copies(secret, recipients.values()).orElseThrow()));
        }
        return sealed;
    }

    /** Where nothing takes secrets. */
    public ProblemException notTaken() {
        var places = new ArrayList<Invalid>();
        references
                .values()
                .forEach(pointers -> pointers.forEach(
                        pointer -> places.add(new Invalid(pointer, "no step of the workflow takes secrets"))));
        own.keySet()
                .forEach(name ->
                        places.add(new Invalid("/secrets/" + escape(name), "no step of the workflow takes secrets")));
        return new ProblemException(
                Problem.of(ProblemType.INVALID_REQUEST, "No step of the workflow takes secrets.", places));
    }

    private void demand(List<String> lacking, ProblemType type) {
        if (!lacking.isEmpty()) {
            throw new ProblemException(Problem.of(
                    type,
                    type.title() + ".",
                    lacking.stream()
                            .flatMap(name -> references.get(name).stream()
                                    .map(pointer -> new Invalid(pointer, "the secret " + name)))
                            .toList()));
        }
    }

    /** One copy for each, closed with a key that is still there; empty if one lacks it. */
    private static Optional<List<Sealed>> copies(StoredSecret secret, Collection<Recipient> recipients) {
        var copies = new ArrayList<Sealed>();
        for (Recipient recipient : recipients) {
            var copy = secret.copies().stream()
                    .filter(one -> one.recipient().equals(recipient.provider())
                            && recipient.fingerprints().contains(one.key()))
                    .findFirst();
            if (copy.isEmpty()) {
                return Optional.empty();
            }
            copies.add(copy.get());
        }
        return Optional.of(copies);
    }

    private static Secret secret(JsonNode value, SecureRandom random) {
        if (value.isTextual()) {
            return SecretValue.of(value.textValue());
        }
        var bytes = new byte[bytes(value).orElseThrow()];
        random.nextBytes(bytes);
        return Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    private static Optional<Integer> bytes(JsonNode value) {
        return value != null
                        && value.isObject()
                        && value.size() == 1
                        && value.path("generate").isInt()
                        && value.path("generate").intValue() >= FEWEST_BYTES
                        && value.path("generate").intValue() <= MOST_BYTES
                ? Optional.of(value.path("generate").intValue())
                : Optional.empty();
    }

    private static Optional<String> referred(JsonNode value) {
        return value != null
                        && value.isObject()
                        && value.size() == 1
                        && value.path("secret").isTextual()
                ? Optional.of(value.path("secret").textValue())
                : Optional.empty();
    }

    private static String escape(String member) {
        return member.replace("~", "~0").replace("/", "~1");
    }
}
