package io.offshoot.gateway.hub;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.credential.Credential;
import io.offshoot.gateway.credential.Credentials;
import io.offshoot.gateway.credential.Permission;
import io.offshoot.gateway.database.Database;
import io.offshoot.gateway.database.SchemaReady;
import io.quarkus.logging.Log;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

    /** @throws ProblemException as <code>unknown-hub</code> */
    public IntentPolicy policy(Connection connection, String hub) throws SQLException {
        return one(connection, hub, "").intents();
    }

    /** Holds the hub until the transaction ends: of two changes of who may do what, the second sees the first. */
    Hub hold(Connection connection, String hub) throws SQLException {
        return one(connection, hub, " for update");
    }

    Hub one(Connection connection, String hub) throws SQLException {
        return one(connection, hub, "");
    }

    /** Ordered by id. @param hub the only one; null for all @param after only those behind it */
    List<Hub> all(Connection connection, String hub, String after, int most) throws SQLException {
        try (var select = connection.prepareStatement("""
                select id, name, intents, created_at, created_by from hub
                where id > ? and (?::text is null or id = ?) order by id limit ?""")) {
            select.setString(1, after);
            select.setString(2, hub);
            select.setString(3, hub);
            select.setInt(4, most);
            var hubs = new ArrayList<Hub>();
            try (var row = select.executeQuery()) {
                while (row.next()) {
                    hubs.add(hub(row));
                }
            }
            return hubs;
        }
    }

    void decide(Connection connection, String hub, IntentPolicy intents) throws SQLException {
        try (var update = connection.prepareStatement("update hub set intents = ? where id = ?")) {
            update.setString(1, intents.name());
            update.setString(2, hub);
            update.executeUpdate();
        }
    }

    /**
     * Where every deployment must be signed, an API key must not let in somebody who could sign, or take the rule back:
     * else a stolen one could deploy after all.
     *
     * @throws ProblemException as <code>sign-in-needed</code>
     */
    public static void demandSignIn(Credential by, IntentPolicy policy) {
        if (policy == IntentPolicy.REQUIRED && by.subject() == null && !by.may(Permission.OPERATE)) {
            throw new ProblemException(ProblemType.SIGN_IN_NEEDED, ProblemType.SIGN_IN_NEEDED.cause());
        }
    }

    private static Hub one(Connection connection, String id, String lock) throws SQLException {
        return find(connection, id, lock)
                .orElseThrow(() -> new ProblemException(ProblemType.UNKNOWN_HUB, ProblemType.UNKNOWN_HUB.cause()));
    }

    private static Optional<Hub> find(Connection connection, String id, String lock) throws SQLException {
        try (var select = connection.prepareStatement(
                "select id, name, intents, created_at, created_by from hub where id = ?" + lock)) {
            select.setString(1, id);
            try (var row = select.executeQuery()) {
                return row.next() ? Optional.of(hub(row)) : Optional.empty();
            }
        }
    }

    private static Hub hub(ResultSet row) throws SQLException {
        return new Hub(
                row.getString("id"),
                row.getString("name"),
                IntentPolicy.valueOf(row.getString("intents")),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getString("created_by"));
    }
}
