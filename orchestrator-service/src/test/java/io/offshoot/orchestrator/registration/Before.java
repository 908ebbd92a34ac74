package io.offshoot.orchestrator.registration;

import io.offshoot.contracts.query.CreateDeployment;
import io.offshoot.workflows.Workflow;
import io.offshoot.workflows.Workflows;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.UUID;

/** The registration of a replica of before an upgrade, on the same database. */
@ApplicationScoped
public class Before {

    private final Schemas schemas;
    private final EntityManager entities;

    Before(Schemas schemas, EntityManager entities) {
        this.schemas = schemas;
        this.entities = entities;
    }

    /** Creates a deployment where nothing is known but that definition. */
    public UUID create(Workflow only, CreateDeployment asked) {
        var registration = new Registration(new Workflows(List.of(only)), schemas, entities);
        return QuarkusTransaction.requiringNew()
                .call(() -> registration.register("hub-a", null, asked).id());
    }
}
