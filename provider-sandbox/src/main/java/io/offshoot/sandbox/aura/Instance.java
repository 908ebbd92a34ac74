package io.offshoot.sandbox.aura;

import java.time.Instant;

/**
 * A database. Its states come to light as time goes by. Its password was in the answer that made it and is kept nowhere.
 *
 * @param runningAt when the operation that goes on, if one does, is over
 * @param goneAt when it is no more, or null
 */
record Instance(
        String id,
        String tenantId,
        String name,
        String type,
        String cloudProvider,
        String region,
        String memory,
        String connectionUrl,
        Instant createdAt,
        String operation,
        Instant runningAt,
        Instant goneAt) {

    String statusAt(Instant now) {
        if (goneAt != null) {
            return "destroying";
        }
        return now.isBefore(runningAt) ? operation : "running";
    }

    boolean isGone(Instant now) {
        return goneAt != null && !now.isBefore(goneAt);
    }

    boolean isBusy(Instant now) {
        return !statusAt(now).equals("running");
    }

    Instance named(String newName) {
        return new Instance(
                id,
                tenantId,
                newName,
                type,
                cloudProvider,
                region,
                memory,
                connectionUrl,
                createdAt,
                operation,
                runningAt,
                goneAt);
    }

    Instance resized(String newMemory, Instant until) {
        return new Instance(
                id,
                tenantId,
                name,
                type,
                cloudProvider,
                region,
                newMemory,
                connectionUrl,
                createdAt,
                "updating",
                until,
                goneAt);
    }

    Instance destroyed(Instant at) {
        return new Instance(
                id,
                tenantId,
                name,
                type,
                cloudProvider,
                region,
                memory,
                connectionUrl,
                createdAt,
                operation,
                runningAt,
                at);
    }
}
