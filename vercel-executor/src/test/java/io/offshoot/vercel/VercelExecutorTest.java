package io.offshoot.vercel;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.claim.AttemptRef;
import io.offshoot.contracts.claim.ClaimAnswer;
import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.DeadLetter;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.StepCommand;
import io.offshoot.contracts.message.StepResult;
import io.offshoot.contracts.message.Topics;
import io.offshoot.contracts.vercel.VercelActions;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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

/** The whole way: a record in, a claim, a call to Vercel, a record out. */
@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(VercelResource.class)
class VercelExecutorTest {

    private static final AttemptRef ATTEMPT = new AttemptRef(Attempts.DEPLOYMENT, "docs", "contents", 1);

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

    @TestHTTPResource(value = "/health/", management = true)
    URI health;

    WireMockServer server;

    @VercelResource.Orchestrator
    WireMockServer orchestrator;

    @BeforeEach
    void reset() {
        server.resetAll();
        orchestrator.resetAll();
    }

    @Test
    void garbageAndACommandAreTakenInOneAfterTheOther() throws Exception {
        orchestratorGivesTheAttempt();
        server.stubFor(post("/v10/projects/prj_1/env?teamId=team_hub&upsert=true")
                .willReturn(jsonResponse("{\"created\":[],\"failed\":[]}", 201)));
        var command = command();

        send("garbage".getBytes(StandardCharsets.UTF_8));
        send(Messages.write(command));

        var record = await(Topics.results("vercel"));
        var result = Messages.read(record.value(), StepResult.class);
        assertThat(record.key()).isEqualTo(Attempts.DEPLOYMENT.toString());
        assertThat(record.headers().lastHeader("content-type").value())
                .asString()
                .isEqualTo("application/cloudevents+json");
        assertThat(result.causationid()).isEqualTo(command.id());
        assertThat(result.data().outcome()).isEqualTo(StepResult.Outcome.DONE);
        assertThat(result.data().fence()).isEqualTo(7);
        orchestrator.verify(postRequestedFor(urlEqualTo("/internal/claims"))
                .withHeader("Authorization", equalTo("Bearer service-token")));
        var letter = Messages.read(await(Topics.DEAD_LETTERS).value(), DeadLetter.class);
        assertThat(letter.data().reason()).isEqualTo("unreadable");
        assertThat(letter.data().topic()).isEqualTo("vercel.commands");
    }

    @Test
    void readyMeansAssignedAndAliveDependsOnNobody() throws Exception {
        var deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        var ready = health("ready");
        while (!ready.path("status").asText().equals("UP") && System.nanoTime() - deadline < 0) {
            ready = health("ready");
        }

        assertThat(ready.path("status").asText()).isEqualTo("UP");
        assertThat(ready.path("checks").findValuesAsText("name")).contains("commands assigned");
        assertThat(health("live").path("checks")).isEmpty();
    }

    private JsonNode health(String kind) throws Exception {
        var request = HttpRequest.newBuilder(health.resolve(kind)).build();
        var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());
        return Messages.json().readTree(answer.body());
    }

    private void orchestratorGivesTheAttempt() throws Exception {
        var input = Messages.json().createObjectNode().put("projectId", "prj_1");
        var context = new ClaimAnswer.Context(
                "hub-a",
                VercelActions.SET_ENVIRONMENT.name(),
                AttemptMode.EXECUTE,
                1,
                "main",
                input,
                Map.of("A", "b"),
                null);
        var answer = new ClaimAnswer(30_000, List.of(new ClaimAnswer.Claimed(ATTEMPT, true, 7L, context)));
        orchestrator.stubFor(
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
                        VercelActions.SET_ENVIRONMENT.name(),
                        ATTEMPT.attempt(),
                        AttemptMode.EXECUTE));
    }

    private void send(byte[] value) throws Exception {
        var properties = new Properties();
        properties.put("bootstrap.servers", bootstrapServers);
        try (var producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(Topics.commands("vercel"), "key", value))
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
