package io.offshoot.gateway.webhook;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** When a delivery is tried again. */
record Retries(List<Duration> schedule) {

    private static final double JITTER = 0.2;

    Retries {
        schedule = List.copyOf(schedule);
        if (schedule.isEmpty()) {
            throw new IllegalArgumentException("A delivery is tried at least once");
        }
    }

    /**
     * How long after a failed try the next one comes; empty if that was the last.
     *
     * @param tries how many there were
     * @param random from 0 to 1: those that failed together need not come back together
     */
    Optional<Duration> after(int tries, double random) {
        if (tries >= schedule.size()) {
            return Optional.empty();
        }
        var pause = schedule.get(tries);
        return Optional.of(pause.plusMillis((long) (pause.toMillis() * JITTER * random)));
    }
}
