package io.offshoot.contracts.message;

/** Where one step stands, precisely. The legal transitions are the orchestrator's. */
public enum StepState {
    /** Not asked for. */
    IDLE(PublicStatus.IDLE),
    /** Asked for; a needed step is not done. */
    BLOCKED(PublicStatus.RUNNING),
    /** Ready; waits for its lane. */
    QUEUED(PublicStatus.RUNNING),
    /** An attempt is published and unclaimed. */
    DISPATCHED(PublicStatus.RUNNING),
    /** An executor holds the attempt: owner, fence, lease. */
    RUNNING(PublicStatus.RUNNING),
    /** The provider or a person is still at it; looked at again on a timer. */
    WAITING(PublicStatus.RUNNING),
    /** An attempt failed retryably, or its lease ran out; due at a time. */
    RETRY_WAIT(PublicStatus.RUNNING),
    /** Asked to stop while running or waiting. */
    CANCELLING(PublicStatus.RUNNING),
    SUCCEEDED(PublicStatus.DONE),
    FAILED(PublicStatus.ERROR),
    /** A needed step failed, was skipped or cancelled. */
    SKIPPED(PublicStatus.ERROR),
    CANCELLED(PublicStatus.ERROR);

    private final PublicStatus status;

    StepState(PublicStatus status) {
        this.status = status;
    }

    /** What clients are shown. */
    public PublicStatus status() {
        return status;
    }

    /** Whether only a new request can change it. */
    public boolean isTerminal() {
        return status == PublicStatus.DONE || status == PublicStatus.ERROR;
    }
}
