package io.offshoot.executorkit.attempt;

import io.offshoot.contracts.claim.Heartbeat;
import io.offshoot.executorkit.action.LeaseLostException;
import io.quarkus.logging.Log;
import java.time.Duration;

/** The right to work on one attempt, counted on the monotonic clock from when the request for it was sent. */
final class Lease {

    private static final Duration LOOK = Duration.ofMillis(50);

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
     * Returns when a call that takes so long at most may begin, because it will be over before the lease is: so nothing
     * is under way once a lease has lapsed. With too little left it waits for the next heartbeat.
     *
     * @throws LeaseLostException if it is not held, or runs out meanwhile
     */
    void outlast(Duration call) {
        if (call.multipliedBy(3).compareTo(length.multipliedBy(2)) > 0) {
            Log.errorf("Calls may take %s, and leases of %s that are prolonged every third have no room", call, length);
            throw new IllegalStateException("Calls may take too long");
        }
        while (isHeld()) {
            if (until - time.nanos() >= call.toNanos()) {
                return;
            }
            time.pause(LOOK);
        }
        throw new LeaseLostException();
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
