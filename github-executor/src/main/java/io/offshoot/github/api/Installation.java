package io.offshoot.github.api;

import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Instructions;
import io.offshoot.executorkit.action.NeedsPersonException;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.attempt.Time;
import io.offshoot.executorkit.call.Calls;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * A GitHub App's installation at an organisation. Its tokens live for an hour: one is kept for all attempts and
 * replaced before it ends.
 */
final class Installation implements Credential {

    private static final Duration EARLY = Duration.ofMinutes(5);

    /** @param repositorySelection <code>all</code> or <code>selected</code>; null where it is not told */
    record AccessToken(String token, Instant expiresAt, String repositorySelection) {

        AccessToken {
            Objects.requireNonNull(token, "token");
            Objects.requireNonNull(expiresAt, "expires_at");
            if (!token.matches("[\\x21-\\x7e]+")) {
                throw new IllegalArgumentException("A token has no spaces");
            }
        }

        boolean coversSome() {
            return "selected".equals(repositorySelection);
        }

        @Override
        public String toString() {
            return "a token until " + expiresAt;
        }
    }

    /**
     * @param suspendedAt null unless it is suspended
     * @param createdAt null if not told, as the next
     */
    record Details(
            Account account,
            Map<String, String> permissions,
            String repositorySelection,
            Instant suspendedAt,
            Instant createdAt,
            Instant updatedAt) {

        record Account(String login) {

            Account {
                Objects.requireNonNull(login, "login");
            }
        }

        Details {
            Objects.requireNonNull(account, "account");
            permissions = Map.copyOf(permissions);
        }

        Instant changedAt() {
            return createdAt == null || updatedAt != null && updatedAt.isAfter(createdAt) ? updatedAt : createdAt;
        }
    }

    private final GitHubAccountApi api;
    private final Calls calls;
    private final Time time;
    private final GitHub.App app;
    private volatile AccessToken held;

    Installation(GitHubAccountApi api, Calls calls, Time time, GitHub.App app) {
        this.api = api;
        this.calls = calls;
        this.time = time;
        this.app = app;
    }

    @Override
    public Optional<String> atHand() {
        return Optional.ofNullable(held)
                .filter(token -> time.now().isBefore(token.expiresAt.minus(EARLY)))
                .map(AccessToken::token);
    }

    /** One fetches, and those who come meanwhile wait for it. */
    @Override
    public synchronized String token() {
        return atHand().orElseGet(() -> {
            held = asApp(AccessToken.class, jwt -> api.accessToken(jwt, app.installation()));
            return held.token;
        });
    }

    @Override
    public synchronized boolean drop(String refused) {
        if (held != null && held.token.equals(refused)) {
            held = null;
        }
        return true;
    }

    @Override
    public Optional<GitHub.Installed> installed() {
        var details = asApp(Details.class, jwt -> api.installation(jwt, app.installation()));
        if (details.suspendedAt != null) {
            throw suspended();
        }
        return Optional.of(new GitHub.Installed(
                details.account.login,
                details.permissions,
                !"selected".equals(details.repositorySelection),
                app.settings(),
                details.changedAt()));
    }

    @Override
    public ProviderException explain(ProviderException refusal) {
        var token = held;
        var coversSome = token != null && token.coversSome();
        if (refusal.is(GitHubRefusals.SUSPENDED)) {
            return suspended();
        }
        if (refusal.is(GitHubRefusals.NOT_FOUND) && coversSome) {
            return new ProviderException(
                    FailureClass.REFUSED,
                    "repository-not-covered",
                    "GitHub finds nothing there that the GitHub App may see, and its installation covers selected"
                            + " repositories only. Let it cover all repositories, or add this one: " + app.settings());
        }
        if (refusal.is(GitHubRefusals.PERMISSION_MISSING)) {
            var covers = coversSome ? " It covers selected repositories only, too." : "";
            return new ProviderException(
                    FailureClass.REFUSED,
                    GitHubRefusals.PERMISSION_MISSING,
                    "%s Give it to the GitHub App, and accept it for the installation: %s.%s"
                            .formatted(refusal.getMessage(), app.settings(), covers));
        }
        return refusal;
    }

    /** A call that reads, as the app itself. It makes nothing, so one without an answer may be repeated. */
    private <T> T asApp(Class<T> answer, Function<String, Response> call) {
        var jwt = "Bearer " + app.key().sign(app.id(), time.now());
        try {
            return calls.read(answer, () -> call.apply(jwt));
        } catch (ProviderException e) {
            if (e.is(GitHubRefusals.SUSPENDED)) {
                throw suspended();
            }
            if (e.is(GitHubRefusals.TOKEN_REFUSED)) {
                throw new ProviderException(
                        FailureClass.CREDENTIAL,
                        "app-refused",
                        "GitHub does not accept the key of this connection's GitHub App: its id and key must belong"
                                + " together, the key must not be deleted, and this machine's clock must be right.");
            }
            if (e.is(GitHubRefusals.NOT_FOUND) && app.onceMissing() != null) {
                throw new NeedsPersonException(
                        "installation-missing",
                        new Instructions(app.onceMissing(), app.settings(), List.of()),
                        app.lookAfter());
            }
            if (e.is(GitHubRefusals.NOT_FOUND)) {
                throw new ProviderException(
                        FailureClass.CREDENTIAL,
                        "installation-missing",
                        "The GitHub App of this connection has no installation %d: it may have been removed."
                                .formatted(app.installation()));
            }
            throw e;
        }
    }

    private NeedsPersonException suspended() {
        var what = "The GitHub App's installation is suspended. An owner of the organisation can resume it: open the"
                + " link and choose Unsuspend. The deployment then goes on by itself.";
        return new NeedsPersonException(
                GitHubRefusals.SUSPENDED, new Instructions(what, app.settings(), List.of()), app.lookAfter());
    }
}
