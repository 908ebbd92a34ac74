package io.offshoot.executorkit.orchestrator;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;

/** The way to the orchestrator. */
@ConfigMapping(prefix = "offshoot.orchestrator")
public interface OrchestratorConfig {

    URI url();

    /** This service's bearer token. It names the service and its provider, has no default and is never printed. */
    String token();

    /** How long a call may take. Well below a third of the lease. */
    @WithDefault("5s")
    Duration timeout();
}
