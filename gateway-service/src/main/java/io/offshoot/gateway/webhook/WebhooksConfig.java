package io.offshoot.gateway.webhook;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Webhooks to hubs' own addresses. Without both keys there are none; everything else works. */
@ConfigMapping(prefix = "offshoot.webhooks")
interface WebhooksConfig {

    /**
     * The file of the keys that secrets are kept under: 32 random bytes in base64 a line. The first closes, all open, so
     * that a new key is put before the old one.
     */
    Optional<Path> secretKeyFile();

    /** The file of the Ed25519 key that signs every delivery: PKCS#8 in PEM. */
    Optional<Path> signingKeyFile();

    /**
     * Receivers, as <code>host:port</code>, that may be called although they are not public, over http too. Only for
     * local runs and tests: whoever may register webhooks may make the gateway call these.
     */
    Optional<List<String>> allow();

    /** Ports that may be called. */
    @WithDefault("443,8443")
    Set<Integer> ports();

    /** The longest that one try takes, from the look-up of the name to the end of the answer. */
    @WithDefault("15s")
    Duration within();

    /** How long after the one before each try comes. After the last a delivery has failed. */
    @WithDefault("0s,5s,5m,30m,2h,5h,10h,14h,20h,24h")
    List<Duration> schedule();

    /** A webhook that has taken nothing for so long is disabled. */
    @WithDefault("5d")
    Duration disableAfter();

    /** How long a replaced secret signs too. */
    @WithDefault("24h")
    Duration secretsOverlap();

    /** How long deliveries are kept, whether they arrived or not. */
    @WithDefault("30d")
    Duration deliveriesKept();

    /** How many deliveries this gateway sends at once. */
    @WithDefault("64")
    int atOnce();

    /** How many deliveries of one webhook all gateways send at once. */
    @WithDefault("4")
    int atOnceToOne();

    /** How many webhooks a hub may have. */
    @WithDefault("20")
    int perHub();

    /** How often is looked for deliveries that are due; new ones need not wait for it. */
    @WithDefault("1s")
    Duration tick();
}
