package io.offshoot.gateway.webhook;

import static io.offshoot.gateway.webhook.Webhooks.instant;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.audit.Audit;
import jakarta.inject.Singleton;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/**
 * What is to be sent, one row for each event and webhook, so that an event that arrives twice is sent once. Who sends
 * takes a lease; the times are the database's.
 */
@Singleton
class Deliveries {

    /** Whom the audit names when no caller did it. */
    private static final String GATEWAY = "gateway";

    private static final int GONE = 410;

    /** An event as it came from the topic. */
    record Occurrence(UUID id, String hub, UUID deployment, String event, byte[] body) {}

    /**
     * A delivery to try now.
     *
     * @param secrets as they are kept, the newest first
     * @param tries how many there were
     */
    record Due(UUID webhook, UUID event, String url, List<byte[]> secrets, byte[] body, int tries) {}

    private final Audit audit;
    private final WebhooksConfig config;
    private final Retries retries;

    Deliveries(Audit audit, WebhooksConfig config) {
        this.audit = audit;
        this.config = config;
        retries = new Retries(config.schedule());
    }

    /** Writes down what is to be sent of these events. A second time changes nothing. */
    int add(Connection connection, List<Occurrence> events) throws SQLException {
        if (events.isEmpty()) {
            return 0;
        }
        // The lock keeps a webhook from being paused or resumed meanwhile: nothing is held that should be sent.
        try (var insert = connection.prepareStatement("""
                insert into delivery (webhook, event_id, event, deployment_id, body, state, due_at)
                select webhook.id, one.id, one.event, one.deployment_id, one.body,
                       case state when 'ACTIVE' then 'PENDING' else 'HELD' end,
                       case state when 'ACTIVE' then now() end
                from unnest(?, ?, ?, ?, ?) as one (id, event, deployment_id, body, hub)
                join webhook on webhook.hub = one.hub
                where state <> 'DISABLED' and (webhook.deployment_id is null or webhook.deployment_id = one.deployment_id)
                  and (events is null or one.event = any (events))
                order by webhook.id for share of webhook
                on conflict do nothing""")) {
            insert.setArray(1, array(connection, "uuid", events, Occurrence::id));
            insert.setArray(2, array(connection, "text", events, Occurrence::event));
            insert.setArray(3, array(connection, "uuid", events, Occurrence::deployment));
            insert.setArray(
                    4,
                    connection.createArrayOf(
                            "bytea", events.stream().map(Occurrence::body).toArray(byte[][]::new)));
            insert.setArray(5, array(connection, "text", events, Occurrence::hub));
            return insert.executeUpdate();
        }
    }

    private static Array array(
            Connection connection, String type, List<Occurrence> events, Function<Occurrence, ?> member)
            throws SQLException {
        return connection.createArrayOf(type, events.stream().map(member).toArray());
    }

    /** One that is tried once, now. */
    void addTest(Connection connection, UUID webhook, UUID event, byte[] body) throws SQLException {
        try (var insert = connection.prepareStatement("""
                insert into delivery (webhook, event_id, event, body, state, tries, due_at)
                values (?, ?, 'test', ?, 'PENDING', ?, now())""")) {
            insert.setObject(1, webhook);
            insert.setObject(2, event);
            insert.setBytes(3, body);
            insert.setInt(4, config.schedule().size() - 1);
            insert.executeUpdate();
        }
    }

