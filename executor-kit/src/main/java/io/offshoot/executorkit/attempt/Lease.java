package io.offshoot.executorkit.attempt;

import io.offshoot.contracts.claim.Heartbeat;
import io.offshoot.executorkit.action.LeaseLostException;
import java.time.Duration;

/** The right to work on one attempt, counted on the monotonic clock from when the request for it was sent. */
final class Lease {

    private final Heartbeat.Lease id;
    private final Time time;
    private volatile long until;
    private volatile boolean lost;

    Lease(Heartbeat.Lease id, Time time, long sentAt, Duration length) {
        this.id = id;
        this.time = time;
        this.until = sentAt + length.toNanos();
    }

    Heartbeat.Lease id() {
        return id;
    }

    boolean isHeld() {
        return !lost && time.nanos() - until < 0;
    }

    /** @throws LeaseLostException if it is not held */
    void check() {
        if (!isHeld()) {
            throw new LeaseLostException();
        }
    }

    void prolong(long sentAt, Duration length) {
        var later = sentAt + length.toNanos();
        if (later - until > 0) {
            until = later;
        }
    }

    void lose() {
        lost = true;
    }

    boolean isLost() {
        return lost;
    }
}
