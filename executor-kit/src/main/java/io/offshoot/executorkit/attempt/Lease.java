package io.offshoot.executorkit.attempt;

import io.offshoot.contracts.claim.Heartbeat;
import io.offshoot.executorkit.action.LeaseLostException;
import io.quarkus.logging.Log;
import java.time.Duration;

/** The right to work on one attempt, counted on the monotonic clock from when the request for it was sent. */
final class Lease {

    private final Heartbeat.Lease id;
    private final Time time;
    private final Duration length;
    private volatile long until;
    private volatile boolean lost;

    Lease(Heartbeat.Lease id, Time time, long sentAt, Duration length) {
        this.id = id;
        this.time = time;
        this.length = length;
        this.until = sentAt + length.toNanos();
    }

    Heartbeat.Lease id() {
        return id;
    }

    boolean isHeld() {
        return !lost && time.nanos() - until < 0;
    }

    /**
     * Whether a call that begins now and takes so long at most is over before the lease is. If all calls wait for that,
     * nothing is under way once a lease has lapsed.
     *
     * @throws LeaseLostException if it is not held
     */
    boolean outlasts(Duration call) {
        if (call.multipliedBy(3).compareTo(length.multipliedBy(2)) > 0) {
            Log.errorf("Calls may take %s, and leases of %s that are prolonged every third have no room", call, length);
            throw new IllegalStateException("Calls may take too long");
        }
        if (!isHeld()) {
            throw new LeaseLostException();
        }
        return until - time.nanos() >= call.toNanos();
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
