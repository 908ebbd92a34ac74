package io.offshoot.github.connection;

import io.offshoot.contracts.claim.EnteredConnection;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.connection.ConnectionKind;
import io.offshoot.executorkit.connection.Credentialed;
import io.offshoot.executorkit.connection.RefusedConnectionException;
import io.offshoot.executorkit.lane.Paces;
import io.offshoot.github.api.AppKey;
import io.offshoot.github.api.GitHub;
import io.offshoot.sealing.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** How organisations that hubs have entered are worked with: by a token, or as an installation of the platform's App. */
final class GitHubKind implements ConnectionKind<GitHubKind.Connection> {

    /** Without these no deployment makes anything; what else one needs it looks for itself. */
    private static final List<String> RIGHTS = List.of("administration", "contents");

    /** GitHub's clock may be behind ours. */
    private static final Duration CLOCKS = Duration.ofMinutes(1);

    /** @param id its client id, or its numeric id */
    record Platform(String id, AppKey key) {}

    /** @param askedAt an installation that was last changed before then is not meant; null for a token */
    record Connection(GitHub.Account account, String lane, Instant askedAt) implements Credentialed {}

    private final GitHub.Client client;
    private final Optional<Platform> app;
    private final URI site;
    private final Duration lookAfter;
    private final Paces paces;

    GitHubKind(GitHub.Client client, Optional<Platform> app, URI site, Duration lookAfter, Paces paces) {
        this.client = client;
        this.app = app;
        this.site = site;
        this.lookAfter = lookAfter;
        this.paces = paces;
    }

    @Override
    public Connection make(EnteredConnection entered, Secret token) {
        if (token == null) {
            return installed(entered);
        }
        var lane = paces.laneOf(token.text());
        return new Connection(client.account(entered.account(), token.text(), paces.of(lane)), lane, null);
    }

    private Connection installed(EnteredConnection entered) {
        if (entered.installation() == null || app.isEmpty()) {
            throw new RefusedConnectionException(
                    RefusedConnectionException.NOT_INSTALLED,
                    "This platform has no GitHub App that could be installed. Enter a token.");
        }
        var lane = "installation-" + entered.installation();
        var known = new GitHub.App(
                app.get().id(),
                app.get().key(),
                entered.installation(),
                site.resolve("/organizations/%s/settings/installations".formatted(entered.account())),
                lookAfter,
                ("The GitHub App is not installed at %s any more. Ask for a link (POST"
                                + " /api/v1/connections/github/%s/installation), and have an owner of the organisation open"
                                + " it. The deployment then goes on by itself.")
                        .formatted(entered.account(), entered.name()));
        return new Connection(client.account(entered.account(), known, paces.of(lane)), lane, entered.askedAt());
    }

    @Override
    public void check(Connection connection) {
        var github = connection.account().during(() -> {});
        try {
            var installed = github.installed();
            if (installed.isPresent()) {
                check(installed.get(), github.organization(), connection.askedAt());
            } else {
                checkToken(github);
            }
        } catch (ProviderException e) {
            if (e.is("app-refused")) {
                // That is not for the hub to mend.
                throw new ProviderException(FailureClass.RETRYABLE, e.code(), e.getMessage());
            }
            throw e;
        }
    }

    private static void check(GitHub.Installed installed, String organization, Instant askedAt) {
        if (!installed.account().equalsIgnoreCase(organization)) {
            // Whose it is instead is nobody's business here.
            throw new RefusedConnectionException(
                    RefusedConnectionException.WRONG_ACCOUNT,
                    "The GitHub App was installed somewhere else than at %s. Ask for a new link, and choose that organisation."
                            .formatted(organization));
        }
        if (askedAt != null
                && (installed.changedAt() == null || installed.changedAt().isBefore(askedAt.minus(CLOCKS)))) {
            throw new RefusedConnectionException(
                    RefusedConnectionException.NOT_INSTALLED,
                    ("The GitHub App was installed at %s before the link was asked for, and nothing was changed there since:"
                                    + " it cannot be told whether it was meant for this hub. Uninstall it at GitHub, ask for"
                                    + " a new link, and install it again.")
                            .formatted(organization));
        }
        var missing = RIGHTS.stream()
                .filter(Predicate.not(right -> isWrite(installed.permissions().get(right))))
                .collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            throw new RefusedConnectionException(
                    RefusedConnectionException.MISSING_RIGHTS,
                    "The GitHub App's installation at %s may not write: %s. Accept its new permissions there: %s"
                            .formatted(organization, missing, installed.settings()));
        }
        if (!installed.coversAll()) {
            throw new RefusedConnectionException(
                    RefusedConnectionException.MISSING_RIGHTS,
                    ("The GitHub App's installation covers selected repositories only, and a new one would not be among them."
                                    + " Let it cover all repositories: %s")
                            .formatted(installed.settings()));
        }
    }

    /** What a token may do there GitHub does not tell. */
    private static void checkToken(GitHub github) {
        github.user();
        if (!github.isOrganizationVisible()) {
            throw new RefusedConnectionException(
                    RefusedConnectionException.WRONG_ACCOUNT,
                    ("There is no organisation %s that this token may see. Its owner must be a member there, and the token must"
                                    + " be made for it.")
                            .formatted(github.organization()));
        }
    }

    private static boolean isWrite(String level) {
        return "write".equals(level) || "admin".equals(level);
    }
}
