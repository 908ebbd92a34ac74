package io.offshoot.executorkit.attempt;

import java.time.Duration;
import java.time.Instant;

/** The clocks and timers of an executor. */
public interface Time {

    /** The time of day, for what others read. */
    Instant now();

    /** The monotonic clock, for leases; only differences mean something. */
    long nanos();

    /** Runs a short task once, later, on another thread. */
    void after(Duration pause, Runnable task);

    /** Lets time pass on this thread. */
    void pause(Duration pause);
}
