package io.offshoot.contracts.problem;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * A problem as RFC 9457 writes it, media type <code>application/problem+json</code>.
 *
 * @param detail what went wrong this time; never a class name, a path, SQL or a secret
 * @param traceId finds the request in the logs; null inside the system, where the gateway adds it
 * @param errors each invalid value; empty if the problem is not about values
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
        String type,
        String title,
        int status,
        String detail,
        String instance,
        String code,
        boolean retryable,
        String traceId,
        List<Invalid> errors) {

    public static final String MEDIA_TYPE = "application/problem+json";

    /** @param pointer where in the body, a JSON Pointer (RFC 6901) */
    public record Invalid(String pointer, String detail) {}

    public Problem {
        errors = errors == null ? List.of() : List.copyOf(errors);
    }

    public static Problem of(ProblemType type, String detail) {
        return of(type, detail, List.of());
    }

    public static Problem of(ProblemType type, String detail, List<Invalid> errors) {
        return new Problem(
                type.type(), type.title(), type.status(), detail, null, type.code(), type.isRetryable(), null, errors);
    }
}
