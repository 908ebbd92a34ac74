package io.offshoot.executorkit.intent;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Map;

/**
 * Whose signature this executor wants to see, whatever anybody else says. Without any of it the keys are believed that
 * come with the claim.
 */
@ConfigMapping(prefix = "offshoot.intents")
interface IntentConfig {

    /**
     * By hub: the only keys whose signature counts, each by its id, the RFC 7638 thumbprint. What has a slash in it is the
     * path of a JSON Web Key Set.
     */
    Map<String, List<String>> pinned();

    /** By hub: whether nothing is done for its deployments that came without an intent. Only where keys are pinned. */
    Map<String, Boolean> required();
}
