package io.offshoot.executorkit.lane;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** What a credential of this provider may be used for, and how fast. Each has a lane of its own. */
@ConfigMapping(prefix = "offshoot.lanes")
public interface LaneConfig {

    /** How many attempts may be under way with a credential at once, over all replicas. */
    int liveAtMost();

    /** How long after the end of a write the next may begin. */
    @WithDefault("0s")
    Duration writeSpacing();

    /** How many writes may be made in which time, by any name. */
    Map<String, Window> windows();

    /** How long a credential rests when the provider asks for a pause and names none; doubles if it asks again. */
    Duration shortestBlock();

    /** The longest rest, whatever the provider names. */
    @WithDefault("24h")
    Duration longestBlock();

    /** What all times here are multiplied by: for a provider that is played, and plays faster. */
    @WithDefault("1")
    double timeScale();

    /**
     * The secret that ids of lanes are made with from tokens: the same for all replicas. Without one: the token that
     * this service shows the orchestrator. Never printed.
     */
    Optional<String> key();

    /** How often the orchestrator is told what connections there are. */
    @WithDefault("10s")
    Duration announceEvery();

    /** How often the orchestrator is asked what connections hubs have entered. */
    @WithDefault("1s")
    Duration lookEvery();

    interface Window {

        int writes();

        Duration length();
    }
}
