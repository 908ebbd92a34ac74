package io.offshoot.gateway.key;

import io.offshoot.gateway.database.Database;
import io.offshoot.proof.key.VerifyingKey;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The keys of hubs, those of the past among them. The history only grows: the database itself lets a key be retired once
 * and revoked once, and nothing else be changed. What takes a connection is done in the caller's transaction; the rest
 * fails as <code>unavailable</code> while the database is away.
 */
@Singleton
public class HubKeys {

    private static final String COLUMNS =
            "select hub, public_key, name, predecessor, added_at, added_by, retired_at, revoked_at from hub_key ";

    private final Database database;

    HubKeys(Database database) {
        this.database = database;
    }

    /** The key, if what it signs now counts: it is the hub's, and neither retired nor revoked. */
    public Uni<Optional<HubKey>> valid(String hub, String kid) {
        return find(hub, kid).map(found -> found.filter(HubKey::isValid));
    }

    /** The key, whatever became of it. */
    public Uni<Optional<HubKey>> find(String hub, String kid) {
        return database.ask(connection -> find(connection, hub, kid));
    }

    /** The whole history, the oldest first; empty for a hub that has no keys, and for none. */
    public Uni<List<HubKey>> all(String hub) {
        return database.ask(connection -> all(connection, hub));
    }

    public Optional<HubKey> find(Connection connection, String hub, String kid) throws SQLException {
        return query(connection, "where hub = ? and kid = ?", hub, kid).stream().findFirst();
    }

    public List<HubKey> all(Connection connection, String hub) throws SQLException {
        return query(connection, "where hub = ? order by added_at, kid", hub);
    }

    /** The key, if what it signs now counts; until the transaction's end nobody else retires or revokes it. */
    public Optional<HubKey> holdValid(Connection connection, String hub, String kid) throws SQLException {
        return query(connection, "where hub = ? and kid = ? for share", hub, kid).stream()
                .filter(HubKey::isValid)
                .findFirst();
    }

    /** The key, for a change; until the transaction's end it is nobody else's. */
    Optional<HubKey> hold(Connection connection, String hub, String kid) throws SQLException {
        return query(connection, "where hub = ? and kid = ? for update", hub, kid).stream()
                .findFirst();
    }

    /** Whether it was new. */
    boolean add(Connection connection, String hub, VerifyingKey key, String name, String predecessor, String by)
            throws SQLException {
        try (var insert = connection.prepareStatement("""
                insert into hub_key (hub, kid, public_key, name, predecessor, added_by)
                values (?, ?, ?, ?, ?, ?) on conflict do nothing""")) {
            insert.setString(1, hub);
            insert.setString(2, key.id());
            insert.setBytes(3, key.bytes());
            insert.setString(4, name);
            insert.setString(5, predecessor);
            insert.setString(6, by);
            return insert.executeUpdate() == 1;
        }
    }

    void retire(Connection connection, String hub, String kid) throws SQLException {
        end(
                connection,
                "update hub_key set retired_at = now() where hub = ? and kid = ? and retired_at is null",
                hub,
                kid);
    }

    void revoke(Connection connection, String hub, String kid) throws SQLException {
        end(
                connection,
                "update hub_key set revoked_at = now() where hub = ? and kid = ? and revoked_at is null",
                hub,
                kid);
    }

    private static void end(Connection connection, String sql, String hub, String kid) throws SQLException {
        try (var update = connection.prepareStatement(sql)) {
            update.setString(1, hub);
            update.setString(2, kid);
            update.executeUpdate();
        }
    }

    private static List<HubKey> query(Connection connection, String condition, String... values) throws SQLException {
        try (var select = connection.prepareStatement(COLUMNS + condition)) {
            for (int i = 0; i < values.length; i++) {
                select.setString(i + 1, values[i]);
            }
            try (var rows = select.executeQuery()) {
                var keys = new ArrayList<HubKey>();
                while (rows.next()) {
                    keys.add(key(rows));
                }
                return List.copyOf(keys);
            }
        }
    }

    private static HubKey key(ResultSet row) throws SQLException {
        return new HubKey(
                row.getString("hub"),
                VerifyingKey.of(row.getBytes("public_key")),
                row.getString("name"),
                row.getString("predecessor"),
                instant(row, "added_at"),
                row.getString("added_by"),
                instant(row, "retired_at"),
                instant(row, "revoked_at"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
