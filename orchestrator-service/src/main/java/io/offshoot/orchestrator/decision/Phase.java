package io.offshoot.orchestrator.decision;

/** Where the latest attempt of a step stands with the executors. */
public enum Phase {
    /** Waits for its turn in its lane; not published. */
    QUEUED,
    /** Published; the next claim takes it. */
    OPEN,
    /** An executor holds it. */
    CLAIMED,
    /** Nobody holds it: it looks again at a time, or was not heard of for a lease. Its fence still counts. */
    PARKED,
    /** Over. */
    ENDED
}
