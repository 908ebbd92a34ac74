package io.offshoot.localstack.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.offshoot.backends.FreePorts;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.PublicStatus;
import io.offshoot.contracts.message.Topics;
import io.offshoot.localstack.process.Terminal;
import io.offshoot.localstack.stack.LocalStack;
import io.offshoot.localstack.stack.StackOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every record of every topic is delivered a second time, from the first on. */
class ReplayIT {

    private static final List<String> SERVICES = List.of("orchestrator-service", "github-executor", "vercel-executor");
    private static final List<String> TABLES =
            List.of("deployment", "app", "step", "attempt", "request", "event", "effect", "dead_letter", "outbox");

    /** The groups, and what each reads. */
    private static final Map<String, List<String>> GROUPS = Map.of(
            "orchestrator-triggers", List.of(Topics.TRIGGERS),
            "orchestrator-results", List.of(Topics.results("github"), Topics.results("vercel")),
            "orchestrator-dead-letters", List.of(Topics.DEAD_LETTERS),
            "github-executor", List.of(Topics.commands("github")),
            "vercel-executor", List.of(Topics.commands("vercel")));

    @TempDir
    private Path data;

    @Test
    void replayingEveryTopicFromItsBeginningChangesNothing() throws Exception {
        var options = StackOptions.of(
                        Path.of("..").toAbsolutePath().normalize(), data.resolve("data"), FreePorts.next())
                .withTimeScale(0.02);
        try (var stack = new LocalStack(options, new Terminal(System.out, false))) {
            stack.start();
            var client = new Client(stack);
            var deployment = client.create("replay").id();
            client.run(deployment);
            client.awaitStatus(deployment, PublicStatus.DONE);
            try (var admin = Admin.create(Map.of("bootstrap.servers", stack.kafka()))) {
                poison(stack);
                var letter = Client.patience()
                        .until(() -> tables(stack).get("dead_letter"), letters -> letters.size() == 1)
                        .get(0);
                var id = Messages.json().readTree(letter).get("id").asText();
                assertThat(client.post("api/v1/admin/dead-letters/%s/replay".formatted(id))
                                .statusCode())
                        .isEqualTo(202);
                Client.patience().until(() -> occurrences(stack) == 2);
                Client.patience().until(() -> tables(stack).get("outbox").isEmpty() && lag(admin) == 0);
                for (String service : SERVICES) {
                    stack.stop(service);
                }
                var before = tables(stack);
                var calls = stack.sandbox().journal();
                var ends = ends(admin);

                Client.patience().until(() -> isLeft(admin));
                rewind(admin);
                assertThat(lag(admin))
                        .isEqualTo(ends.values().stream()
                                .mapToLong(Long::longValue)
                                .sum());
                for (String service : SERVICES) {
                    stack.start(service);
                }
                Client.patience().until(() -> lag(admin) == 0);
                for (String service : SERVICES) {
                    stack.stop(service);
                }

                var after = tables(stack);
                for (String table : TABLES) {
                    assertThat(after.get(table)).as(table).isEqualTo(before.get(table));
                }
                assertThat(stack.sandbox().journal()).isEqualTo(calls);
                // Poison is told again on the topic of dead letters, where it is known; nothing else is written.
                assertThat(written(ends, ends(admin))).isEqualTo(Map.of(Topics.DEAD_LETTERS, 2L));
                var log = Files.readString(stack.data().resolve("logs/orchestrator-service.log"));
                // The run, and as many hints as the providers' webhooks made of it.
                assertThat(lastTally(log, Topics.TRIGGERS))
                        .matches("[1-9][0-9]* = 0 APPLIED \\+ [1-9][0-9]* DUPLICATE \\+ 2 DEAD_LETTER");
                for (String provider : List.of("github", "vercel")) {
                    assertThat(lastTally(log, Topics.results(provider)))
                            .matches("([1-9][0-9]*) = 0 APPLIED \\+ \\1 DUPLICATE \\+ 0 DEAD_LETTER");
                }
            }
        }
    }

    private static int occurrences(LocalStack stack) throws SQLException, IOException {
        var letter = tables(stack).get("dead_letter").get(0);
        return Messages.json().readTree(letter).get("occurrences").asInt();
    }

    private static void poison(LocalStack stack) throws ExecutionException, InterruptedException {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", stack.kafka()), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(Topics.TRIGGERS, "poison", "{not json"))
                    .get();
        }
    }

    /** Every row of every table, as text. */
    private static Map<String, List<String>> tables(LocalStack stack) throws SQLException {
        var tables = new TreeMap<String, List<String>>();
        try (var connection = DriverManager.getConnection(stack.jdbc());
                var statement = connection.createStatement()) {
            for (String table : TABLES) {
                var found = new ArrayList<String>();
                var rows = statement.executeQuery("select to_jsonb(t)::text from %s t order by 1".formatted(table));
                while (rows.next()) {
                    found.add(rows.getString(1));
                }
                tables.put(table, found);
            }
        }
        return tables;
    }

    /** Whether the groups have no members any more: before that their offsets cannot be set. */
    private static boolean isLeft(Admin admin) throws ExecutionException, InterruptedException {
        return admin.describeConsumerGroups(GROUPS.keySet()).all().get().values().stream()
                .allMatch(group -> group.members().isEmpty());
    }

    private static void rewind(Admin admin) throws ExecutionException, InterruptedException {
        for (var group : GROUPS.entrySet()) {
            var beginning = group.getValue().stream()
                    .flatMap(topic -> partitions(topic).stream())
                    .collect(Collectors.toMap(Function.identity(), partition -> new OffsetAndMetadata(0)));
            admin.alterConsumerGroupOffsets(group.getKey(), beginning).all().get();
        }
    }

    /** How many records the groups have before them. */
    private static long lag(Admin admin) throws ExecutionException, InterruptedException {
        var ends = ends(admin);
        long lag = 0;
        for (var group : GROUPS.entrySet()) {
            var committed = admin.listConsumerGroupOffsets(group.getKey())
                    .partitionsToOffsetAndMetadata()
                    .get();
            for (String topic : group.getValue()) {
                for (TopicPartition partition : partitions(topic)) {
                    var offset = committed.get(partition);
                    lag += ends.get(partition) - (offset == null ? 0 : offset.offset());
                }
            }
        }
        return lag;
    }

    /** Where the topics end that the groups read. */
    private static Map<TopicPartition, Long> ends(Admin admin) throws ExecutionException, InterruptedException {
        var latest = GROUPS.values().stream()
                .flatMap(List::stream)
                .flatMap(topic -> partitions(topic).stream())
                .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
        var ends = new HashMap<TopicPartition, Long>();
        admin.listOffsets(latest).all().get().forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    /** How many records were written meanwhile, by topic. */
    private static Map<String, Long> written(Map<TopicPartition, Long> before, Map<TopicPartition, Long> after) {
        return after.entrySet().stream()
                .filter(end -> end.getValue() > before.get(end.getKey()))
                .collect(Collectors.toMap(
                        end -> end.getKey().topic(), end -> end.getValue() - before.get(end.getKey()), Long::sum));
    }

    private static List<TopicPartition> partitions(String topic) {
        return IntStream.range(0, 4)
                .mapToObj(number -> new TopicPartition(topic, number))
                .toList();
    }

    /** What the orchestrator said of a topic when it stopped the last time. */
    private static String lastTally(String log, String topic) {
        return Pattern.compile("Taken in from " + Pattern.quote(topic) + ": (.*LETTER)")
                .matcher(log)
                .results()
                .reduce((first, last) -> last)
                .orElseThrow()
                .group(1);
    }
}
