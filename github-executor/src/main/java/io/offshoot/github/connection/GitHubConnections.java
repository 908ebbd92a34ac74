package io.offshoot.github.connection;

import io.offshoot.contracts.message.FailureClass;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.attempt.Time;
import io.offshoot.executorkit.process.ExecutorConfig;
import io.offshoot.github.api.AppKey;
import io.offshoot.github.api.GitHub;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.stream.Collectors;

/** Gives an attempt the account it may use: the one it names, if that is its hub's. */
@Singleton
public class GitHubConnections {

    private record Connection(String hub, GitHub.Account account) {}

    private final Map<String, Connection> byName;

    GitHubConnections(GitHubConfig config, ExecutorConfig executor, Time time) {
        var client = new GitHub.Client(config.url(), executor.callTimeout(), time);
        this.byName = config.connections().entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey,
                        entry -> new Connection(
                                entry.getValue().hub(), account(client, config, entry.getKey(), entry.getValue()))));
    }

    /** @throws ProviderException if there is no such account, or it is another hub's; which of them is not told */
    public GitHub of(Attempt<?> attempt) {
        var connection = attempt.connection() == null ? null : byName.get(attempt.connection());
        if (connection == null || !connection.hub().equals(attempt.hub())) {
            throw new ProviderException(
                    FailureClass.CREDENTIAL,
                    "unknown-connection",
                    "This hub has no GitHub connection of the name %s.".formatted(attempt.connection()));
        }
        return connection.account().during(attempt::beforeWrite);
    }

    private static GitHub.Account account(
            GitHub.Client client, GitHubConfig config, String name, GitHubConfig.Account account) {
        if (account.token().isPresent() == account.app().isPresent()) {
            throw wrong(name, "needs either a token or a GitHub App");
        }
        return account.app()
                .map(app -> client.account(account.organization(), app(config, name, account.organization(), app)))
                .orElseGet(() ->
                        client.account(account.organization(), account.token().orElseThrow()));
    }

    private static GitHub.App app(GitHubConfig config, String name, String organization, GitHubConfig.App app) {
        var settings = config.site()
                .resolve("/organizations/%s/settings/installations/%d".formatted(organization, app.installation()));
        try {
            var key = AppKey.parse(pem(name, app));
            return new GitHub.App(app.id(), key, app.installation(), settings, config.personLookAfter());
        } catch (IllegalArgumentException e) {
            throw wrong(name, "has a private key that is not the PEM of an RSA key");
        }
    }

    private static String pem(String name, GitHubConfig.App app) {
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
