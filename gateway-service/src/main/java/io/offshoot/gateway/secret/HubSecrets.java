package io.offshoot.gateway.secret;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.secret.Sealed;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/** The rows of hubs' secrets, sealed, each call in its caller's transaction. Times are the database's. */
final class HubSecrets {

    private static final TypeReference<List<Sealed>> COPIES = new TypeReference<>() {};

    private HubSecrets() {}

    static List<StoredSecret> all(Connection connection, String hub) throws SQLException {
        try (var select = connection.prepareStatement("""
                select name, scope, version, copies, set_at, set_by from secret
                where hub = ? and copies is not null order by name""")) {
            select.setString(1, hub);
            return read(select.executeQuery());
        }
    }

    /** By name; what the hub does not have is not there. */
    static Map<String, StoredSecret> named(Connection connection, String hub, Collection<String> names)
            throws SQLException {
        var found = new HashMap<String, StoredSecret>();
        if (names.isEmpty()) {
            return found;
        }
        try (var select = connection.prepareStatement("""
                select name, scope, version, copies, set_at, set_by from secret
                where hub = ? and name = any (?) and copies is not null""")) {
            select.setString(1, hub);
            select.setArray(2, connection.createArrayOf("text", names.toArray()));
            read(select.executeQuery()).forEach(secret -> found.put(secret.name(), secret));
            return found;
        }
    }

    /**
     * Sets it anew, in the next version. Of two at the same time both are taken, one after the other.
     *
     * @param scope what it is sealed in
     * @param sealed closes it for that version
     */
    static StoredSecret set(
            Connection connection, String hub, String name, String by, String scope, LongFunction<List<Sealed>> sealed)
            throws SQLException {
        long version;
        try (var next = connection.prepareStatement("""
                insert into secret (hub, name, version, set_by, scope) values (?, ?, 1, ?, ?)
                on conflict (hub, name) do update set version = secret.version + 1, set_by = excluded.set_by,
                    scope = excluded.scope, set_at = now()
                returning version""")) {
            next.setString(1, hub);
            next.setString(2, name);
            next.setString(3, by);
            next.setString(4, scope);
            var row = next.executeQuery();
            row.next();
            version = row.getLong(1);
        }
        try (var keep = connection.prepareStatement("""
                update secret set copies = ? where hub = ? and name = ?
                returning name, scope, version, copies, set_at, set_by""")) {
            keep.setString(1, write(sealed.apply(version)));
            keep.setString(2, hub);
            keep.setString(3, name);
            return read(keep.executeQuery()).get(0);
        }
    }

    /** Whether there was one. Deployments that have taken it along keep it. */
    static boolean delete(Connection connection, String hub, String name) throws SQLException {
        try (var delete = connection.prepareStatement(
                "update secret set copies = null where hub = ? and name = ? and copies is not null")) {
            delete.setString(1, hub);
            delete.setString(2, name);
            return delete.executeUpdate() == 1;
        }
    }

    private static List<StoredSecret> read(ResultSet rows) throws SQLException {
        var secrets = new ArrayList<StoredSecret>();
        while (rows.next()) {
            secrets.add(new StoredSecret(
                    rows.getString(1),
                    rows.getString(2),
                    rows.getLong(3),
                    read(rows.getString(4)),
                    rows.getObject(5, OffsetDateTime.class).toInstant(),
                    rows.getString(6)));
        }
        return secrets;
    }

    private static List<Sealed> read(String copies) {
        try {
            return Messages.json().readValue(copies, COPIES);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("What was written can be read", e);
        }
    }

    private static String write(List<Sealed> copies) {
        try {
            return Messages.json().writeValueAsString(copies);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Copies can be written", e);
        }
    }
}
