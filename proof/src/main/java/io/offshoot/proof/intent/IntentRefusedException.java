package io.offshoot.proof.intent;

/** An intent does not count. Says why, and nothing of what was sent. */
public final class IntentRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final IntentFlaw flaw;

    public IntentRefusedException(IntentFlaw flaw) {
        super(flaw.code(), null, false, false);
        this.flaw = flaw;
    }

    public IntentFlaw flaw() {
        return flaw;
    }
}
