package io.offshoot.github;

import io.offshoot.executorkit.attempt.Time;
import java.time.Duration;
import java.time.Instant;

/** A time of day that a test sets. It has no timers. */
public final class SetTime implements Time {

    private volatile Instant now = Instant.parse("2026-11-21T10:00:00Z");

    public void pass(Duration duration) {
        now = now.plus(duration);
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public long nanos() {
        return Duration.between(Instant.EPOCH, now).toNanos();
    }

    @Override
    public void after(Duration pause, Runnable task) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void pause(Duration pause) {
        throw new UnsupportedOperationException();
    }
}
