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
import io.offshoot.contracts.message.DeadLetter;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.StepResult;
import io.offshoot.contracts.message.Topics;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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

    @TestHTTPResource("/q/health/")
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

        wire.send("garbage".getBytes(StandardCharsets.UTF_8));
        wire.send(Messages.write(command));

        var record = wire.await(Topics.results("github"));
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
        var letter = Messages.read(wire.await(Topics.DEAD_LETTERS).value(), DeadLetter.class);
        assertThat(letter.data().reason()).isEqualTo("unreadable");
        assertThat(letter.data().topic()).isEqualTo("github.commands");
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
}
