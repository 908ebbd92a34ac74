package io.offshoot.orchestrator.deployment;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.util.UUID;

/** Names one step of one app of a deployment. */
@Embeddable
public record StepKey(
        @Column(name = "deployment_id") UUID deploymentId,
        @Column(name = "app_id") String appId,
        @Column(name = "step_id") String stepId) {}
