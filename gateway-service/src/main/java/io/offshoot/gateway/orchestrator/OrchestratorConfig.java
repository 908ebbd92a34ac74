package io.offshoot.gateway.orchestrator;

import io.smallrye.config.ConfigMapping;
import java.net.URI;

/** Where the orchestrator is, and what we show it. Both are read by the client's own configuration too. */
@ConfigMapping(prefix = "offshoot.orchestrator")
interface OrchestratorConfig {

    /** Its address, without a path. */
    URI url();

    /** The token of this service. */
    String token();
}
