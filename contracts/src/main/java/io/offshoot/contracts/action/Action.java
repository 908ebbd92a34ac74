package io.offshoot.contracts.action;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * One thing an executor can do at its provider: a typed constant that workflows import and executors bind their
 * handlers to. There is no registry of actions.
 *
 * @param provider the provider's id, which names its topics (<code>github</code>)
 * @param id the action's id, unique within the provider (<code>create-repository</code>)
 * @param version grows when input, output or meaning changes incompatibly; at least 1
 * @param effectClass what repeating it does
 * @param input its input, a record with Bean Validation constraints
 * @param output its output, a record with Bean Validation constraints
 * @param givenSecrets whether it is given the secrets among the app's environment variables; no other action is
 * @param sealsFor the providers whose executors it seals some of its output for
 */
public record Action<I extends Record, O extends Record>(
        String provider,
        String id,
        int version,
        EffectClass effectClass,
        Class<I> input,
        Class<O> output,
        boolean givenSecrets,
        Set<String> sealsFor) {

    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    /** One that is given no secrets, and makes none. */
    public Action(String provider, String id, int version, EffectClass effectClass, Class<I> input, Class<O> output) {
        this(provider, id, version, effectClass, input, output, false, Set.of());
    }

    public Action {
        if (!ID.matcher(provider).matches() || !ID.matcher(id).matches()) {
            throw new IllegalArgumentException("Not an action's name: %s/%s".formatted(provider, id));
        }
        sealsFor = Set.copyOf(sealsFor);
        if (version < 1) {
            throw new IllegalArgumentException("The version of %s/%s must be at least 1".formatted(provider, id));
        }
    }

    /** The same, given the secrets among the app's environment variables. */
    public Action<I, O> withSecrets() {
        return new Action<>(provider, id, version, effectClass, input, output, true, sealsFor);
    }

    /** The same, sealing some of its output for that provider's executor. */
    public Action<I, O> sealingFor(String recipient) {
        return new Action<>(provider, id, version, effectClass, input, output, givenSecrets, Set.of(recipient));
    }

    /** The name used in messages and definitions, such as <code>github/create-repository/1</code>. */
    public String name() {
        return provider + "/" + id + "/" + version;
    }
}
