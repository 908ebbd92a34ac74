package io.offshoot.github.api;

import io.offshoot.contracts.message.FailureClass;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.attempt.Time;
import io.offshoot.executorkit.call.Answer;
import io.offshoot.executorkit.call.Refusals;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/**
 * What GitHub's statuses mean. What a conflict means is for the actions to find out: a code here only says that there
 * is one.
 */
final class GitHubRefusals implements Refusals {

    /** Nothing of that name, or nothing that the credential may see. */
    static final String NOT_FOUND = "not-found";

    /** 401: the token, not what is asked. */
    static final String TOKEN_REFUSED = "credential-refused";

    /** The installation of the GitHub App rests until an owner resumes it. */
    static final String SUSPENDED = "installation-suspended";

    static final String PERMISSION_MISSING = "permission-missing";

    /** 403 for any other reason, such as a rule of the organisation. */
    static final String FORBIDDEN = "forbidden";

    static final String EMPTY = "repository-empty";
    static final String CONFLICT = "conflict";

    /** 422: something is not as GitHub wants it, a taken name and a branch that has moved included. */
    static final String UNPROCESSABLE = "unprocessable";

    /** The refusals that hand on GitHub's own words, which may quote what it was sent. */
    private static final Set<String> QUOTING = Set.of(FORBIDDEN, CONFLICT, UNPROCESSABLE, "refused");

    private static final Duration LONGEST_PAUSE = Duration.ofHours(24);

    private final Time time;

    GitHubRefusals(Time time) {
        this.time = time;
    }

    @Override
    public ProviderException of(Answer answer, boolean write) {
        var message = answer.body().path("message").asText("");
        var status = answer.status();
        if (isThrottled(answer, message)) {
            return new ProviderException(
                    FailureClass.THROTTLED, "rate-limited", "GitHub asks for a pause.", pause(answer));
        }
        if (status >= 500 || status == 408) {
            return new ProviderException(
                    write ? FailureClass.UNCERTAIN : FailureClass.RETRYABLE,
                    "provider-error",
                    "GitHub answered %d.".formatted(status));
        }
        return switch (status) {
            case 301, 302, 303, 307, 308 -> new MovedException(answer.header().apply("Location"));
            case 401 ->
                new ProviderException(
                        FailureClass.CREDENTIAL, TOKEN_REFUSED, "GitHub does not accept the token of this connection.");
            case 403 -> forbidden(answer, message);
            case 404 ->
                new ProviderException(
                        FailureClass.REFUSED,
                        NOT_FOUND,
                        "GitHub finds nothing there, or the connection's token may not see it.");
            case 409 ->
                message.toLowerCase(Locale.ROOT).contains("empty")
                        ? new ProviderException(FailureClass.RETRYABLE, EMPTY, "The repository is still empty.")
                        : new ProviderException(
                                FailureClass.RETRYABLE, CONFLICT, "GitHub sees a conflict: " + Answer.shown(message));
            case 422 ->
                new ProviderException(
                        FailureClass.REFUSED, UNPROCESSABLE, "GitHub does not take it: " + Answer.shown(message));
            default ->
                new ProviderException(
                        FailureClass.REFUSED,
                        "refused",
                        "GitHub answered %d: %s".formatted(status, Answer.shown(message)));
        };
    }

    /** The same refusal without GitHub's words, for calls that send what must not be shown. */
    static ProviderException unquoted(ProviderException refusal, String what) {
        return QUOTING.contains(refusal.code())
                ? new ProviderException(refusal.kind(), refusal.code(), "GitHub does not take %s.".formatted(what))
                : refusal;
    }

    private static ProviderException forbidden(Answer answer, String message) {
        var lower = message.toLowerCase(Locale.ROOT);
        if (lower.contains("suspended")) {
            return new ProviderException(
                    FailureClass.CREDENTIAL, SUSPENDED, "GitHub has suspended this connection's access.");
        }
        if (lower.contains("resource not accessible by") || lower.contains("must have admin rights")) {
            var needed = answer.header().apply("X-Accepted-GitHub-Permissions");
            var which = needed == null ? "" : " (needed: %s)".formatted(Answer.shown(needed));
            return new ProviderException(
                    FailureClass.REFUSED,
                    PERMISSION_MISSING,
                    "The connection's token lacks a permission for this%s.".formatted(which));
        }
        return new ProviderException(FailureClass.REFUSED, FORBIDDEN, "GitHub forbids it: " + Answer.shown(message));
    }

    private static boolean isThrottled(Answer answer, String message) {
        if (answer.status() == 429) {
            return true;
        }
        return answer.status() == 403
                && (answer.number("X-RateLimit-Remaining")
                                .filter(left -> left == 0)
                                .isPresent()
                        || answer.retryAfter().isPresent()
                        || message.toLowerCase(Locale.ROOT).contains("secondary rate limit")
                        || message.toLowerCase(Locale.ROOT).contains("abuse detection"));
    }

    /** Null if GitHub names no time, or one that is over. */
    private Duration pause(Answer answer) {
        var pause = answer.retryAfter()
                .or(() -> answer.number("X-RateLimit-Remaining")
                        .filter(left -> left == 0)
                        .flatMap(none -> answer.number("X-RateLimit-Reset"))
                        .map(reset -> answer.until(reset, time.now())))
                .orElse(Duration.ZERO);
        if (pause.compareTo(Duration.ZERO) <= 0) {
            return null;
        }
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }
}
