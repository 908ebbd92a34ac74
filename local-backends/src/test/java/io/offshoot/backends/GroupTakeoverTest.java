package io.offshoot.backends;

import static org.assertj.core.api.Assertions.assertThat;

import io.offshoot.contracts.message.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupTakeoverTest {

    private static final int PARTITIONS = 4;
    private static final int KILLS = Integer.getInteger("kills", 3);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Kafka's own least session timeout, which a broker has unless it is told otherwise. */
    private static final Duration WITHOUT_OUR_SETTINGS = Duration.ofSeconds(6);

    @TempDir
    private Path directory;

    private KafkaConsumer<String, String> survivor;
    private KafkaProducer<String, String> producer;

    @Test
    void theRecordsOfAKilledMemberGoToTheOtherWithinAboutItsSession() throws Exception {
        try (var broker = KafkaBroker.start(directory, FreePorts.next(), FreePorts.next());
                var consumer = new KafkaConsumer<>(
                        GroupMember.settings(broker.bootstrapServers()),
                        new StringDeserializer(),
                        new StringDeserializer());
                var sender = new KafkaProducer<>(
                        Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers()),
                        new StringSerializer(),
                        new StringSerializer())) {
            survivor = consumer;
            producer = sender;
            survivor.subscribe(List.of(Topics.TRIGGERS));
            var times = new ArrayList<Duration>();

            for (int kill = 0; kill < KILLS; kill++) {
                times.add(kill(broker));
            }

            times.sort(Duration::compareTo);
            System.out.printf("Taken over after %s%n", times);
            assertThat(times).allSatisfy(time -> assertThat(time).isLessThan(WITHOUT_OUR_SETTINGS));
        }
    }

    /** @return from the kill to the last first record of the partitions that the killed one had */
    private Duration kill(KafkaBroker broker) throws Exception {
        var other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        GroupMember.class.getName(),
                        broker.bootstrapServers(),
                        Topics.TRIGGERS)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            pollUntilItHas(PARTITIONS / 2);
        } finally {
            other.destroyForcibly();
        }
        var killed = System.nanoTime();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            producer.send(new ProducerRecord<>(Topics.TRIGGERS, partition, null, Long.toString(killed)))
                    .get();
        }
        var seen = new HashSet<Integer>();
        var deadline = killed + PATIENCE.toNanos();
        while (seen.size() < PARTITIONS && System.nanoTime() < deadline) {
            for (ConsumerRecord<String, String> record : survivor.poll(Duration.ofMillis(50))) {
                if (record.value().equals(Long.toString(killed))) {
                    seen.add(record.partition());
                }
            }
        }
        assertThat(seen).hasSize(PARTITIONS);
        return Duration.ofNanos(System.nanoTime() - killed);
    }

    private void pollUntilItHas(int partitions) {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (survivor.assignment().size() != partitions && System.nanoTime() < deadline) {
            survivor.poll(Duration.ofMillis(50));
        }
        assertThat(survivor.assignment()).hasSize(partitions);
    }
}
