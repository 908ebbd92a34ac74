package io.offshoot.executorkit.attempt;

/** The process stops, and the attempt ends here for another to have it. */
final class HandedBackException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean wrote;

    HandedBackException(boolean wrote) {
        super("The process stops", null, false, false);
        this.wrote = wrote;
    }

    /** Whether it began a call that may have changed something. */
    boolean wrote() {
        return wrote;
    }
}
