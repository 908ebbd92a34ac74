package io.offshoot.localstack.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.Topics;
import io.offshoot.localstack.stack.LocalStack;
import io.offshoot.proof.chain.EventChain;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What must be true of the orchestrator's database and of the topic of events once nothing moves any more: the
 * invariants that rows and records can show. Each finding is a sentence.
 */
final class Checks {

    private static final Duration OUTBOX_PATIENCE = Duration.ofSeconds(30);
    private static final Duration OUTBOX_PAUSE = Duration.ofMillis(200);
    private static final int SHOWN = 5;

    /** Each finds rows that must not be: the first column says where. */
    private static final Map<String, String> FORBIDDEN = new TreeMap<>(Map.ofEntries(
            Map.entry("the event log has a gap or a repeat", """
                    select d.id::text from deployment d left join event e on e.deployment_id = d.id
                    group by d.id, d.seq
                    having count(e.seq) <> d.seq or d.seq > 0 and (min(e.seq) <> 1 or max(e.seq) <> d.seq)"""),
            Map.entry("a message has not left the outbox", "select topic || ' ' || id from outbox"),
            Map.entry("a step has more than one live attempt", """
                    select deployment_id || '/' || app_id || '/' || step_id from attempt where phase <> 'ENDED'
                    group by deployment_id, app_id, step_id having count(*) > 1"""),
            Map.entry("a fence has gone back, or was given twice", """
                    select deployment_id || '/' || app_id || '/' || step_id || ' attempt ' || number from (
                        select *, lag(fence) over (partition by deployment_id, app_id, step_id order by number) as before
                        from attempt) numbered
                    where fence < before or fence = before and executor is not null"""),
            Map.entry("a terminal step has a live attempt", """
                    select s.deployment_id || '/' || s.app_id || '/' || s.step_id
                    from step s join attempt a using (deployment_id, app_id, step_id)
                    where a.phase <> 'ENDED' and s.state in ('SUCCEEDED', 'FAILED', 'SKIPPED', 'CANCELLED')"""),
            Map.entry("a request has no outcome", "select id::text from request where outcome = 'ACCEPTED'")));

    private final LocalStack stack;

    Checks(LocalStack stack) {
        this.stack = stack;
    }

    /** How many steps have succeeded. */
    long steps() throws SQLException {
        try (var connection = DriverManager.getConnection(stack.jdbc());
                var statement = connection.createStatement();
                var row = statement.executeQuery("select count(*) from step where state = 'SUCCEEDED'")) {
            row.next();
            return row.getLong(1);
        }
    }

    List<String> violations(Collection<Load.Accepted> accepted) throws SQLException, IOException, InterruptedException {
        var found = new ArrayList<String>();
        try (var connection = DriverManager.getConnection(stack.jdbc())) {
            awaitOutbox(connection);
            for (var forbidden : FORBIDDEN.entrySet()) {
                tell(found, forbidden.getKey(), column(connection, forbidden.getValue()));
            }
            var decided = new HashSet<>(column(connection, "select id::text from request"));
            tell(
                    found,
                    "an accepted request was never decided",
                    accepted.stream()
                            .filter(one -> !decided.contains(one.request().toString()))
                            .map(Load.Accepted::toString)
                            .toList());
            var log = log(connection);
            tell(found, "a step was dispatched before what it needs", tooEarly(log));
            tell(found, "a terminal state changed without a request", changedAfterTheEnd(log));
            tell(found, "the topic of events and the log differ", differences(log));
            tell(found, "the hash chain does not fit the log", broken(connection, log));
            tell(found, "a deployment that has ended has no receipt of its last event", withoutReceipt(connection));
        }
        tell(found, "there are dead letters", deadLetters());
        return found;
    }

    private static void tell(List<String> found, String what, List<String> where) {
        if (!where.isEmpty()) {
            var more = where.size() > SHOWN ? " and %d more".formatted(where.size() - SHOWN) : "";
            found.add("%s: %s%s"
                    .formatted(what, String.join(", ", where.subList(0, Math.min(SHOWN, where.size()))), more));
        }
    }

    private static void awaitOutbox(Connection connection) throws SQLException {
        var deadline = System.nanoTime() + OUTBOX_PATIENCE.toNanos();
        while (System.nanoTime() < deadline
                && !column(connection, "select id::text from outbox").isEmpty()) {
            LockSupport.parkNanos(OUTBOX_PAUSE.toNanos());
        }
    }

    private static List<String> column(Connection connection, String query) throws SQLException {
        var values = new ArrayList<String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }

