package io.offshoot.gateway.deployment;

import io.offshoot.contracts.query.DeploymentView;
import io.offshoot.gateway.orchestrator.Orchestrator;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;

/** Creates deployments: the one place where what a client asks for becomes what the orchestrator is told. */
@Singleton
public class Registrations {

    private final Orchestrator orchestrator;

    Registrations(Orchestrator orchestrator) {
        this.orchestrator = orchestrator;
    }

    /** @param key the client's Idempotency-Key; null if it sent none */
    public Uni<Orchestrator.Created> create(String hub, NewDeployment asked, String key) {
        return orchestrator.create(hub, asked.withoutSecrets(), key);
    }

    /** Only says what would be made, or the problems. */
    Uni<DeploymentView> dryRun(String hub, NewDeployment asked) {
        return orchestrator.dryRun(hub, asked.withoutSecrets());
    }
}
