package io.offshoot.orchestrator.decision;

/** What can happen to a step. */
public enum Signal {
    /** A request asks for it. */
    ASKED,
    /** A request asks for it once more although it is done. */
    RERUN,
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
    /** Nothing is left of it, or nothing ever was. */
    UNDONE,
    /** The attempt reported that the provider or a person is still at it. */
    STILL_WAITING,
    /** The attempt failed, and another may help. */
    FAILED_FOR_NOW,
    /** The attempt failed, and no other can help. */
    FAILED_FOR_GOOD,
    /** The executor gave the attempt back unfinished. */
    HANDED_BACK,
    /** The attempt's lease ran out. */
    LEASE_LAPSED,
    /** The time it waited for has come. */
    DUE,
    /** A request asks to stop it, and nothing can have begun. */
    CANCEL,
    /** A request asks to stop it, and something may be under way. */
    CANCEL_UNDER_WAY,
    /** It is stopped, as far as can be known. */
    STOPPED,
    /** The time in which it had to be over has passed. */
    DEADLINE
}
