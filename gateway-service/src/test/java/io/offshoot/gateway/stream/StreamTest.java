package io.offshoot.gateway.stream;

import static io.offshoot.gateway.FakeOrchestrator.DEPLOYMENT;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;

import io.offshoot.backends.KafkaResource;
import io.offshoot.backends.PostgresResource;
import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.DeploymentEvent;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.StepState;
import io.offshoot.contracts.message.Topics;
import io.offshoot.contracts.query.RequestView;
import io.offshoot.gateway.FakeOrchestrator;
import io.offshoot.gateway.Health;
import io.offshoot.gateway.Http;
import io.offshoot.gateway.Surroundings;
import io.offshoot.gateway.body.JsonBody;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@WithTestResource(KafkaResource.class)
@WithTestResource(PostgresResource.class)
@WithTestResource(Surroundings.class)
class StreamTest {

    private static final String V1 = "/api/v1/deployments/" + FakeOrchestrator.ID;
    private static final String STREAM = V1 + "/events";
    private static final String ACTION = V1 + "/apps/docs/actions/repository";

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String kafka;

    private final FakeOrchestrator orchestrator = Surroundings.orchestrator();
    private KafkaProducer<String, byte[]> topic;

    @BeforeEach
    void begin() {
        orchestrator.reset();
        // What an earlier test triggered is over.
        orchestrator.decides(RequestView.Outcome.STARTED, null);
        given().header("Authorization", "Bearer north-owner").get(ACTION);
        orchestrator.reset();
        topic = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka), new StringSerializer(), new ByteArraySerializer());
        await().until(() -> Health.ready() == 200);
    }

    @AfterEach
    void end() {
        topic.close();
    }

    private void publish(CloudEvent<DeploymentEvent> event) throws Exception {
        publish(event.data().deploymentId().toString(), Messages.write(event));
    }

    private void publish(String key, byte[] value) throws Exception {
        topic.send(new ProducerRecord<>(Topics.EVENTS, key, value)).get();
    }

    @Test
    void whatHasHappenedIsToldFirstAndThenWhatHappens() throws Exception {
        var first = orchestrator.logs("repository", StepState.DISPATCHED);
        orchestrator.logs("repository", StepState.SUCCEEDED);

        try (var stream = StreamReader.open(STREAM, "north-owner")) {
            await().until(() -> stream.ids().equals(List.of("1", "2")));
            publish(orchestrator.logs("project", StepState.DISPATCHED));

            await().until(() -> stream.ids().equals(List.of("1", "2", "3")));
            assertThat(stream.header("Content-Type")).startsWith("text/event-stream");
            assertThat(stream.events().get(0).name()).isEqualTo("transition");
            assertThat(Messages.json().readTree(stream.events().get(0).data()))
                    .isEqualTo(Messages.json().readTree(Messages.write(first)));
        }
    }

    @Test
    void aReaderResumesAfterTheLastItHas() throws Exception {
        for (int i = 0; i < 3; i++) {
            orchestrator.logs("repository", StepState.RUNNING);
        }

        try (var byHeader = StreamReader.open(STREAM, "north-owner", "Last-Event-ID", "2");
                var byQuery = StreamReader.open(STREAM + "?lastEventId=1", "north-owner")) {
            await().until(() -> byHeader.ids().equals(List.of("3")));
            await().until(() -> byQuery.ids().equals(List.of("2", "3")));
        }
    }

    @Test
    void aGapIsFilledFromTheLogAndRepeatsAreDropped() throws Exception {
        orchestrator.logs("repository", StepState.DISPATCHED);

        try (var stream = StreamReader.open(STREAM, "north-owner")) {
            await().until(() -> stream.ids().equals(List.of("1")));
            var second = orchestrator.logs("repository", StepState.WAITING);
            var third = orchestrator.logs("repository", StepState.SUCCEEDED);
            publish(third);
            publish(third);
            publish(second);
            publish(orchestrator.logs("project", StepState.DISPATCHED));

            await().until(() -> stream.ids().contains("4"));
            assertThat(stream.ids()).containsExactly("1", "2", "3", "4");
        }
    }

    @Test
    void aGapIsFilledThoughTheLogWasAwayAtFirst() throws Exception {
        orchestrator.logs("repository", StepState.DISPATCHED);

        try (var stream = StreamReader.open(STREAM, "north-owner")) {
            await().until(() -> stream.ids().equals(List.of("1")));
            orchestrator.logs("repository", StepState.WAITING);
            var calls = orchestrator.calls().size();
            orchestrator.goesAway();
            publish(orchestrator.logs("repository", StepState.SUCCEEDED));
            await().until(() -> orchestrator.calls().size() > calls);
            orchestrator.returns();

            await().until(() -> stream.ids().equals(List.of("1", "2", "3")));
        }
    }

    @Test
    void nothingOfAnotherHubIsHeardAndABadRecordIsPassedOver() throws Exception {
        try (var stream = StreamReader.open(STREAM, "north-owner");
                var feed = StreamReader.open("/api/v1/events", "north-owner")) {
            publish(FakeOrchestrator.event("south", DEPLOYMENT, "repository", 1, StepState.FAILED));
            publish(FakeOrchestrator.ID, "{nonsense".getBytes(StandardCharsets.UTF_8));
            publish(FakeOrchestrator.ID, null);
            publish(orchestrator.logs("repository", StepState.RUNNING));

            await().until(() -> stream.ids().equals(List.of("1")));
            await().until(() -> feed.ids().contains("c1"));
            assertThat(stream.events().get(0).data()).contains("\"hubid\":\"north\"");
            assertThat(feed.events())
                    .noneMatch(event -> event.data() != null && event.data().contains("south"));
        }
    }

    @Test
    void aStreamWithoutNewsSaysThatItIsAlive() throws Exception {
        try (var stream = StreamReader.open(STREAM, "north-owner")) {
            await().until(() -> stream.comments().contains("alive"));
        }
    }

    @Test
    void theHubsFeedBeginsWithTheNextEventAndResumesByItsCursor() throws Exception {
        orchestrator.logs("repository", StepState.DISPATCHED);

        try (var feed = StreamReader.open("/api/v1/events", "north-owner")) {
            await().untilAsserted(() -> assertThat(feed.ids()).containsExactly("c1"));
            publish(orchestrator.logs("repository", StepState.RUNNING));
            await().untilAsserted(() -> assertThat(feed.ids()).containsExactly("c1", "c2"));
            assertThat(feed.events().get(0).data()).isNull();
            assertThat(feed.events().get(1).data()).contains("\"seq\":2");
        }
        orchestrator.logs("repository", StepState.SUCCEEDED);

        try (var feed = StreamReader.open("/api/v1/events", "north-owner", "Last-Event-ID", "c1")) {
            await().until(() -> feed.events().size() == 2);
            assertThat(feed.events().get(0).data()).contains("\"seq\":2");
            assertThat(feed.events().get(1).data()).contains("\"seq\":3");
            assertThat(feed.events().get(1).id()).isEqualTo("c3");
        }
    }

    @Test
    void aPageOfTheLogMayBeLongerThanWhatACallerMaySend() throws Exception {
        for (int i = 0; i < 200; i++) {
            orchestrator.logs("repository", StepState.WAITING);
        }

        try (var feed = StreamReader.open("/api/v1/events", "north-owner", "Last-Event-ID", "c1")) {
            await().until(() -> feed.events().size() == 199);
            assertThat(feed.events().stream()
                            .mapToInt(event -> event.data().length())
                            .sum())
                    .isGreaterThan(JsonBody.MAX_BYTES);
        }
    }

    @Test
    void onlySoManyStreamsAreOpenAtOnce() throws Exception {
        var streams = List.of(openWhenThereIsRoom(), openWhenThereIsRoom(), openWhenThereIsRoom());

        given().header("Authorization", "Bearer north-owner")
                .get(STREAM)
                .then()
                .statusCode(429)
                .header("Retry-After", "2")
                .body(containsString("too-many-streams"));

        streams.forEach(StreamReader::close);
        openWhenThereIsRoom().close();
    }

    /** Streams that were closed just now may still be counted. */
    private static StreamReader openWhenThereIsRoom() {
        return await().until(() -> StreamReader.open(STREAM, "north-owner"), stream -> stream.status() == 200);
    }

    private static CompletableFuture<HttpResponse<String>> longPoll(String path, String... headers) {
        var request = Http.to(path, "north-owner");
        if (headers.length > 0) {
            request.headers(headers);
        }
        return Http.CLIENT.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private String etag(String path) {
        var etag =
                given().header("Authorization", "Bearer north-owner").get(path).header("ETag");
        orchestrator.calls().clear();
        return etag;
    }

    @Test
    void aHeldPollIsWokenByAnEvent() throws Exception {
        for (String path : List.of(ACTION, V1)) {
            orchestrator.reset();
            orchestrator.logs("repository", StepState.DISPATCHED);
            var answer = longPoll(path + "?wait=20", "If-None-Match", etag(path));
            await().until(() -> !orchestrator.calls().isEmpty());
            assertThat(answer).isNotDone();

            orchestrator.stands("repository", StepState.RUNNING);
            publish(orchestrator.logs("repository", StepState.RUNNING));

            assertThat(answer).succeedsWithin(Duration.ofSeconds(5));
            assertThat(answer.join().statusCode()).isEqualTo(200);
            assertThat(answer.join().body()).contains("RUNNING");
        }
    }

    @Test
    void aHeldPollWithoutNewsEndsAsNotModified() {
        var answer = longPoll(ACTION + "?wait=1", "If-None-Match", etag(ACTION));

        assertThat(answer.join().statusCode()).isEqualTo(304);
    }

    @Test
    void aPollOfSomethingSettledIsNotHeldUnlessTheCallerHasIt() {
        orchestrator.stands("repository", StepState.SUCCEEDED);

        assertThat(longPoll(ACTION + "?wait=20")).succeedsWithin(Duration.ofSeconds(5));
    }

    @Test
    void aHeldPollHearsTheWordThatIsNoEvent() {
        orchestrator.stands("repository", StepState.RUNNING);
        var answer = longPoll(ACTION + "?wait=20&trigger=" + Messages.newId());
        await().until(() -> !orchestrator.calls().isEmpty());

        orchestrator.decides(RequestView.Outcome.JOINED, null);

        assertThat(answer).succeedsWithin(Duration.ofSeconds(5));
        assertThat(answer.join().body()).contains("\"joined\"");
    }
}
