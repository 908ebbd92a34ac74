package io.offshoot.orchestrator.tenancy;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import org.hibernate.Session;

/**
 * Keeps hubs apart where a query forgets to. The service logs in as a role that works for all hubs; a transaction that
 * reads for one becomes, with its first statement, a role that reads that hub's rows only and writes nothing. Both the
 * role and the hub end with the transaction, so the connection that goes back to the pool has neither.
 */
@ApplicationScoped
public class Tenancy {

    private static final String ONLY =
            "select set_config('role', 'orchestrator_query', true), set_config('app.hub', ?, true)";

    private final EntityManager entities;

    Tenancy(EntityManager entities) {
        this.entities = entities;
    }

    /**
     * From here to the end of the transaction there is nothing but what is this hub's, and nothing can be written.
     *
     * @throws jakarta.transaction.TransactionalException if there is no transaction: it would end with this statement
     */
    @Transactional(Transactional.TxType.MANDATORY)
    public void only(String hub) {
        entities.unwrap(Session.class).doWork(connection -> {
            try (var statement = connection.prepareStatement(ONLY)) {
                statement.setString(1, hub);
                statement.execute();
            }
        });
    }
}
