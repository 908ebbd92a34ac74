package io.offshoot.gateway;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** How this gateway behaves. */
@ConfigMapping(prefix = "offshoot.gateway")
public interface GatewayConfig {

    /** Names this gateway to Kafka; each running gateway has its own. */
    @WithDefault("gateway-1")
    String instance();

    /** The address clients reach the gateways by; all replicas have the same. Whoever signs in signs it too. */
    @WithDefault("http://127.0.0.1:8080")
    URI url();

    /** How many event streams may be open at once. */
    @WithDefault("1500")
    int maxStreams();

    /** A stream without news says this often that it is alive. */
    @WithDefault("15s")
    Duration heartbeat();

    /** The longest that a poll with <code>?wait=</code> is held. */
    @WithDefault("25s")
    Duration maxWait();

    /** How long a plain poll of an action may be answered with what was read for another, unless an event says more. */
    @WithDefault("1s")
    Duration pollsKept();

    /** Within this time a request is confirmed, refused, or answered with <code>unavailable</code>. */
    @WithDefault("1500ms")
    Duration acceptWithin();

    /** How long <code>POST /api/deploy</code> waits for what the orchestrator makes of a trigger. */
    @WithDefault("1s")
    Duration wordWithin();

    /**
     * How long a key is remembered. Longer than the topic of requests keeps its records: as long as one of those can be
     * read again, its key must not stand for another.
     */
    @WithDefault("14d")
    Duration keysKept();

    /** A request that has been at work for so long without an answer was left by a gateway that is gone. */
    @WithDefault("3s")
    Duration abandonedAfter();

    GitHubApp githubApp();

    /** The platform's GitHub App, as its page at GitHub is called. Its key is with the GitHub executor. */
    interface GitHubApp {

        /** The last part of the address of its page. Without one hubs can enter tokens only. */
        Optional<String> slug();

        /** Where apps are installed. */
        @WithDefault("https://github.com")
        URI site();
    }
}
