package io.offshoot.contracts.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Why an attempt failed, in words fit for the person who asked.
 *
 * @param kind what it means for the next attempt
 * @param code stable and machine-readable, such as <code>exists-and-is-not-ours</code>
 * @param message plain words, never a secret
 * @param retryAfterMs the pause the provider asked for, in milliseconds; null if it named none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(requiredProperties = {"kind", "code", "message"})
public record Failure(FailureClass kind, String code, String message, Long retryAfterMs) {

    /** The code of what is THROTTLED for one endpoint of the provider only: others take calls of that credential. */
    public static final String ENDPOINT_LIMITED = "endpoint-limited";

    public Failure {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(message, "message");
    }

    public Failure(FailureClass kind, String code, String message) {
        this(kind, code, message, null);
    }
}
