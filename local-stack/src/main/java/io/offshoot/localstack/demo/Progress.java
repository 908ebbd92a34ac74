package io.offshoot.localstack.demo;

import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.Instructions;
import io.offshoot.contracts.message.StepState;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Tells each change of each action once, in plain words, whether it is seen in the stream or in a poll. */
final class Progress {

    private final Consumer<String> line;
    private final Map<String, Long> told = new HashMap<>();

    Progress(Consumer<String> line) {
        this.line = line;
    }

    /**
     * Takes in where an action stands.
     *
     * @param seq the event that brought it there; what is not newer than the last one told is not told again
     */
    void observe(
            String app,
            String action,
            long seq,
            String state,
            int attempt,
            Failure error,
            Instructions instructions,
            Duration elapsed) {
        var last = told.getOrDefault(app + "/" + action, 0L);
        if (seq <= last) {
            return;
        }
        told.put(app + "/" + action, seq);
        var words = words(state, attempt, error, instructions);
        if (!words.isEmpty()) {
            line.accept("%-10s %-12s %-60s %6.1f s".formatted(app, action, words, elapsed.toMillis() / 1000.0));
        }
    }

    /** Empty where there is nothing worth a line: an action that only waits for its turn. */
    private static String words(String state, int attempt, Failure error, Instructions instructions) {
        StepState known;
        try {
            known = StepState.valueOf(state);
        } catch (IllegalArgumentException e) {
            return state;
        }
        return switch (known) {
            case IDLE, BLOCKED -> "";
            case QUEUED -> "waits for the account's turn";
            case DISPATCHED -> attempt > 1 ? "sent to an executor, attempt " + attempt : "sent to an executor";
            case RUNNING -> "running";
            case WAITING ->
                instructions == null ? "the provider is at it" : "waits for a person: " + instructions.what();
            case RETRY_WAIT -> "will be tried again" + because(error);
            case CANCELLING -> "being cancelled";
            case SUCCEEDED -> "done";
            case FAILED -> "failed" + because(error);
            case SKIPPED -> "skipped: an action it needs failed";
            case CANCELLED -> "cancelled";
        };
    }

    private static String because(Failure error) {
        return error == null ? "" : ": " + error.message();
    }
}
