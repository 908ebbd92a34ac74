package io.offshoot.github;

import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.claim.AttemptRef;
import io.offshoot.contracts.claim.ClaimAnswer;
import io.offshoot.contracts.github.GitHubActions;
import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.StepCommand;
import io.offshoot.contracts.message.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
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

/** What stands around a running executor: its topics, and an orchestrator with one attempt to give. */
record Wire(String bootstrapServers, WireMockServer server) {

    static final AttemptRef ATTEMPT = new AttemptRef(Attempts.DEPLOYMENT, "docs", "contents", 1);

    void orchestratorGivesTheAttempt() throws Exception {
        var input = Messages.json()
                .createObjectNode()
                .put("repository", "hub-org/docs")
                .put("branch", "main")
                .put("sentinel", "package.json");
        var context = new ClaimAnswer.Context(
                "hub-a", GitHubActions.AWAIT_CONTENTS.name(), AttemptMode.EXECUTE, 1, "main", input, Map.of(), null);
        var answer = new ClaimAnswer(30_000, List.of(new ClaimAnswer.Claimed(ATTEMPT, true, 7L, context)));
        server.stubFor(
                post("/internal/claims").willReturn(jsonResponse(Messages.json().writeValueAsString(answer), 200)));
    }

    void orchestratorIsAway() {
        server.stubFor(post("/internal/claims").willReturn(jsonResponse("{}", 503)));
    }

    static CloudEvent<StepCommand> command() {
        return CloudEvent.first(
                Messages.newId(),
                "/orchestrator",
                Topics.stepKey(ATTEMPT.deploymentId(), ATTEMPT.appId(), ATTEMPT.stepId()),
                Instant.parse("2026-11-21T10:00:00Z"),
                "hub-a",
                null,
                new StepCommand(
                        ATTEMPT.deploymentId(),
                        ATTEMPT.appId(),
                        ATTEMPT.stepId(),
                        GitHubActions.AWAIT_CONTENTS.name(),
                        ATTEMPT.attempt(),
                        AttemptMode.EXECUTE));
    }

    /** @return where it is, and when it was sent */
    RecordMetadata send(byte[] value) throws Exception {
        var properties = new Properties();
        properties.put("bootstrap.servers", bootstrapServers);
        try (var producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer())) {
            return producer.send(new ProducerRecord<>(Topics.commands("github"), "key", value))
                    .get();
        }
    }

    /** The offset that the executors go on from in the partition of a record; 0 if they have not said. */
    long committed(RecordMetadata record) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            var offset = admin.listConsumerGroupOffsets("github-executor")
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .get(new TopicPartition(record.topic(), record.partition()));
            return offset == null ? 0 : offset.offset();
        }
    }

    ConsumerRecord<String, byte[]> await(String topic) {
        return await(topic, any -> true);
    }

    /** The first record of a topic that a command or record of ours led to; waits for it. */
    ConsumerRecord<String, byte[]> await(String topic, Predicate<ConsumerRecord<String, byte[]>> ours) {
        var properties = new Properties();
        properties.put("bootstrap.servers", bootstrapServers);
        try (var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (System.nanoTime() - deadline < 0) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    if (ours.test(record)) {
                        return record;
                    }
                }
            }
            throw new AssertionError("Nothing came on " + topic);
        }
    }
}
