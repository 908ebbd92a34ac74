package io.offshoot.github;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.claim.AttemptRef;
import io.offshoot.contracts.claim.ClaimAnswer;
import io.offshoot.contracts.github.GitHubActions;
import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.DeadLetter;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.StepCommand;
import io.offshoot.contracts.message.StepResult;
import io.offshoot.contracts.message.Topics;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole way: a record in, a claim, a call to GitHub, a record out. */
@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(GitHubResource.class)
class GitHubExecutorTest {

    private static final AttemptRef ATTEMPT = new AttemptRef(Attempts.DEPLOYMENT, "docs", "contents", 1);

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

    WireMockServer server;

    @BeforeEach
    void reset() {
        server.resetAll();
    }

    @Test
    void garbageAndACommandAreTakenInOneAfterTheOther() throws Exception {
        orchestratorGivesTheAttempt();
        server.stubFor(get("/repos/hub-org/docs/git/ref/heads%2Fmain").willReturn(jsonResponse("{}", 404)));
        var command = command();

        send("garbage".getBytes(StandardCharsets.UTF_8));
        send(Messages.write(command));

        var record = await(Topics.results("github"));
        var result = Messages.read(record.value(), StepResult.class);
        assertThat(record.key()).isEqualTo(Attempts.DEPLOYMENT.toString());
        assertThat(record.headers().lastHeader("content-type").value())
                .asString()
                .isEqualTo("application/cloudevents+json");
        assertThat(result.causationid()).isEqualTo(command.id());
        assertThat(result.data().outcome()).isEqualTo(StepResult.Outcome.WAITING);
        assertThat(result.data().fence()).isEqualTo(7);
        server.verify(postRequestedFor(urlEqualTo("/internal/claims"))
                .withHeader("Authorization", equalTo("Bearer service-token")));
        var letter = Messages.read(await(Topics.DEAD_LETTERS).value(), DeadLetter.class);
        assertThat(letter.data().reason()).isEqualTo("unreadable");
        assertThat(letter.data().topic()).isEqualTo("github.commands");
    }

    private void orchestratorGivesTheAttempt() throws Exception {
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

    private static CloudEvent<StepCommand> command() {
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

    private void send(byte[] value) throws Exception {
        var properties = new Properties();
        properties.put("bootstrap.servers", bootstrapServers);
        try (var producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(Topics.commands("github"), "key", value))
                    .get();
        }
    }

    private ConsumerRecord<String, byte[]> await(String topic) {
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
                    return record;
                }
            }
            throw new AssertionError("Nothing came on " + topic);
        }
    }
}