    /**
     * Takes deliveries that are due, the longest waiting first, for as long as a try takes and more. Of one webhook only
     * so many are under way at once, so that a slow receiver holds up none but itself.
     */
    List<Due> claim(Connection connection, int most) throws SQLException {
        try (var update = connection.prepareStatement("""
                with chosen as (
                    select due.webhook, due.event_id, hook.url, hook.secret,
                           case when hook.previous_until > now() then hook.previous_secret end as previous
                    from webhook as hook
                    cross join lateral (
                        select webhook, event_id, due_at from delivery
                        where webhook = hook.id and due_at <= now() and (lease_until is null or lease_until < now())
                        order by due_at
                        limit greatest(0, ? - (select count(*) from delivery as taken
                            where taken.webhook = hook.id and taken.due_at is not null and taken.lease_until >= now()))
                        for update skip locked) as due
                    where hook.state = 'ACTIVE'
                      and hook.id in (select webhook from delivery where due_at <= now())
                    order by due.due_at limit ?)
                update delivery set lease_until = now() + make_interval(secs => ?)
                from chosen where delivery.webhook = chosen.webhook and delivery.event_id = chosen.event_id
                returning delivery.webhook, delivery.event_id, chosen.url, chosen.secret, chosen.previous,
                    delivery.body, delivery.tries""")) {
            update.setInt(1, config.atOnceToOne());
            update.setInt(2, most);
            update.setDouble(3, config.within().multipliedBy(2).plusSeconds(30).toSeconds());
            var due = new ArrayList<Due>();
            try (var row = update.executeQuery()) {
                while (row.next()) {
                    var secrets = new ArrayList<byte[]>();
                    secrets.add(row.getBytes("secret"));
                    if (row.getBytes("previous") != null) {
                        secrets.add(row.getBytes("previous"));
                    }
                    due.add(new Due(
                            row.getObject("webhook", UUID.class),
                            row.getObject("event_id", UUID.class),
                            row.getString("url"),
                            secrets,
                            row.getBytes("body"),
                            row.getInt("tries")));
                }
            }
            return due;
        }
    }

    /**
     * Writes down what became of a try, and what follows. A delivery that is gone meanwhile is let go.
     *
     * @param random from 0 to 1
     */
    void tried(Connection connection, Due due, Poster.Result result, Duration took, double random) throws SQLException {
        // The webhook first, as everybody who locks both: intake holds it while it looks whether an event is there.
        try (var lock = connection.prepareStatement("select 1 from webhook where id = ? for no key update")) {
            lock.setObject(1, due.webhook());
            lock.execute();
        }
        var next = result.isDelivered()
                ? null
                : retries.after(due.tries() + 1, random).orElse(null);
        try (var update = connection.prepareStatement("""
                update delivery set tries = ?, lease_until = null,
                    state = case when ? then 'DELIVERED' when ? then state else 'FAILED' end,
                    due_at = case when ? and state = 'PENDING' then now() + make_interval(secs => ?) end
                where webhook = ? and event_id = ?""")) {
            update.setInt(1, due.tries() + 1);
            update.setBoolean(2, result.isDelivered());
            update.setBoolean(3, next != null);
            update.setBoolean(4, next != null);
            update.setDouble(5, next == null ? 0 : next.toMillis() / 1_000d);
            update.setObject(6, due.webhook());
            update.setObject(7, due.event());
            if (update.executeUpdate() == 0) {
                return;
            }
        }
        try (var insert = connection.prepareStatement("""
                insert into delivery_attempt (webhook, event_id, number, at, duration_ms, status, failure)
                select ?, ?, 1 + coalesce(max(number), 0), now() - make_interval(secs => ?), ?, ?, ?
                from delivery_attempt where webhook = ? and event_id = ?""")) {
            insert.setObject(1, due.webhook());
            insert.setObject(2, due.event());
            insert.setDouble(3, took.toMillis() / 1_000d);
            insert.setInt(4, (int) took.toMillis());
            insert.setObject(5, result.status());
            insert.setString(6, result.failure());
            insert.setObject(7, due.webhook());
            insert.setObject(8, due.event());
            insert.executeUpdate();
        }
        note(connection, due.webhook(), result);
    }

    private void note(Connection connection, UUID webhook, Poster.Result result) throws SQLException {
        try (var update = connection.prepareStatement(
                result.isDelivered()
                        ? "update webhook set failing_since = null where id = ? and failing_since is not null"
                        : "update webhook set failing_since = now() where id = ? and failing_since is null")) {
            update.setObject(1, webhook);
            update.executeUpdate();
        }
        if (result.isDelivered()) {
            return;
        }
        var gone = result.status() != null && result.status() == GONE;
        try (var update = connection.prepareStatement("""
                update webhook set state = 'DISABLED', reason = ?, changed_at = now()
                where id = ? and state <> 'DISABLED' and (? or failing_since <= now() - make_interval(secs => ?))
                returning hub""")) {
            update.setString(1, gone ? "gone" : "failing");
            update.setObject(2, webhook);
            update.setBoolean(3, gone);
            update.setDouble(4, config.disableAfter().toSeconds());
            var row = update.executeQuery();
            if (row.next()) {
                drop(connection, webhook);
                audit.record(
                        connection,
                        new Audit.Entry(
                                row.getString("hub"),
                                GATEWAY,
                                "NONE",
                                "webhook.disable",
                                webhook.toString(),
                                Audit.Outcome.DONE,
                                null,
                                null));
            }
        }
    }

