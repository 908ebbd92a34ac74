package io.offshoot.vercel;

import com.fasterxml.jackson.databind.JsonNode;
import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.claim.AttemptRef;
import io.offshoot.contracts.claim.ClaimAnswer;
import io.offshoot.contracts.secret.SealedSecret;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.LeaseLostException;
import io.offshoot.executorkit.secret.Keyset;
import io.offshoot.executorkit.secret.Vault;
import io.offshoot.sealing.Opener;
import io.offshoot.sealing.Secret;
import io.offshoot.sealing.SecretContext;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Makes attempts of hub-a's app "docs". */
public record Attempts(
        AttemptMode mode,
        int number,
        String connection,
        JsonNode checkpoint,
        boolean isLeaseLost,
        Map<String, String> env,
        int generation,
        Integer previousGeneration,
        List<String> unknown) {

    private Attempts(
            AttemptMode mode,
            int number,
            String connection,
            JsonNode checkpoint,
            boolean isLeaseLost,
            Map<String, String> env) {
        this(mode, number, connection, checkpoint, isLeaseLost, env, 1, null, null);
    }

    private static final String SECRET = "secret:";

    /** A UUIDv7 of 2026-11-21T10:00:00Z. */
    public static final UUID DEPLOYMENT = UUID.fromString("01a1fd8c-6900-7000-8000-000000000001");

    /** What secrets are sealed for this executor with. */
    public static final Opener OPENER = Opener.generate("vercel");

    public static Attempts first() {
        return new Attempts(AttemptMode.EXECUTE, 1, "main", null, false, Map.of());
    }

    public static Attempts probing() {
        return new Attempts(AttemptMode.PROBE_FIRST, 2, "main", null, false, Map.of());
    }

    public static Attempts looking(JsonNode checkpoint) {
        return new Attempts(AttemptMode.LOOK, 1, "main", checkpoint, false, Map.of());
    }

    /** @param previous the first generation that may have had an effect unseen */
    public Attempts inGeneration(int now, int previous) {
        return new Attempts(mode, number, connection, checkpoint, isLeaseLost, env, now, previous, null);
    }

    public Attempts over(String otherConnection) {
        return new Attempts(mode, number, otherConnection, checkpoint, isLeaseLost, env);
    }

    public Attempts withoutLease() {
        return new Attempts(mode, number, connection, checkpoint, true, env);
    }

    public Attempts with(Map<String, String> environment) {
        return new Attempts(
                mode,
                number,
                connection,
                checkpoint,
                isLeaseLost,
                environment,
                generation,
                previousGeneration,
                unknown);
    }

    public static Attempts cancelling(JsonNode checkpoint) {
        return new Attempts(AttemptMode.CANCEL, 1, "main", checkpoint, false, Map.of());
    }

    public static Attempts planning() {
        return new Attempts(AttemptMode.PLAN, 1, "main", null, false, Map.of());
    }

    public static Attempts observing() {
        return new Attempts(AttemptMode.OBSERVE, 1, "main", null, false, Map.of());
    }

    public static Attempts undoing() {
        return new Attempts(AttemptMode.UNDO, 1, "main", null, false, Map.of());
    }

    /** One of a plan, in whose input these members are made up. */
    public Attempts without(String... members) {
        return new Attempts(
                mode,
                number,
                connection,
                checkpoint,
                isLeaseLost,
                env,
                generation,
                previousGeneration,
                List.of(members));
    }

    /** Variables of which the text begins with "secret:" come sealed. */
    private Map<String, SealedSecret> secrets() {
        var sealed = new TreeMap<String, SealedSecret>();
        env.forEach((name, value) -> {
            if (value.startsWith(SECRET)) {
                var context = SecretContext.ofHub("hub-a", name, 1);
                var copy = OPENER.recipient().seal(Secret.of(value.substring(SECRET.length())), context);
                sealed.put(name, new SealedSecret(name, context.scope(), 1, List.of(copy)));
            }
        });
        return sealed;
    }

    private Map<String, String> plain() {
        var plain = new TreeMap<>(env);
        plain.values().removeIf(value -> value.startsWith(SECRET));
        return plain;
    }

    public <I extends Record> Attempt<I> of(Action<I, ?> action, I input) {
        return forHub("hub-a", action, input);
    }

    public <I extends Record> Attempt<I> forHub(String hub, Action<I, ?> action, I input) {
        var context = new ClaimAnswer.Context(
                hub,
                action.name(),
                mode,
                generation,
                connection,
                null,
                plain(),
                checkpoint,
                previousGeneration,
                unknown,
                null,
                null,
                null,
                secrets(),
                List.of(OPENER.recipient().published()),
                null);
        Runnable leaseCheck = () -> {
            if (mode.onlyReads()) {
                throw new IllegalStateException("A plan or an observation writes nothing");
            }
            if (isLeaseLost) {
                throw new LeaseLostException();
            }
        };
        return new Attempt<>(
                action,
                new AttemptRef(DEPLOYMENT, "docs", "step", number),
                context,
                input,
                Keyset.of(OPENER),
                Vault.none(),
                leaseCheck,
                () -> {});
    }
}
