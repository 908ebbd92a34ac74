package io.offshoot.contracts.message;

/** The bytes are not a message we can take in, now or ever: a case for the dead letters. */
public class UnreadableMessageException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String reason;

    UnreadableMessageException(String reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** <code>unreadable</code> or <code>unknown-type</code>. */
    public String reason() {
        return reason;
    }
}
