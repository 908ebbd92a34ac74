package io.offshoot.orchestrator.timer;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** The times the orchestrator works by. */
@ConfigMapping(prefix = "offshoot.timing")
public interface Timing {

    /** How long a claim holds without a heartbeat. */
    @WithDefault("PT15S")
    Duration lease();

    /** The window in which a step is tried again after an attempt failed for now; doubles with every failure. */
    @WithDefault("PT2S")
    Duration retryDelay();

    /** Where that doubling ends. */
    @WithDefault("PT2M")
    Duration retryDelayAtMost();

    /** The pause after a provider asked for one and named no time, and the least window behind any such pause. */
    @WithDefault("PT5S")
    Duration throttleDelay();

    /** The largest window behind a pause that a provider asked for. */
    @WithDefault("PT1M")
    Duration throttleSpread();

    /** How long a step waits before the probe after a lapsed lease: no call outlives the lease of its attempt. */
    @WithDefault("PT0.5S")
    Duration probeAfterLapse();

    /** How long a step waits before the probe after a call without an answer; at least the executors' call timeout. */
    @WithDefault("PT10S")
    Duration probeAfterUncertain();

    /** How many failed attempts end a generation. */
    @WithDefault("10")
    int maxFailures();

    /** How long a step may take from its first dispatch; a person's time does not count. */
    @WithDefault("PT2H")
    Duration stepWithin();

    /** How long a person may take for what a step asks. */
    @WithDefault("P7D")
    Duration personWithin();

    /** How long everything that one request began may take. */
    @WithDefault("P8D")
    Duration runWithin();

    /** How long a command may stay unclaimed before it is sent again; doubles each time. */
    @WithDefault("PT30S")
    Duration resendAfter();

    /** Where that doubling ends. */
    @WithDefault("PT15M")
    Duration resendAtMost();

    /** How long a plan or an observation may take: what nobody has looked at by then counts as unread. */
    @WithDefault("PT1M")
    Duration surveyWithin();

    /** How often what a deployment owns is observed by itself; never if not set. */
    Optional<Duration> observeEvery();

    /** How often it is read which connections there are; one that is new is without its lane for that long. */
    @WithDefault("PT1S")
    Duration lanesRead();

    /** How long after an executor of a provider was last heard that provider is shown as ready. */
    @WithDefault("PT30S")
    Duration providerReady();

    /** How long a connection is known that executors of its provider name no more. */
    @WithDefault("PT1H")
    Duration connectionKept();

    /** How often due rows are looked for. */
    @WithDefault("PT0.2S")
    Duration tick();
}
