package io.offshoot.contracts.invariant;

/**
 * What holds whatever happens. Property tests, the simulator and the checks after chaos runs name what they found broken
 * by these.
 */
public enum Invariant {
    EFFECT_ONCE("A succeeded step has exactly one effect per effect key at the provider, any other at most one"),
    EVERYTHING_ENDS("Every accepted request ends decided, and every started step terminal within its deadline"),
    TERMINAL_STAYS("A terminal state changes only by a new request"),
    SEQ_COMPLETE("seq has no gap and no repeat"),
    ONE_LIVE_ATTEMPT("At most one live attempt per step; the fence only grows"),
    FENCED("A result with another attempt or fence changes no state"),
    ONE_RUN_PER_KEY("The same idempotency key and request give one run and the same answer"),
    NEEDS_FIRST("No step is dispatched before what it needs"),
    QUIET_IS_EMPTY("After quiet the outbox is empty and every event of the log is in the topic"),
    BLOCK_HONOURED("No call starts with a credential after its block is known to that executor"),
    NO_SECRET_IN_CLEAR("A planted secret is found in clear nowhere"),
    HUBS_APART("Nothing of one hub reaches another"),
    ALL_ACCOUNTED("consumed = applied + duplicate + dead-lettered, per topic"),
    TOTAL_AND_IDEMPOTENT("decide is total, and applying an event twice equals once");

    private final String promise;

    Invariant(String promise) {
        this.promise = promise;
    }

    /** The promise in words. */
    public String promise() {
        return promise;
    }

    /** Its number in the architecture's list. */
    public int number() {
        return ordinal() + 1;
    }
}
