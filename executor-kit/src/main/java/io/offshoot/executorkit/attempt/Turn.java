package io.offshoot.executorkit.attempt;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * One attempt's turn at the provider: it asks here before each write and while it pauses, and ends here, to be handed
 * back, when the process stops. A call that is under way is not cut off. For one thread.
 */
final class Turn {

    private static final Duration LOOK = Duration.ofMillis(100);

    private final Lease lease;
    private final Duration callTimeout;
    private final Time time;
    private final BooleanSupplier stopping;
    private boolean wrote;

    Turn(Lease lease, Duration callTimeout, Time time, BooleanSupplier stopping) {
        this.lease = lease;
        this.callTimeout = callTimeout;
        this.time = time;
        this.stopping = stopping;
    }

    /** @throws HandedBackException if the process stops */
    void goOn() {
        if (stopping.getAsBoolean()) {
            throw new HandedBackException(wrote);
        }
    }

    /**
     * Returns when a call may begin, because it will be over before the lease is. With too little left of it, it waits
     * for the next heartbeat.
     *
     * @throws io.offshoot.executorkit.action.LeaseLostException if the lease is lost, or runs out meanwhile
     * @throws HandedBackException if the process stops
     */
    void beforeWrite() {
        goOn();
        while (!lease.outlasts(callTimeout)) {
            time.pause(LOOK);
            goOn();
        }
        wrote = true;
    }

    /** @throws HandedBackException if the process stops */
    void pause(Duration whole) {
        goOn();
        for (var left = whole; left.compareTo(Duration.ZERO) > 0; left = left.minus(LOOK)) {
            time.pause(left.compareTo(LOOK) < 0 ? left : LOOK);
            goOn();
        }
    }
}
