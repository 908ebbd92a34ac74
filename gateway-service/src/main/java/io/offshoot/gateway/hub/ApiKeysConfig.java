package io.offshoot.gateway.hub;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How API keys are given out. */
@ConfigMapping(prefix = "offshoot.api-keys")
interface ApiKeysConfig {

    /** How long a key holds whose maker does not say. */
    @WithDefault("90d")
    Duration life();

    /** The longest that a key can hold. */
    @WithDefault("366d")
    Duration longestLife();

    /** How many keys of a hub may hold at once. */
    @WithDefault("200")
    int most();
}
