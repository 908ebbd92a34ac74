package io.offshoot.gateway.deployment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.query.CreateDeployment;
import io.offshoot.contracts.query.DeploymentView;
import io.offshoot.gateway.body.JsonBody;
import io.offshoot.gateway.intent.Intents;
import io.offshoot.gateway.orchestrator.Orchestrator;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;

/** Creates deployments: the one place where what a client asks for becomes what the orchestrator is told. */
@Singleton
public class Registrations {

    private final Orchestrator orchestrator;
    private final Intents intents;

    Registrations(Orchestrator orchestrator, Intents intents) {
        this.orchestrator = orchestrator;
        this.intents = intents;
    }

    /**
     * @param sent the client's body
     * @param key the client's Idempotency-Key; null if it sent none
     */
    public Uni<Orchestrator.Created> create(String hub, ObjectNode sent, String key) {
        var asked = JsonBody.as(sent, NewDeployment.class);
        return signed(hub, sent, asked).chain(deployment -> orchestrator.create(hub, deployment, key));
    }

    /** Only says what would be made, or the problems. An intent is verified, and is not used up. */
    Uni<DeploymentView> dryRun(String hub, ObjectNode sent) {
        var asked = JsonBody.as(sent, NewDeployment.class);
        return signed(hub, sent, asked).chain(deployment -> orchestrator.dryRun(hub, deployment));
    }

    private Uni<CreateDeployment> signed(String hub, ObjectNode sent, NewDeployment asked) {
        return intents.of(hub, sent).map(intent -> asked.withoutSecrets().signed(intent.orElse(null)));
    }
}
