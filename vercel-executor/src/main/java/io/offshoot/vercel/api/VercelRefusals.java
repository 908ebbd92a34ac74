package io.offshoot.vercel.api;

import io.offshoot.contracts.message.FailureClass;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.attempt.Time;
import io.offshoot.executorkit.call.Answer;
import io.offshoot.executorkit.call.Refusals;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;

/**
 * What Vercel's statuses mean. What a conflict means is for the actions to find out: a code here only says that there
 * is one.
 */
final class VercelRefusals implements Refusals {

    static final String NOT_FOUND = "not-found";
    static final String CONFLICT = "conflict";
    static final String FORBIDDEN = "forbidden";
    static final String BAD_REQUEST = "bad-request";

    private static final URI GITHUB_APP = URI.create("https://github.com/apps/vercel");
    private static final Duration LONGEST_PAUSE = Duration.ofHours(24);

    private final Time time;

    VercelRefusals(Time time) {
        this.time = time;
    }

    @Override
    public ProviderException of(Answer answer, boolean write) {
        var error = answer.body().path("error");
        var message = error.path("message").asText("");
        var status = answer.status();
        if (status >= 500 || status == 408) {
            return new ProviderException(
                    write ? FailureClass.UNCERTAIN : FailureClass.RETRYABLE,
                    "provider-error",
                    "Vercel answered %d.".formatted(status));
        }
        return switch (status) {
            case 301, 302, 303, 307, 308 ->
                new ProviderException(
                        FailureClass.REFUSED, "moved", "Vercel sends the call elsewhere. It was not followed.");
            case 400 -> badRequest(answer, message);
            case 401 -> credentialRefused();
            case 403 ->
                error.path("invalidToken").asBoolean()
                                || answer.body().path("invalidToken").asBoolean()
                        ? credentialRefused()
                        : new ProviderException(
                                FailureClass.REFUSED, FORBIDDEN, "Vercel forbids it: " + Answer.shown(message));
            case 404 ->
                new ProviderException(
                        FailureClass.REFUSED,
                        NOT_FOUND,
                        "Vercel finds nothing there, or the connection's token may not see it.");
            case 409 ->
                new ProviderException(
                        FailureClass.REFUSED, CONFLICT, "Vercel sees a conflict: " + Answer.shown(message));
            case 429 ->
                new ProviderException(
                        FailureClass.THROTTLED, "rate-limited", "Vercel asks for a pause.", pause(answer));
            default ->
                new ProviderException(
                        FailureClass.REFUSED,
                        "refused",
                        "Vercel answered %d: %s".formatted(status, Answer.shown(message)));
        };
    }

    private static ProviderException badRequest(Answer answer, String message) {
        var error = answer.body().path("error");
        var words = message.toLowerCase(Locale.ROOT);
        if (error.hasNonNull("link") && words.contains("github integration")) {
            return new NeedsLinkException(safeLink(error.path("link").asText()));
        }
        if (error.path("code").asText().equals("missing_files")) {
            var missing = new HashSet<String>();
            error.path("missing").forEach(sha1 -> missing.add(sha1.asText()));
            return new MissingFilesException(missing);
        }
        // A commit that was just pushed takes a while to be known there.
        if (error.path("code").asText().equals("incorrect_git_source_info")
                || words.contains("does not contain the requested branch or commit reference")) {
            return new ProviderException(
                    FailureClass.RETRYABLE, "commit-unknown", "Vercel does not know the commit, or not yet.");
        }
        if (words.contains("ongoing update")) {
            return new ProviderException(
                    FailureClass.RETRYABLE, "ongoing-update", "Vercel is still at an earlier change.");
        }
        return new ProviderException(
                FailureClass.REFUSED, BAD_REQUEST, "Vercel does not take it: " + Answer.shown(message));
    }

    private static ProviderException credentialRefused() {
        return new ProviderException(
                FailureClass.CREDENTIAL, "credential-refused", "Vercel does not accept the token of this connection.");
    }

    /** People are shown this link: it must be one to open in a browser. */
    private static URI safeLink(String text) {
        try {
            var link = URI.create(text);
            return "https".equals(link.getScheme()) || "http".equals(link.getScheme()) ? link : GITHUB_APP;
        } catch (IllegalArgumentException e) {
            return GITHUB_APP;
        }
    }

    /** Null if Vercel names no time, or one that is over. */
    private Duration pause(Answer answer) {
        var limit = answer.body().path("error").path("limit").path("reset");
        var inBody = limit.canConvertToLong() ? Optional.of(limit.asLong()) : Optional.<Long>empty();
        var pause = answer.retryAfter()
                .or(() -> inBody.or(() -> answer.number("X-RateLimit-Reset"))
                        .map(reset -> answer.until(Math.max(0, reset), time.now())))
                .orElse(Duration.ZERO);
        if (pause.compareTo(Duration.ZERO) <= 0) {
            return null;
        }
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }
}
