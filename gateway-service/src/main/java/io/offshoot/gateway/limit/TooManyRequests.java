package io.offshoot.gateway.limit;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import java.util.Map;

/**
 * Somebody asked for more than there is for it; says so in the header fields of <a
 * href="https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/">RateLimit</a>.
 */
public final class TooManyRequests extends ProblemException {

    private static final long serialVersionUID = 1L;

    private final String policy;
    private final long quota;
    private final long window;
    private final long left;
    private final long seconds;

    TooManyRequests(String policy, long quota, long window, long left, long seconds) {
        this(ProblemType.TOO_MANY_REQUESTS, policy, quota, window, left, seconds);
    }

    TooManyRequests(ProblemType type, String policy, long quota, long window, long left, long seconds) {
        super(type, type.cause());
        this.policy = policy;
        this.quota = quota;
        this.window = Math.max(1, window);
        this.left = left;
        this.seconds = Math.max(1, seconds);
    }

    /** When to come again, and why. */
    public Map<String, String> headers() {
        return Map.of(
                "Retry-After", Long.toString(seconds),
                "RateLimit-Policy", "\"%s\";q=%d;w=%d".formatted(policy, quota, window),
                "RateLimit", "\"%s\";r=%d;t=%d".formatted(policy, left, seconds));
    }
}
