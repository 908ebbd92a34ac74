package io.offshoot.orchestrator.decision;

import io.offshoot.contracts.message.Failure;
import java.time.Duration;
import java.time.Instant;

/**
 * The times and counts decisions depend on.
 *
 * @param retry the window of the next attempt after a failure; it doubles with every one
 * @param throttle the window behind a pause that the provider asked for, and the pause itself where it named none
 * @param probeAfterLapse how long a step waits before the probe after a lapsed lease: as long as a call that was over in
 *     time may go on at the provider. No call outlives the lease of its attempt
 * @param probeAfterUncertain how long a step waits before the probe after an attempt that got no answer: at least the
 *     executors' call timeout, so that the probe sees what that call did
 * @param maxFailures how many failed attempts end a generation. Lapsed leases and pauses that the provider asks for do
 *     not count: the deadline ends those
 * @param limits how long things may take
 * @param jitter where in its window an attempt falls
 */
public record Policy(
        Backoff retry,
        Backoff throttle,
        Duration probeAfterLapse,
        Duration probeAfterUncertain,
        int maxFailures,
        Limits limits,
        Jitter jitter) {

    /** A window that doubles. @param cap where doubling ends */
    public record Backoff(Duration base, Duration cap) {

        Duration window(int doublings) {
            var window = base.multipliedBy(1L << Math.min(doublings, 20));
            return window.compareTo(cap) > 0 ? cap : window;
        }
    }

    /**
     * @param step from a step's first dispatch in a generation to its end
     * @param person from when a person is first asked for something to when it must be done
     * @param run from the request to the end of everything it began
     */
    public record Limits(Duration step, Duration person, Duration run) {}

    /** How long a step waits after an attempt failed for now: a pause that is due in any case, and full jitter. */
    Duration delay(StepProgress step, Failure failure) {
        var asked = failure.retryAfterMs() == null ? Duration.ZERO : within(failure.retryAfterMs());
        return switch (failure.kind()) {
            case RETRYABLE -> asked.plus(jittered(step, retry.window(step.past().failures())));
            case UNCERTAIN ->
                longer(asked, probeAfterUncertain)
                        .plus(jittered(step, retry.window(step.past().failures())));
            case THROTTLED -> {
                // Whoever was sent away together comes back one by one; the longer the pause, the more there are.
                var pause = failure.retryAfterMs() == null ? throttle.base() : asked;
                var window = longer(throttle.base(), pause);
                yield pause.plus(jittered(step, window.compareTo(throttle.cap()) > 0 ? throttle.cap() : window));
            }
            case REFUSED, CREDENTIAL -> throw new IllegalArgumentException("Not tried again: " + failure.kind());
        };
    }

    /** A time so many milliseconds from now, in bounds whatever was asked for. */
    Instant after(Instant now, long milliseconds) {
        return now.plus(within(milliseconds));
    }

    private Duration within(long milliseconds) {
        var asked = Duration.ofMillis(Math.max(0, milliseconds));
        return asked.compareTo(limits.run()) > 0 ? limits.run() : asked;
    }

    private Duration jittered(StepProgress step, Duration window) {
        return Duration.ofMillis((long) (window.toMillis() * jitter.of(step)));
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}
