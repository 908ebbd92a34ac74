package io.offshoot.gateway.request;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.GatewayConfig;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * The requests that came with a key, one row each. A row is there before its message is published and says its id, so
 * that everybody who repeats the request, at whichever gateway, publishes the same message, or gets the same answer.
 * Times are the database's. Every call blocks; none takes longer than the connection's timeouts.
 */
@Singleton
class KeyedRequests {

    private static final TypeReference<Map<String, String>> HEADERS = new TypeReference<>() {};

    /**
     * What is to be done about a request.
     *
     * @param messageId the id to publish it with, now
     * @param answer the answer it has had already; null if it is to be published
     */
    record Standing(UUID messageId, Answer answer) {}

    private final DataSource database;
    private final Duration abandonedAfter;

    KeyedRequests(DataSource database, GatewayConfig config) {
        this.database = database;
        abandonedAfter = config.abandonedAfter();
    }

    /**
     * What is known of a key; empty if nothing is. A request without an answer that nobody is at work on is taken over
     * by the caller.
     *
     * @throws ProblemException if the key is another request's, or somebody is at work on this one
     */
    Optional<Standing> find(String hub, String key, String digest) throws SQLException {
        try (var connection = database.getConnection()) {
            return find(connection, hub, key, digest);
        }
    }

    /**
     * Writes a request down, to be published by the caller; as {@link #find} if it has been written down in the
     * meantime.
     */
    Standing begin(String hub, String key, Asked asked) throws SQLException {
        try (var connection = database.getConnection();
                var insert = connection.prepareStatement("""
                        insert into request (hub, key, digest, kind, message_id, taken_at)
                        values (?, ?, ?, ?, ?, now()) on conflict do nothing""")) {
            var id = Messages.newId();
            insert.setString(1, hub);
            insert.setString(2, key);
            insert.setString(3, asked.digest());
            insert.setString(4, asked.request().kind().name());
            insert.setObject(5, id);
            return insert.executeUpdate() == 1
                    ? new Standing(id, null)
                    : find(connection, hub, key, asked.digest()).orElseThrow(KeyedRequests::inProgress);
        }
    }

    /** Keeps the answer. Only the first one counts. */
    void answer(String hub, String key, Answer answer) throws SQLException {
        try (var connection = database.getConnection();
                var update = connection.prepareStatement("""
                        update request set answered_at = now(), status = ?, headers = ?, body = ?
                        where hub = ? and key = ? and answered_at is null""")) {
            update.setInt(1, answer.status());
            update.setString(2, Messages.json().writeValueAsString(answer.headers()));
            update.setString(3, answer.body());
            update.setString(4, hub);
            update.setString(5, key);
            update.executeUpdate();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Headers are always writable", e);
        }
    }

    /** Leaves a request that could not be confirmed: whoever repeats it need not wait until it counts as abandoned. */
    void leave(String hub, String key) throws SQLException {
        try (var connection = database.getConnection();
                var update = connection.prepareStatement(
                        "update request set taken_at = null where hub = ? and key = ? and answered_at is null")) {
            update.setString(1, hub);
            update.setString(2, key);
            update.executeUpdate();
        }
    }

    /** Forgets some of the requests that are older than this, and says how many. */
    int forget(Duration age, int most) throws SQLException {
        try (var connection = database.getConnection();
                var delete = connection.prepareStatement("""
                        delete from request where (hub, key) in (
                            select hub, key from request where created_at < now() - make_interval(secs => ?)
                            order by created_at limit ? for update skip locked)""")) {
            delete.setDouble(1, age.toSeconds());
            delete.setInt(2, most);
            return delete.executeUpdate();
        }
    }

    private Optional<Standing> find(Connection connection, String hub, String key, String digest) throws SQLException {
        try (var select = connection.prepareStatement("""
                select digest, message_id, status, headers, body from request where hub = ? and key = ?""")) {
            select.setString(1, hub);
            select.setString(2, key);
            try (var row = select.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                if (!row.getString("digest").equals(digest)) {
                    throw new ProblemException(
                            ProblemType.IDEMPOTENCY_KEY_REUSED, ProblemType.IDEMPOTENCY_KEY_REUSED.cause());
                }
                var answer = answer(row);
                if (answer == null && !take(connection, hub, key)) {
                    throw inProgress();
                }
                return Optional.of(new Standing(row.getObject("message_id", UUID.class), answer));
            }
        }
    }

    /** Of several callers one succeeds. */
    private boolean take(Connection connection, String hub, String key) throws SQLException {
        try (var update = connection.prepareStatement("""
                update request set taken_at = now()
                where hub = ? and key = ? and answered_at is null
                  and (taken_at is null or taken_at < now() - make_interval(secs => ?))""")) {
            update.setString(1, hub);
            update.setString(2, key);
            update.setDouble(3, abandonedAfter.toMillis() / 1_000d);
            return update.executeUpdate() == 1;
        }
    }

    private static Answer answer(ResultSet row) throws SQLException {
        var status = row.getObject("status", Integer.class);
        if (status == null) {
            return null;
        }
        try {
            return new Answer(
                    status, Messages.json().readValue(row.getString("headers"), HEADERS), row.getString("body"));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Kept headers are always readable", e);
        }
    }

    private static ProblemException inProgress() {
        return new ProblemException(ProblemType.REQUEST_IN_PROGRESS, ProblemType.REQUEST_IN_PROGRESS.cause());
    }
}