    /** The events as they are stored, in the order of each deployment. */
    private static Map<UUID, List<JsonNode>> log(Connection connection) throws SQLException, IOException {
        var log = new HashMap<UUID, List<JsonNode>>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(
                        "select deployment_id, body::text from event order by deployment_id, seq")) {
            while (rows.next()) {
                log.computeIfAbsent(rows.getObject(1, UUID.class), first -> new ArrayList<>())
                        .add(Messages.json().readTree(rows.getString(2)));
            }
        }
        return log;
    }

    private static String place(JsonNode event) {
        return "%s/%s"
                .formatted(
                        event.at("/data/appId").asText(),
                        event.at("/data/stepId").asText());
    }

    /** The workflow's steps are a chain, told in its order: a step begins when the one before it has succeeded. */
    private static List<String> tooEarly(Map<UUID, List<JsonNode>> log) {
        var chain = List.of("repository", "contents", "customise", "project", "environment", "deployment", "domain");
        var early = new ArrayList<String>();
        log.forEach((deployment, events) -> {
            var done = new HashSet<String>();
            for (var event : events) {
                var state = event.at("/data/state").asText();
                var index = chain.indexOf(event.at("/data/stepId").asText());
                if (state.equals("SUCCEEDED")) {
                    done.add(place(event));
                } else if (state.equals("DISPATCHED")
                        && index > 0
                        && !done.contains(event.at("/data/appId").asText() + "/" + chain.get(index - 1))) {
                    early.add("%s/%s".formatted(deployment, place(event)));
                }
            }
        });
        return early;
    }

    private static List<String> changedAfterTheEnd(Map<UUID, List<JsonNode>> log) {
        var terminal = Set.of("SUCCEEDED", "FAILED", "SKIPPED", "CANCELLED");
        var changed = new ArrayList<String>();
        log.forEach((deployment, events) -> {
            var last = new HashMap<String, JsonNode>();
            for (var event : events) {
                var before = last.put(place(event), event);
                if (before != null
                        && terminal.contains(before.at("/data/state").asText())
                        && before.at("/data/requestId").equals(event.at("/data/requestId"))) {
                    changed.add("%s/%s".formatted(deployment, place(event)));
                }
            }
        });
        return changed;
    }

    /** Computes every chain again, from the events as they are stored, and compares every hash and the head. */
    private static List<String> broken(Connection connection, Map<UUID, List<JsonNode>> log) throws SQLException {
        var broken = new ArrayList<String>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("""
                        select d.id, d.seq, encode(d.chain, 'hex'),
                               array_agg(encode(e.hash, 'hex') order by e.seq)
                        from deployment d join event e on e.deployment_id = d.id
                        group by d.id""")) {
            while (rows.next()) {
                var id = rows.getObject(1, UUID.class);
                var hashes = (String[]) rows.getArray(4).getArray();
                var chain = EventChain.of(id);
                try {
                    for (JsonNode event : log.get(id)) {
                        chain = chain.then(event);
                        if (!chain.headHex().equals(hashes[Math.toIntExact(chain.seq()) - 1])) {
                            throw new IllegalArgumentException("Event %d has another hash".formatted(chain.seq()));
                        }
                    }
                    if (chain.seq() != rows.getLong(2) || !chain.headHex().equals(rows.getString(3))) {
                        throw new IllegalArgumentException("The head is another");
                    }
                } catch (IllegalArgumentException e) {
                    broken.add("%s (%s)".formatted(id, e.getMessage()));
                }
            }
        }
        return broken;
    }

    /** Nothing of it is under way, nothing is left to do, and what was signed is not of its last event. */
    private static List<String> withoutReceipt(Connection connection) throws SQLException {
        return column(connection, """
                select d.id::text from deployment d
                where not exists (select from receipt r where r.deployment_id = d.id and r.seq = d.seq)
                  and not exists (select from step s where s.deployment_id = d.id
                                  and s.state not in ('SUCCEEDED', 'FAILED', 'SKIPPED', 'CANCELLED'))""");
    }

    private List<String> differences(Map<UUID, List<JsonNode>> log) throws IOException {
        var stored = new HashMap<String, JsonNode>();
        log.values()
                .forEach(events ->
                        events.forEach(event -> stored.put(event.get("id").asText(), event)));
        var differences = new ArrayList<String>();
        var missing = new HashSet<>(stored.keySet());
        for (var value : records(Topics.EVENTS)) {
            var event = Messages.json().readTree(value);
            var id = event.get("id").asText();
            if (!event.equals(stored.get(id))) {
                differences.add("%s is in the topic and %s"
                        .formatted(id, stored.containsKey(id) ? "differs" : "not in the log"));
            }
            missing.remove(id);
        }
        missing.forEach(id -> differences.add(id + " is not in the topic"));
        return differences;
    }

    private List<String> deadLetters() throws IOException {
        var letters = new ArrayList<String>();
        for (var value : records(Topics.DEAD_LETTERS)) {
            var letter = Messages.json().readTree(value).path("data");
            letters.add("%s from %s: %s"
                    .formatted(
                            letter.path("reason").asText(),
                            letter.path("topic").asText(),
                            letter.path("detail").asText()));
        }
        return letters;
    }

    /** All that is in a topic now. */
    private List<byte[]> records(String topic) {
        var values = new ArrayList<byte[]>();
        Map<String, Object> config = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                stack.kafka(),
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest");
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(500)).forEach(record -> values.add(record.value()));
            }
        }
        return values;
    }
}
