package io.offshoot.gateway.stream;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.offshoot.backends.KafkaResource;
import io.offshoot.backends.PostgresResource;
import io.offshoot.contracts.message.StepState;
import io.offshoot.gateway.FakeOrchestrator;
import io.offshoot.gateway.Http;
import io.offshoot.gateway.Surroundings;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** It has a gateway of its own, which is of no use afterwards. */
@QuarkusTest
@TestProfile(StopTest.Own.class)
@WithTestResource(KafkaResource.class)
@WithTestResource(PostgresResource.class)
@WithTestResource(Surroundings.class)
class StopTest {

    private static final String V1 = "/api/v1/deployments/" + FakeOrchestrator.ID;

    @Inject
    Event<ShutdownDelayInitiatedEvent> told;

    private final FakeOrchestrator orchestrator = Surroundings.orchestrator();

    public static class Own implements QuarkusTestProfile {}

    @Test
    void streamsEndWithWhenToComeBackAndHeldPollsAreAnswered() throws Exception {
        orchestrator.logs("repository", StepState.RUNNING);
        orchestrator.stands("repository", StepState.RUNNING);
        var stream = StreamReader.open(V1 + "/events", "north-owner");
        await().until(() -> stream.ids().equals(List.of("1")));
        var poll = Http.CLIENT.sendAsync(
                Http.to(V1 + "/apps/docs/actions/repository?wait=20", "north-owner")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        await().until(() ->
                orchestrator.calls().stream().anyMatch(call -> call.path().endsWith("/actions/repository")));

        told.fire(new ShutdownDelayInitiatedEvent());

        assertThat(stream.end()).succeedsWithin(Duration.ofSeconds(5));
        assertThat(stream.comments()).endsWith("stopping");
        assertThat(stream.retries()).containsExactly("2000", "2000");
        assertThat(poll).succeedsWithin(Duration.ofSeconds(5));
        assertThat(poll.join().statusCode()).isEqualTo(200);
        given().header("Authorization", "Bearer north-owner")
                .get(V1 + "/events")
                .then()
                .statusCode(503)
                .header("Retry-After", "2");
    }
}
