package io.offshoot.executorkit.action;

import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import java.time.Duration;

/** The provider, or the way to it, said no. Its message is fit for the person who asked and never holds a secret. */
public class ProviderException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final FailureClass kind;
    private final String code;
    private final Duration retryAfter;

    public ProviderException(FailureClass kind, String code, String message) {
        this(kind, code, message, null);
    }

    /** @param retryAfter the pause the provider asked for; null if it named none */
    public ProviderException(FailureClass kind, String code, String message, Duration retryAfter) {
        super(message);
        this.kind = kind;
        this.code = code;
        this.retryAfter = retryAfter;
    }

    public FailureClass kind() {
        return kind;
    }

    public String code() {
        return code;
    }

    /** Whether it has this code. */
    public boolean is(String other) {
        return code.equals(other);
    }

    public Failure failure() {
        return new Failure(kind, code, getMessage(), retryAfter == null ? null : retryAfter.toMillis());
    }
}
