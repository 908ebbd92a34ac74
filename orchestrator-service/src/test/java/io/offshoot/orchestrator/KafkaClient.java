package io.offshoot.orchestrator;

import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.UnreadableMessageException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Reads topics from their beginning and writes to them. Remembers what it has handed out. */
final class KafkaClient implements AutoCloseable {

    private final KafkaProducer<String, byte[]> producer;
    private final String servers;
    private final Map<String, KafkaConsumer<String, byte[]>> consumers = new HashMap<>();
    private final Map<String, List<byte[]>> records = new HashMap<>();
    private final Set<UUID> handedOut = new HashSet<>();

    KafkaClient(String servers) {
        this.servers = servers;
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers, "acks", "all"), new StringSerializer(), new ByteArraySerializer());
    }

    /** @return where it is */
    RecordMetadata send(String topic, String key, byte[] value) {
        try {
            var record = new ProducerRecord<>(topic, key, value);
            record.headers().add("content-type", CloudEvent.CONTENT_TYPE.getBytes(StandardCharsets.UTF_8));
            return producer.send(record).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The first message that matches and was not handed out before; waits for it. */
    <T extends Record> CloudEvent<T> await(String topic, Class<T> type, Predicate<CloudEvent<T>> matches) {
        var until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (System.nanoTime() < until) {
            for (CloudEvent<T> message : all(topic, type)) {
                if (matches.test(message) && handedOut.add(message.id())) {
                    return message;
                }
            }
        }
        throw new AssertionError("No such message on " + topic);
    }

    /** All messages of a type that have come to a topic so far. */
    <T extends Record> List<CloudEvent<T>> all(String topic, Class<T> type) {
        var messages = new ArrayList<CloudEvent<T>>();
        for (byte[] value : values(topic)) {
            try {
                messages.add(Messages.read(value, type));
            } catch (UnreadableMessageException e) {
                throw new AssertionError(e);
            }
        }
        return messages;
    }

    /** The values of all records that have come to a topic so far. */
    List<byte[]> values(String topic) {
        var consumer = consumers.computeIfAbsent(topic, this::open);
        var seen = records.computeIfAbsent(topic, name -> new ArrayList<>());
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(50))) {
            seen.add(record.value());
        }
        return seen;
    }

    /** The offset that a group goes on from in the partition of a record; 0 if it has not said. */
    long committed(String group, RecordMetadata record) {
        var partition = new TopicPartition(record.topic(), record.partition());
        try (var admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            var offset = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .get(partition);
            return offset == null ? 0 : offset.offset();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private KafkaConsumer<String, byte[]> open(String topic) {
        var consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", servers), new StringDeserializer(), new ByteArrayDeserializer());
        var partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }

    @Override
    public void close() {
        producer.close();
        consumers.values().forEach(KafkaConsumer::close);
    }
}
