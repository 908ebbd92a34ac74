package io.offshoot.vercel.connection;

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
public record ConnectionTo(VercelConfig config, VercelConnections connections, Sites sites) {

    public static ConnectionTo place(
            URI url, String team, String token, Duration lookAfter, ExecutorConfig executor, Time time) {
        var prefix = "offshoot.vercel.connections.main.";
        var properties = Map.of(
                "offshoot.vercel.url",
                url.toString(),
                "offshoot.vercel.look-after",
                lookAfter.toString(),
                prefix + "hub",
                "hub-a",
                prefix + "team-id",
                team,
                prefix + "token",
                token);
        var config = new SmallRyeConfigBuilder()
                .withMapping(VercelConfig.class)
                .withConverter(Duration.class, 200, new DurationConverter())
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build()
                .getConfigMapping(VercelConfig.class);
        return new ConnectionTo(
                config,
                new VercelConnections(config, executor, time, new Paces(Limits.NONE, "key", time), Keyset.none()),
                new Sites(config));
    }
}
