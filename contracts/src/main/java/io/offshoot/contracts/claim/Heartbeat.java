package io.offshoot.contracts.claim;

import java.util.List;

/**
 * Prolongs the leases an executor holds.
 *
 * @param executor the asking process
 * @param leases what it believes to hold
 */
public record Heartbeat(String executor, List<Lease> leases) {

    public record Lease(AttemptRef attempt, long fence) {}

    /**
     * @param leaseMs how long the kept leases hold from when the request was sent, in milliseconds
     * @param lost the leases that are no longer the executor's: stop before the next write
     */
    public record Answer(long leaseMs, List<Lease> lost) {}

    public Heartbeat {
        leases = List.copyOf(leases);
    }
}
