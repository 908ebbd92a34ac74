package io.offshoot.sandbox.exchange;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Counts calls in fixed windows, and knows who was told to wait. Not remembered over a restart: no test can depend on
 * that.
 */
public final class RateLimits {

    /** A caller's standing after a call. */
    public record Standing(int limit, int used, Instant reset) {

        public int remaining() {
            return Math.max(0, limit - used);
        }

        public boolean exceeded() {
            return used > limit;
        }
    }

    /**
     * A pause that a caller was told to keep.
     *
     * @param limit which limit asks for it
     * @param since when the caller was first refused
     */
    public record Pause(String limit, Instant since, Instant until) {}

    private record Window(Instant reset, int used) {}

    private final Clock clock;
    private final Map<String, Window> windows = new HashMap<>();
    private final Map<String, Pause> pauses = new HashMap<>();

    public RateLimits(Clock clock) {
        this.clock = clock;
    }

    /** Counts a call of this weight; a window that is over begins anew. */
    public Standing count(String counted, int limit, Duration length, int weight) {
        Window window = windows.get(counted);
        if (window == null || !clock.instant().isBefore(window.reset())) {
            window = new Window(clock.instant().plus(length), 0);
        }
        window = new Window(window.reset(), window.used() + weight);
        windows.put(counted, window);
        return new Standing(limit, window.used(), window.reset());
    }

    public Standing count(String counted, int limit, Duration length) {
        return count(counted, limit, length, 1);
    }

    /** The standing without counting a call. */
    public Standing look(String counted, int limit, Duration length) {
        return count(counted, limit, length, 0);
    }

    /** Uses up what is left until then. */
    public void exhaust(String counted, int limit, Instant reset) {
        windows.put(counted, new Window(reset, limit));
    }

    /** Tells a caller to wait. */
    public Pause pause(String counted, String limit, Instant until) {
        Pause pause = new Pause(limit, clock.instant(), until);
        pauses.put(counted, pause);
        return pause;
    }

    /** The pause that the caller should be keeping now. */
    public Optional<Pause> pausing(String counted) {
        return Optional.ofNullable(pauses.get(counted))
                .filter(pause -> clock.instant().isBefore(pause.until()));
    }

    public void clear() {
        windows.clear();
        pauses.clear();
    }

    /** Seconds of the epoch, none of them before the time itself: who waits for them has waited long enough. */
    public static long epochSeconds(Instant time) {
        return time.plusNanos(999_999_999).getEpochSecond();
    }

    /** Whole seconds from now until then, at least one. */
    public static long secondsUntil(Instant now, Instant then) {
        return Math.max(1, Duration.between(now, then).plusNanos(999_999_999).toSeconds());
    }
}
