package io.offshoot.github;

import com.fasterxml.jackson.databind.JsonNode;
import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.claim.AttemptRef;
import io.offshoot.contracts.claim.ClaimAnswer;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.LeaseLostException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Makes attempts of hub-a's app "docs". */
public record Attempts(
        AttemptMode mode,
        int number,
        String connection,
        JsonNode checkpoint,
        boolean isLeaseLost,
        Map<String, String> env,
        List<String> unknown) {

    /** A UUIDv7 of 2026-11-21T10:00:00Z. */
    public static final UUID DEPLOYMENT = UUID.fromString("01a1fd8c-6900-7000-8000-000000000001");

    public static Attempts first() {
        return new Attempts(AttemptMode.EXECUTE, 1, "main", null, false, Map.of(), null);
    }

    public static Attempts probing() {
        return new Attempts(AttemptMode.PROBE_FIRST, 2, "main", null, false, Map.of(), null);
    }

    public static Attempts looking(JsonNode checkpoint) {
        return new Attempts(AttemptMode.LOOK, 1, "main", checkpoint, false, Map.of(), null);
    }

    /** One in which every write is a mistake. */
    public static Attempts planning() {
        return new Attempts(AttemptMode.PLAN, 1, "main", null, false, Map.of(), null);
    }

    public static Attempts observing() {
        return new Attempts(AttemptMode.OBSERVE, 1, "main", null, false, Map.of(), null);
    }

    public static Attempts undoing() {
        return new Attempts(AttemptMode.UNDO, 3, "main", null, false, Map.of(), null);
    }

    public Attempts notKnowing(String... members) {
        return new Attempts(mode, number, connection, checkpoint, isLeaseLost, env, List.of(members));
    }

    public Attempts over(String otherConnection) {
        return new Attempts(mode, number, otherConnection, checkpoint, isLeaseLost, env, unknown);
    }

    public Attempts with(Map<String, String> environment) {
        return new Attempts(mode, number, connection, checkpoint, isLeaseLost, environment, unknown);
    }

    public Attempts withoutLease() {
        return new Attempts(mode, number, connection, checkpoint, true, env, unknown);
    }

    public <I extends Record> Attempt<I> of(Action<I, ?> action, I input) {
        return forHub("hub-a", action, input);
    }

    public <I extends Record> Attempt<I> forHub(String hub, Action<I, ?> action, I input) {
        var context = new ClaimAnswer.Context(
                hub,
                action.name(),
                mode,
                1,
                connection,
                null,
                env,
                checkpoint,
                null,
                unknown,
                null,
                null,
                null,
                null,
                null,
                null);
        Runnable leaseCheck = () -> {
            if (mode.onlyReads()) {
                throw new AssertionError("A plan or an observation writes");
            }
            if (isLeaseLost) {
                throw new LeaseLostException();
            }
        };
        return new Attempt<>(
                action, new AttemptRef(DEPLOYMENT, "docs", "step", number), context, input, leaseCheck, () -> {});
    }
}
