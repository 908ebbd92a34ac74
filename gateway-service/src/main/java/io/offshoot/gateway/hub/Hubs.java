package io.offshoot.gateway.hub;

import io.offshoot.gateway.credential.Credential;
import io.offshoot.gateway.credential.Credentials;
import io.offshoot.gateway.database.Database;
import io.offshoot.gateway.database.SchemaReady;
import io.quarkus.logging.Log;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** The hubs, and what each has decided for itself. Everything here is done in the caller's transaction. */
@Singleton
public class Hubs {

    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Database database;
    private final Credentials credentials;

    Hubs(Database database, Credentials credentials) {
        this.database = database;
        this.credentials = credentials;
    }

    /** Every configured credential has its hub; done as often as need be, for each time changes nothing more. */
    void addConfigured(@Observes SchemaReady ready) {
        database.<Void>change(connection -> {
                    for (Credential credential : credentials.configuredHubs().values()) {
                        add(connection, credential.hub(), credential.hub(), credential.id());
                    }
                    return null;
                })
                .onFailure()
                .retry()
                .withBackOff(AGAIN, AGAIN)
                .indefinitely()
                .subscribe()
                .with(done -> {}, failure -> Log.error("The configured hubs cannot be written down", failure));
    }

    /** Makes a hub, and says whether there was none of that id. @param by the id of a credential */
    public boolean add(Connection connection, String id, String name, String by) throws SQLException {
        try (var insert = connection.prepareStatement(
                "insert into hub (id, name, created_by) values (?, ?, ?) on conflict do nothing")) {
            insert.setString(1, id);
            insert.setString(2, name);
            insert.setString(3, by);
            return insert.executeUpdate() == 1;
        }
    }
}
