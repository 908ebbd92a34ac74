package io.offshoot.orchestrator.timer;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** The times the orchestrator works by. */
@ConfigMapping(prefix = "offshoot.timing")
public interface Timing {

    /** How long a claim holds without a heartbeat. */
    @WithDefault("PT15S")
    Duration lease();

    /** How long a step waits after an attempt failed for now. */
    @WithDefault("PT5S")
    Duration retryDelay();

    /** How long a step waits before a probe; at least the executors' call timeout. */
    @WithDefault("PT10S")
    Duration probeDelay();

    /** How many failed attempts end a generation. */
    @WithDefault("10")
    int maxFailures();

    /** How long a command may stay unclaimed before it is sent again; doubles each time. */
    @WithDefault("PT30S")
    Duration resendAfter();

    /** Where that doubling ends. */
    @WithDefault("PT15M")
    Duration resendAtMost();

    /** How often due rows are looked for. */
    @WithDefault("PT0.2S")
    Duration tick();
}
