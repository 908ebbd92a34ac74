package io.offshoot.executorkit.attempt;

import io.quarkus.logging.Log;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Repeats a call that may fail, with growing pauses, without holding a thread. */
final class Repeat {

    private final Time time;
    private final Duration first;
    private final Duration longest;

    Repeat(Time time, Duration first, Duration longest) {
        this.time = time;
        this.first = first;
        this.longest = longest;
    }

    /**
     * @param what the call, for the log
     * @param worthwhile asked after each failure; once it says no, the stage fails
     */
    <T> CompletionStage<T> untilDone(String what, Supplier<CompletionStage<T>> call, BooleanSupplier worthwhile) {
        var done = new CompletableFuture<T>();
        attempt(what, call, worthwhile, first, done);
        return done;
    }

    private <T> void attempt(
            String what,
            Supplier<CompletionStage<T>> call,
            BooleanSupplier worthwhile,
            Duration pause,
            CompletableFuture<T> done) {
        begin(call).whenComplete((answer, failure) -> {
            if (failure == null) {
                done.complete(answer);
            } else if (!worthwhile.getAsBoolean()) {
                done.completeExceptionally(failure);
            } else {
                Log.warnf("%s failed, to be repeated in %s: %s", what, pause, reason(failure));
                var doubled = pause.multipliedBy(2);
                var next = doubled.compareTo(longest) > 0 ? longest : doubled;
                time.after(pause, () -> attempt(what, call, worthwhile, next, done));
            }
        });
    }

    private static <T> CompletionStage<T> begin(Supplier<CompletionStage<T>> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static String reason(Throwable failure) {
        var cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return cause.toString();
    }
}
