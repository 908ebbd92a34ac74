package io.offshoot.github.connection;

import io.offshoot.executorkit.attempt.Time;
import io.offshoot.executorkit.lane.Limits;
import io.offshoot.executorkit.lane.Paces;
import io.offshoot.executorkit.process.ExecutorConfig;
import io.offshoot.executorkit.secret.Keyset;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** The connection "main" of hub-a, to wherever a test wants. */
public record ConnectionTo(GitHubConfig config, GitHubConnections connections) {

    public static ConnectionTo place(URI url, String organization, String token, ExecutorConfig executor, Time time) {
        var prefix = "offshoot.github.connections.main.";
        var properties = Map.of(
                "offshoot.github.url",
                url.toString(),
                prefix + "hub",
                "hub-a",
                prefix + "organization",
                organization,
                prefix + "token",
                token);
        var config = new SmallRyeConfigBuilder()
                .withMapping(GitHubConfig.class)
                .withConverter(Duration.class, 200, new DurationConverter())
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build()
                .getConfigMapping(GitHubConfig.class);
        return new ConnectionTo(
                config,
                new GitHubConnections(config, executor, time, new Paces(Limits.NONE, "key", time), Keyset.none()));
    }
}
