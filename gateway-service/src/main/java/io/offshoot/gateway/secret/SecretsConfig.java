package io.offshoot.gateway.secret;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How secrets are taken. */
@ConfigMapping(prefix = "offshoot.secrets")
public interface SecretsConfig {

    /**
     * By provider: the fingerprints of the keys that secrets may be sealed with, separated by commas. For a provider that
     * is not named here the key is taken that its executors announce.
     */
    Map<String, List<String>> pinned();

    /**
     * 32 random bytes or more in base64, the same for all gateways: with it a repeat of a request tells whether it has
     * the same secrets. Without it the values of the first request stand, whatever a repeat has.
     */
    Optional<String> digestKey();

    /** How long it is taken for granted with what secrets are sealed. */
    @WithDefault("5s")
    Duration keysetsKept();
}