    private static void drop(Connection connection, UUID webhook) throws SQLException {
        try (var update = connection.prepareStatement("""
                update delivery set state = 'FAILED', due_at = null
                where webhook = ? and state in ('PENDING', 'HELD')""")) {
            update.setObject(1, webhook);
            update.executeUpdate();
        }
    }

    /** Holds what is to be sent, or lets go what was held. */
    void hold(Connection connection, UUID webhook, boolean held) throws SQLException {
        try (var update = connection.prepareStatement(
                held
                        ? "update delivery set state = 'HELD', due_at = null where webhook = ? and state = 'PENDING'"
                        : "update delivery set state = 'PENDING', due_at = now() where webhook = ? and state = 'HELD'")) {
            update.setObject(1, webhook);
            update.executeUpdate();
        }
    }

    /** Has it sent again, now, and as often as a new one. @throws ProblemException if there is no such delivery */
    void again(Connection connection, UUID webhook, UUID event) throws SQLException {
        try (var update = connection.prepareStatement("""
                update delivery set state = 'PENDING', tries = 0, due_at = now(), lease_until = null
                where webhook = ? and event_id = ?""")) {
            update.setObject(1, webhook);
            update.setObject(2, event);
            if (update.executeUpdate() == 0) {
                throw new ProblemException(ProblemType.UNKNOWN_DELIVERY, ProblemType.UNKNOWN_DELIVERY.cause());
            }
        }
    }

    /** The newest first. @param before only events older than this; null for all */
    List<Delivery> page(Connection connection, UUID webhook, UUID before, int most) throws SQLException {
        var attempts = new HashMap<UUID, List<Delivery.Attempt>>();
        var found = new ArrayList<Delivery>();
        try (var select = connection.prepareStatement("""
                select event_id, event, deployment_id, state, created_at, due_at from delivery
                where webhook = ? and (?::uuid is null or event_id < ?) order by event_id desc limit ?""")) {
            select.setObject(1, webhook);
            select.setObject(2, before);
            select.setObject(3, before);
            select.setInt(4, most);
            try (var row = select.executeQuery()) {
                while (row.next()) {
                    found.add(new Delivery(
                            row.getObject("event_id", UUID.class),
                            row.getString("event"),
                            row.getObject("deployment_id", UUID.class),
                            DeliveryState.valueOf(row.getString("state")),
                            instant(row, "created_at"),
                            instant(row, "due_at"),
                            List.of()));
                }
            }
        }
        read(connection, webhook, found, attempts);
        return found.stream()
                .map(delivery -> delivery.with(attempts.getOrDefault(delivery.id(), List.of())))
                .toList();
    }

    private static void read(
            Connection connection, UUID webhook, List<Delivery> of, Map<UUID, List<Delivery.Attempt>> attempts)
            throws SQLException {
        try (var select = connection.prepareStatement("""
                select event_id, at, duration_ms, status, failure from delivery_attempt
                where webhook = ? and event_id = any (?) order by event_id, number""")) {
            select.setObject(1, webhook);
            select.setArray(
                    2,
                    connection.createArrayOf(
                            "uuid", of.stream().map(Delivery::id).toArray()));
            try (var row = select.executeQuery()) {
                while (row.next()) {
                    attempts.computeIfAbsent(row.getObject("event_id", UUID.class), none -> new ArrayList<>())
                            .add(new Delivery.Attempt(
                                    instant(row, "at"),
                                    row.getLong("duration_ms"),
                                    row.getObject("status", Integer.class),
                                    row.getString("failure")));
                }
            }
        }
    }

    /** Forgets some that are old, and says how many. What is still to be tried is not old. */
    int forget(Connection connection, int most) throws SQLException {
        try (var delete = connection.prepareStatement("""
                delete from delivery where (webhook, event_id) in (
                    select webhook, event_id from delivery
                    where created_at < now() - make_interval(secs => ?) and due_at is null
                    order by created_at limit ? for update skip locked)""")) {
            delete.setDouble(1, config.deliveriesKept().toSeconds());
            delete.setInt(2, most);
            return delete.executeUpdate();
        }
    }
}
