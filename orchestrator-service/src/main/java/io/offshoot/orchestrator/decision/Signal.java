package io.offshoot.orchestrator.decision;

/** What can happen to a step. */
public enum Signal {
    /** A request asks for it. */
    ASKED,
    /** Every step it needs has succeeded and its lane has room. */
    READY,
    /** Every step it needs has succeeded, and its lane is full. */
    LANE_FULL,
    /** A step it needs failed, was skipped or cancelled. */
    NEED_LOST,
    /** An executor took the attempt. */
    CLAIMED,
    /** The attempt reported that it is done. */
    DONE,
    /** The attempt reported that the provider or a person is still at it. */
    STILL_WAITING,
    /** The attempt failed, and another may help. */
    FAILED_FOR_NOW,
    /** The attempt failed, and no other can help. */
    FAILED_FOR_GOOD,
    /** The attempt's lease ran out. */
    LEASE_LAPSED,
    /** The time it waited for has come. */
    DUE,
    /** A request asks to stop it. */
    CANCEL,
    /** The attempt reported that it was stopped. */
    STOPPED
}
