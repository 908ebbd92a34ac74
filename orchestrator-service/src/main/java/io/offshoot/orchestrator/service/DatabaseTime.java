package io.offshoot.orchestrator.service;

import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.hibernate.Session;

/**
 * The database's clock, read over the transaction's connection. Not as a native query: Hibernate keeps a plan for each
 * typed one, does not know it again, and looks through more and more of them.
 */
public final class DatabaseTime {

    private DatabaseTime() {}

    public static Instant now(EntityManager entities) {
        return entities.unwrap(Session.class).doReturningWork(connection -> {
            try (var statement = connection.prepareStatement("select clock_timestamp()");
                    var row = statement.executeQuery()) {
                row.next();
                return row.getObject(1, OffsetDateTime.class).toInstant();
            }
        });
    }
}
