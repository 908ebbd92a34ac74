package io.offshoot.executorkit.action;

/** The attempt is no longer this executor's: it ends without a further write and without a result. */
public final class LeaseLostException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public LeaseLostException() {
        super("The lease of this attempt is lost");
    }
}
