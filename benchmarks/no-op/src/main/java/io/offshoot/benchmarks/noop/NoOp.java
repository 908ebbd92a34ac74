package io.offshoot.benchmarks.noop;

import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.EffectClass;
import jakarta.validation.constraints.PositiveOrZero;

/** The one action there is: nothing is done, and when is told. */
public final class NoOp {

    public static final Action<Begin, Ended> ACTION =
            new Action<>("vercel", "no-op", 1, EffectClass.UPSERT, Begin.class, Ended.class);

    /** @param after when the step before ended; 0 for the first */
    public record Begin(@PositiveOrZero long after) {}

    /**
     * Both by the machine's monotonic clock, in nanoseconds.
     *
     * @param begun when the executor began with it
     * @param ended when its result left
     */
    public record Ended(
            @PositiveOrZero long begun, @PositiveOrZero long ended) {}

    private NoOp() {}
}
