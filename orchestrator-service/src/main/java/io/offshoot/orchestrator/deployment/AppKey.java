package io.offshoot.orchestrator.deployment;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.util.UUID;

/** Names one app of a deployment. */
@Embeddable
public record AppKey(
        @Column(name = "deployment_id") UUID deploymentId,
        @Column(name = "app_id") String appId) {}
