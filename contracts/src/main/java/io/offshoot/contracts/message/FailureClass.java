package io.offshoot.contracts.message;

/** What a failure of an attempt means for the next one. */
public enum FailureClass {
    /** Nothing happened, and trying again can help. */
    RETRYABLE(true),
    /** The provider asks for a pause; nothing happened. */
    THROTTLED(true),
    /** The call was sent and not answered: probe before acting again. */
    UNCERTAIN(true),
    /** The provider, or the input, says no; trying the same again cannot help. */
    REFUSED(false),
    /** The credential is missing, wrong, revoked or of another hub. */
    CREDENTIAL(false);

    private final boolean retried;

    FailureClass(boolean retried) {
        this.retried = retried;
    }

    /** Whether the orchestrator tries again by itself. */
    public boolean isRetried() {
        return retried;
    }
}
