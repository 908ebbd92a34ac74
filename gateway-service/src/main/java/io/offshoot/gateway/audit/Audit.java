package io.offshoot.gateway.audit;

import io.offshoot.gateway.credential.Caller;
import io.offshoot.gateway.database.Database;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/** Who did what, when, with which credential, from where. It only grows; nothing in it is a secret. */
@Singleton
public class Audit {

    /** How it ended. */
    public enum Outcome {
        DONE,
        REFUSED
    }

    /**
     * What is to be written down.
     *
     * @param hub whose owners see it; null for operators only
     * @param credential the id of the credential it was done with; what somebody claims to be if there was none
     * @param role null if there was no credential
     * @param action what was done, such as <code>api-key.create</code>
     * @param target what it was done to, by a name that is no secret; null if there is none
     */
    public record Entry(
            String hub,
            String credential,
            String role,
            String action,
            String target,
            Outcome outcome,
            String address,
            String traceId) {

        /** Something the caller did. Made on the request's own thread, before anything is handed to another. */
        public static Entry of(Caller caller, String hub, String action, String target) {
            return new Entry(
                    hub,
                    caller.credential().id(),
                    caller.credential().role().name(),
                    action,
                    target,
                    Outcome.DONE,
                    caller.address(),
                    caller.trace().traceId());
        }

        /** Something that somebody without a credential did, or tried to. @param who what it claims to be */
        public static Entry ofAnybody(
                Caller caller, String who, String hub, String action, String target, Outcome outcome) {
            return new Entry(
                    hub,
                    who,
                    "NONE",
                    action,
                    target,
                    outcome,
                    caller.address(),
                    caller.trace().traceId());
        }

        /** The same, of something that only became known when it was done. */
        public Entry on(String target) {
            return new Entry(hub, credential, role, action, target, outcome, address, traceId);
        }

        /** The same, but it was not allowed. */
        public Entry refused() {
            return new Entry(hub, credential, role, action, target, Outcome.REFUSED, address, traceId);
        }
    }

    record Written(
            long id,
            Instant at,
            String hub,
            String credential,
            String role,
            String action,
            String target,
            String outcome,
            String address,
            String traceId) {}

    private final Database database;

    Audit(Database database) {
        this.database = database;
    }

    /** Writes it down in the transaction of what was done: there is neither without the other. */
    public void record(Connection connection, Entry entry) throws SQLException {
        try (var insert = connection.prepareStatement("""
                insert into audit (hub, credential, role, action, target, outcome, address, trace_id)
                values (?, ?, ?, ?, ?, ?, ?, ?)""")) {
            insert.setString(1, entry.hub());
            insert.setString(2, entry.credential());
            insert.setString(3, entry.role());
            insert.setString(4, entry.action());
            insert.setString(5, entry.target());
            insert.setString(6, entry.outcome().name());
            insert.setString(7, entry.address());
            insert.setString(8, entry.traceId());
            insert.executeUpdate();
        }
    }

    /** Writes it down for itself. */
    public Uni<Void> record(Entry entry) {
        return database.ask(connection -> {
            record(connection, entry);
            return null;
        });
    }

    /** The newest first. @param hub null for all @param before only what is older than this entry */
    List<Written> read(Connection connection, String hub, long before, int most) throws SQLException {
        try (var select = connection.prepareStatement("""
                select id, at, hub, credential, role, action, target, outcome, address, trace_id from audit
                where id < ? and (?::text is null or hub = ?) order by id desc limit ?""")) {
            select.setLong(1, before);
            select.setString(2, hub);
            select.setString(3, hub);
            select.setInt(4, most);
            var entries = new ArrayList<Written>();
            try (var row = select.executeQuery()) {
                while (row.next()) {
                    entries.add(new Written(
                            row.getLong("id"),
                            row.getObject("at", OffsetDateTime.class).toInstant(),
                            row.getString("hub"),
                            row.getString("credential"),
                            row.getString("role"),
                            row.getString("action"),
                            row.getString("target"),
                            row.getString("outcome"),
                            row.getString("address"),
                            row.getString("trace_id")));
                }
            }
            return entries;
        }
    }
}
