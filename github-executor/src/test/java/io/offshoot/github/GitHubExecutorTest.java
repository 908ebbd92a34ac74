package io.offshoot.github;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.DeadLetter;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.StepResult;
import io.offshoot.contracts.message.Topics;
import io.offshoot.contracts.message.UnreadableMessageException;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole way: a record in, a claim, a call to GitHub, a record out. */
@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(GitHubResource.class)
class GitHubExecutorTest {

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

    @TestHTTPResource(value = "/health/", management = true)
    URI health;

    WireMockServer server;

    @BeforeEach
    void reset() {
        server.resetAll();
    }

    @Test
    void garbageAndACommandAreTakenInOneAfterTheOther() throws Exception {
        var wire = new Wire(bootstrapServers, server);
        wire.orchestratorGivesTheAttempt();
        server.stubFor(get("/repos/hub-org/docs/git/ref/heads%2Fmain").willReturn(jsonResponse("{}", 404)));
        var command = Wire.command();

        var garbage = wire.send("garbage".getBytes(StandardCharsets.UTF_8));
        wire.send(Messages.write(command));

        var record = resultOf(wire, command);
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
        var letter = Messages.read(letterOf(wire, garbage).value(), DeadLetter.class);
        assertThat(letter.data().reason()).isEqualTo("unreadable");
        assertThat(letter.data().topic()).isEqualTo("github.commands");
    }

    @Test
    void poisonIsSetAsideWithinASecond() throws Exception {
        var wire = new Wire(bootstrapServers, server);
        letterOf(wire, wire.send("the first of a process takes longer".getBytes(StandardCharsets.UTF_8)));
        var times = new ArrayList<Long>();

        for (int i = 0; i < 9; i++) {
            var poison = wire.send("poison".getBytes(StandardCharsets.UTF_8));
            times.add(letterOf(wire, poison).timestamp() - poison.timestamp());
        }

        times.sort(null);
        System.out.printf(
                "From the send of poison to the send of its letter: p50 %d ms, longest %d ms%n",
                times.get(4), times.get(8));
        assertThat(times.get(4)).isLessThan(1000);
    }

    @Test
    void aCommandAndItsOffsetAreHeldWhileTheOrchestratorIsAway() throws Exception {
        var wire = new Wire(bootstrapServers, server);
        wire.orchestratorIsAway();
        server.stubFor(get("/repos/hub-org/docs/git/ref/heads%2Fmain").willReturn(jsonResponse("{}", 404)));
        var command = Wire.command();
        var record = wire.send(Messages.write(command));

        // The pauses between claims have grown beyond the second in which offsets are committed.
        until(() -> server.countRequestsMatching(
                                postRequestedFor(urlEqualTo("/internal/claims")).build())
                        .getCount()
                > 4);
        assertThat(wire.committed(record)).isLessThanOrEqualTo(record.offset());
        wire.orchestratorGivesTheAttempt();

        resultOf(wire, command);
        until(() -> wire.committed(record) > record.offset());
    }

    private static ConsumerRecord<String, byte[]> resultOf(Wire wire, CloudEvent<?> command) {
        return wire.await(Topics.results("github"), record -> command.id()
                .equals(read(record.value(), StepResult.class).causationid()));
    }

    private static ConsumerRecord<String, byte[]> letterOf(Wire wire, RecordMetadata poison) {
        return wire.await(Topics.DEAD_LETTERS, record -> {
            var letter = read(record.value(), DeadLetter.class).data();
            return letter.partition() == poison.partition() && letter.offset() == poison.offset();
        });
    }

    private static <T extends Record> CloudEvent<T> read(byte[] value, Class<T> type) {
        try {
            return Messages.read(value, type);
        } catch (UnreadableMessageException e) {
            throw new AssertionError(e);
        }
    }

    private static void until(Callable<Boolean> condition) throws Exception {
        var deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).as("time").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    void readyMeansAssignedAndAliveDependsOnNobody() throws Exception {
        var deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        var ready = health("ready");
        while (!ready.path("status").asText().equals("UP") && System.nanoTime() - deadline < 0) {
            ready = health("ready");
        }

        assertThat(ready.path("status").asText()).isEqualTo("UP");
        assertThat(ready.path("checks").findValuesAsText("name"))
                .contains("commands assigned", "connections announced");
        assertThat(health("live").path("checks")).isEmpty();
    }

    private JsonNode health(String kind) throws Exception {
        var request = HttpRequest.newBuilder(health.resolve(kind)).build();
        var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());
        return Messages.json().readTree(answer.body());
    }
}
