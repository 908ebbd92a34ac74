package io.offshoot.backends;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A member of a consumer group in a process of its own, to be killed. */
final class GroupMember {

    private GroupMember() {}

    /** @param args the broker, the topic */
    public static void main(String[] args) {
        try (var consumer =
                new KafkaConsumer<>(settings(args[0]), new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(args[1]));
            while (true) {
                consumer.poll(Duration.ofMillis(100));
            }
        }
    }

    /** What the services set. */
    static Map<String, Object> settings(String broker) {
        return Map.of(
                "bootstrap.servers",
                broker,
                "group.id",
                "takeover",
                "auto.offset.reset",
                "earliest",
                "session.timeout.ms",
                "900",
                "heartbeat.interval.ms",
                "200");
    }
}
