package io.offshoot.gateway.webhook;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The webhooks that hubs have registered. Times are the database's. */
@Singleton
class Webhooks {

    private static final String COLUMNS = """
            select id, url, description, events, deployment_id, state, reason, failing_since, created_at, created_by
            from webhook
            """;

    private final Duration overlap;
    private final int perHub;

    Webhooks(WebhooksConfig config) {
        overlap = config.secretsOverlap();
        perHub = config.perHub();
    }

    List<Webhook> all(Connection connection, String hub) throws SQLException {
        try (var select = connection.prepareStatement(COLUMNS + "where hub = ? order by id")) {
            select.setString(1, hub);
            return read(select);
        }
    }

    /** @throws ProblemException if the hub has no such webhook */
    Webhook one(Connection connection, String hub, UUID id) throws SQLException {
        try (var select = connection.prepareStatement(COLUMNS + "where hub = ? and id = ?")) {
            select.setString(1, hub);
            select.setObject(2, id);
            return read(select).stream().findFirst().orElseThrow(Webhooks::unknown);
        }
    }

    /** The same, and nobody changes it until the transaction ends. */
    Webhook locked(Connection connection, String hub, UUID id) throws SQLException {
        try (var select = connection.prepareStatement(COLUMNS + "where hub = ? and id = ? for update")) {
            select.setString(1, hub);
            select.setObject(2, id);
            return read(select).stream().findFirst().orElseThrow(Webhooks::unknown);
        }
    }

    /** @param secret as it is kept */
    void insert(
            Connection connection,
            String hub,
            UUID id,
            WebhookResource.NewWebhook wanted,
            UUID deployment,
            byte[] secret,
            String by)
            throws SQLException {
        // One at a time for each hub, or two at once could both be the last that it may have.
        try (var lock = connection.prepareStatement("select pg_advisory_xact_lock(hashtext('webhook ' || ?))")) {
            lock.setString(1, hub);
            lock.execute();
        }
        if (all(connection, hub).size() >= perHub) {
            throw new ProblemException(ProblemType.TOO_MANY_WEBHOOKS, "A hub may have %d webhooks.".formatted(perHub));
        }
        try (var insert = connection.prepareStatement("""
                insert into webhook (id, hub, url, description, events, deployment_id, secret, created_by)
                values (?, ?, ?, ?, ?, ?, ?, ?)""")) {
            insert.setObject(1, id);
            insert.setString(2, hub);
            insert.setString(3, wanted.url());
            insert.setString(4, wanted.description());
            insert.setArray(5, array(connection, wanted.events()));
            insert.setObject(6, deployment);
            insert.setBytes(7, secret);
            insert.setString(8, by);
            insert.executeUpdate();
        }
    }

    /** Writes down what may change; who resumes a disabled one begins anew. */
    void update(Connection connection, Webhook changed) throws SQLException {
        try (var update = connection.prepareStatement("""
                update webhook set url = ?, description = ?, events = ?, state = ?, changed_at = now(),
                    reason = case when ? = 'DISABLED' then reason end,
                    failing_since = case when state = 'DISABLED' and ? = 'ACTIVE' then null else failing_since end
                where id = ?""")) {
            update.setString(1, changed.url());
            update.setString(2, changed.description());
            update.setArray(3, array(connection, changed.events()));
            update.setString(4, changed.state().name());
            update.setString(5, changed.state().name());
            update.setString(6, changed.state().name());
            update.setObject(7, changed.id());
            update.executeUpdate();
        }
    }

    /** @param secret the new one, as it is kept; the one before goes on signing for a while */
    void rotate(Connection connection, UUID id, byte[] secret) throws SQLException {
        try (var update = connection.prepareStatement("""
                update webhook set previous_secret = secret, previous_until = now() + make_interval(secs => ?),
                    secret = ?, changed_at = now() where id = ?""")) {
            update.setDouble(1, overlap.toSeconds());
            update.setBytes(2, secret);
            update.setObject(3, id);
            update.executeUpdate();
        }
    }

    /** With all that was to be delivered. */
    void delete(Connection connection, String hub, UUID id) throws SQLException {
        try (var delete = connection.prepareStatement("delete from webhook where hub = ? and id = ?")) {
            delete.setString(1, hub);
            delete.setObject(2, id);
            if (delete.executeUpdate() == 0) {
                throw unknown();
            }
        }
    }

    private static List<Webhook> read(PreparedStatement select) throws SQLException {
        var found = new ArrayList<Webhook>();
        try (var row = select.executeQuery()) {
            while (row.next()) {
                found.add(new Webhook(
                        row.getObject("id", UUID.class),
                        row.getString("url"),
                        row.getString("description"),
                        texts(row, "events"),
                        row.getObject("deployment_id", UUID.class),
                        WebhookState.valueOf(row.getString("state")),
                        row.getString("reason"),
                        instant(row, "failing_since"),
                        instant(row, "created_at"),
                        row.getString("created_by"),
                        null));
            }
        }
        return found;
    }

    private static java.sql.Array array(Connection connection, List<String> texts) throws SQLException {
        return texts == null ? null : connection.createArrayOf("text", texts.toArray());
    }

    private static List<String> texts(ResultSet row, String column) throws SQLException {
        var array = row.getArray(column);
        return array == null ? null : List.of((String[]) array.getArray());
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
                .map(OffsetDateTime::toInstant)
                .orElse(null);
    }

    private static ProblemException unknown() {
        return new ProblemException(ProblemType.UNKNOWN_WEBHOOK, ProblemType.UNKNOWN_WEBHOOK.cause());
    }
}
