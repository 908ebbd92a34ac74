package io.offshoot.github.connection;

import io.offshoot.contracts.claim.Announcement;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.attempt.Time;
import io.offshoot.executorkit.connection.EnteredConnections;
import io.offshoot.executorkit.lane.Connections;
import io.offshoot.executorkit.lane.Pace;
import io.offshoot.executorkit.lane.Paces;
import io.offshoot.executorkit.process.ExecutorConfig;
import io.offshoot.executorkit.secret.Keyset;
import io.offshoot.github.api.AppKey;
import io.offshoot.github.api.GitHub;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Gives an attempt the account it may use: the one it names, if that is its hub's. */
@Singleton
public class GitHubConnections implements Connections {

    private record Connection(String hub, GitHub.Account account, String lane) {}

    private final Map<String, Connection> byName;
    private final EnteredConnections<GitHubKind.Connection> entered;
    private final Paces paces;

    GitHubConnections(GitHubConfig config, ExecutorConfig executor, Time time, Paces paces, Keyset keyset) {
        var client = new GitHub.Client(config.url(), executor.callTimeout(), time);
        this.paces = paces;
        var kind = new GitHubKind(
                client,
                config.app().map(app -> new GitHubKind.Platform(app.id(), key("of the platform", app))),
                config.site(),
                config.personLookAfter(),
                paces);
        this.entered = new EnteredConnections<>("github", kind, keyset, paces, time);
        this.byName = config.connections().entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, entry -> connection(client, config, entry.getKey(), entry.getValue())));
    }

    @Override
    public List<Announcement.Connection> announced() {
        return byName.entrySet().stream()
                .map(entry -> new Announcement.Connection(
                        entry.getKey(),
                        entry.getValue().hub(),
                        entry.getValue().account().organization(),
                        paces.announced(entry.getValue().lane())))
                .toList();
    }

    @Override
    public Optional<EnteredConnections<?>> entered() {
        return Optional.of(entered);
    }

    @Override
    public Optional<Pace> pace(String name, String hub) {
        return configured(name, hub)
                .map(connection -> connection.account().pace())
                .or(() -> entered.lane(hub, name).map(paces::of));
    }

    /** @throws ProviderException if there is no such account, or it is another hub's; which of them is not told */
    public GitHub of(Attempt<?> attempt) {
        return configured(attempt.connection(), attempt.hub())
                .map(Connection::account)
                .or(() -> entered.find(attempt.hub(), attempt.connection()).map(GitHubKind.Connection::account))
                .orElseThrow(() -> new ProviderException(
                        FailureClass.CREDENTIAL,
                        "unknown-connection",
                        "This hub has no GitHub connection of the name %s.".formatted(attempt.connection())))
                .during(attempt::beforeWrite);
    }

    private Optional<Connection> configured(String name, String hub) {
        return Optional.ofNullable(name)
                .map(byName::get)
                .filter(connection -> connection.hub().equals(hub));
    }

    private Connection connection(
            GitHub.Client client, GitHubConfig config, String name, GitHubConfig.Account account) {
        if (account.token().isPresent() == account.app().isPresent()) {
            throw wrong(name, "needs either a token or a GitHub App");
        }
        var lane = account.app()
                .map(app -> "installation-" + app.installation())
                .orElseGet(() -> paces.laneOf(account.token().orElseThrow()));
        var organization = account.organization();
        var known = account.app()
                .map(app -> client.account(organization, app(config, name, organization, app), paces.of(lane)))
                .orElseGet(() -> client.account(organization, account.token().orElseThrow(), paces.of(lane)));
        return new Connection(account.hub(), known, lane);
    }

    private static GitHub.App app(GitHubConfig config, String name, String organization, GitHubConfig.App app) {
        var settings = config.site()
                .resolve("/organizations/%s/settings/installations/%d".formatted(organization, app.installation()));
        return new GitHub.App(app.id(), key(name, app), app.installation(), settings, config.personLookAfter(), null);
    }

    private static AppKey key(String name, GitHubConfig.PlatformApp app) {
        try {
            return AppKey.parse(pem(name, app));
        } catch (IllegalArgumentException e) {
            throw wrong(name, "has a private key that is not the PEM of an RSA key");
        }
    }

    private static String pem(String name, GitHubConfig.PlatformApp app) {
        if (app.privateKey().isPresent() == app.privateKeyFile().isPresent()) {
            throw wrong(name, "needs either a private key or the file that holds it");
        }
        if (app.privateKey().isPresent()) {
            return app.privateKey().get();
        }
        try {
            return Files.readString(app.privateKeyFile().orElseThrow());
        } catch (IOException e) {
            throw wrong(name, "names a file for its private key that cannot be read");
        }
    }

    /** Ends the start. */
    private static IllegalStateException wrong(String connection, String what) {
        return new IllegalStateException("The GitHub connection %s %s.".formatted(connection, what));
    }
}
