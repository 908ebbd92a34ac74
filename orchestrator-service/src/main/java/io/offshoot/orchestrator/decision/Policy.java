package io.offshoot.orchestrator.decision;

import java.time.Duration;

/**
 * The times and counts decisions depend on.
 *
 * @param retryDelay how long a step waits after an attempt failed for now
 * @param probeDelay how long a step waits after an attempt may have been cut off in a call: at least the executors'
 *     call timeout, so that the probe sees what that call did
 * @param maxFailures how many failed attempts end a generation; lapsed leases do not count
 */
public record Policy(Duration retryDelay, Duration probeDelay, int maxFailures) {}
