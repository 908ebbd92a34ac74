package io.offshoot.executorkit.attempt;

import java.time.Duration;
import java.util.Optional;

/**
 * @param executor the name of this process, for the record
 * @param concurrency how many attempts run at once, and how many are ever claimed
 * @param callTimeout how long a call to the provider may take: two thirds of a lease at most
 * @param settle the pause between the two looks of a probe
 * @param heartbeat how often leases are prolonged; empty for a third of the lease
 * @param firstPause the pause before a failed call to the orchestrator or the broker is repeated; it doubles
 * @param longestPause where doubling ends
 */
public record Settings(
        String executor,
        int concurrency,
        Duration callTimeout,
        Duration settle,
        Optional<Duration> heartbeat,
        Duration firstPause,
        Duration longestPause) {

    public Settings {
        if (concurrency < 1) {
            throw new IllegalArgumentException("concurrency must be at least 1");
        }
    }
}
