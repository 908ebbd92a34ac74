package io.offshoot.orchestrator.deployment;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.util.UUID;

/** Names one attempt of one step. */
@Embeddable
public record AttemptKey(
        @Column(name = "deployment_id") UUID deploymentId,
        @Column(name = "app_id") String appId,
        @Column(name = "step_id") String stepId,
        @Column(name = "number") int number) {

    public StepKey step() {
        return new StepKey(deploymentId, appId, stepId);
    }
}
