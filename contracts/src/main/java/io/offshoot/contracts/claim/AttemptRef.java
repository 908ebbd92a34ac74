package io.offshoot.contracts.claim;

import java.util.Objects;
import java.util.UUID;

/** Names one attempt of one step. */
public record AttemptRef(UUID deploymentId, String appId, String stepId, int attempt) {

    public AttemptRef {
        Objects.requireNonNull(deploymentId, "deploymentId");
        Objects.requireNonNull(appId, "appId");
        Objects.requireNonNull(stepId, "stepId");
    }
}
