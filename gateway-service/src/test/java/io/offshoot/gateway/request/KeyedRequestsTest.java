package io.offshoot.gateway.request;

import static io.restassured.RestAssured.given;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.offshoot.backends.KafkaResource;
import io.offshoot.backends.PostgresResource;
import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.StepState;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.RequestView;
import io.offshoot.gateway.FakeOrchestrator;
import io.offshoot.gateway.Http;
import io.offshoot.gateway.Surroundings;
import io.offshoot.gateway.TopicReader;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@WithTestResource(KafkaResource.class)
@WithTestResource(PostgresResource.class)
@WithTestResource(Surroundings.class)
class KeyedRequestsTest {

    private static final String V1 = "/api/v1/deployments/" + FakeOrchestrator.ID;
    private static final String ACTION = V1 + "/apps/docs/actions/repository";

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String kafka;

    @Inject
    DataSource database;

    @Inject
    LostAcknowledgements acknowledgements;

    @Inject
    KeyedRequests keyed;

    private final FakeOrchestrator orchestrator = Surroundings.orchestrator();
    private final String key = Messages.newId().toString();
    private TopicReader topic;

    @BeforeEach
    void begin() {
        orchestrator.reset();
        // The gateway does not wait for its database, and its first request is its slowest; these tests do.
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            var first = given().header("Authorization", "Bearer north-owner").header("Idempotency-Key", "first-" + key);
            return first.post(ACTION).statusCode() == 202;
        });
        topic = new TopicReader(kafka);
    }

    @AfterEach
    void end() {
        acknowledgements.lost(false);
        topic.close();
    }

    private RequestSpecification owner() {
        return given().header("Authorization", "Bearer north-owner")
                .contentType("application/json")
                .header("Idempotency-Key", key);
    }

    private List<String> publishedIds() {
        return topic.published().stream()
                .map(record -> {
                    try {
                        return Messages.read(record.value(), DeploymentRequest.class)
                                .id()
                                .toString();
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                })
                .toList();
    }

    /** As if the gateway at work on it had been killed so long ago, and nobody had heard an answer. */
    private void wasLeft(Duration ago) throws SQLException {
        try (var connection = database.getConnection();
                var update = connection.prepareStatement("""
                        update request set taken_at = now() - make_interval(secs => ?),
                            answered_at = null, status = null, headers = null, body = null
                        where key = ?""")) {
            update.setDouble(1, ago.toSeconds());
            update.setString(2, key);
            assertThat(update.executeUpdate()).isEqualTo(1);
        }
    }

    private static void isRefused(Response answer, ProblemType type) {
        answer.then()
                .statusCode(type.status())
                .contentType("application/problem+json")
                .body("code", is(type.code()))
                .body("retryable", is(type.isRetryable()))
                .header("Idempotent-Replayed", nullValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {ACTION, V1 + "/run", V1 + "/resume"})
    void aRepeatHasTheSameAnswerWhichSaysSoAndIsNoSecondMessage(String path) {
        var first = owner().post(path);
        var second = owner().post(path);

        first.then().statusCode(202).header("Idempotent-Replayed", nullValue());
        second.then()
                .statusCode(202)
                .header("Idempotent-Replayed", "true")
                .header("Retry-After", "2")
                .header("Location", first.header("Location"))
                .contentType("application/json");
        assertThat(second.asString()).isEqualTo(first.asString());
        assertThat(publishedIds()).hasSize(1);
        assertThat(first.header("Location")).endsWith(publishedId(first));
    }

    private static String publishedId(Response answer) {
        return answer.jsonPath().getString("requestId");
    }

    @Test
    void aRepeatOfTheFirstApisTriggerHasTheAnswerOfThen() {
        orchestrator.decides(RequestView.Outcome.STARTED, null);
        var body = "{\"mode\":\"trigger\",\"workflowId\":\"%s\",\"appId\":\"docs\",\"actionId\":\"repository\"}"
                .formatted(FakeOrchestrator.ID);
        var first = owner().body(body).post("/api/deploy");
        orchestrator.stands("repository", StepState.SUCCEEDED);

        var second = owner().body(body).post("/api/deploy");

        second.then().statusCode(202).header("Idempotent-Replayed", "true");
        assertThat(second.asString()).isEqualTo(first.asString());
    }

    @Test
    void aRefusalAfterPublishingIsRepeated() {
        orchestrator.decides(RequestView.Outcome.REFUSED, "needs-not-done");
        var body = "{\"mode\":\"trigger\",\"workflowId\":\"%s\",\"appId\":\"docs\",\"actionId\":\"repository\"}"
                .formatted(FakeOrchestrator.ID);
        var first = owner().body(body).post("/api/deploy");
        orchestrator.decides(RequestView.Outcome.STARTED, null);

        var second = owner().body(body).post("/api/deploy");

        isRefused(first, ProblemType.NEEDS_NOT_DONE);
        second.then()
                .statusCode(409)
                .contentType("application/problem+json")
                .header("Idempotent-Replayed", "true")
                .body("code", is("needs-not-done"))
                .body("detail", is("As the test wants it."));
        assertThat(publishedIds()).hasSize(1);
    }

    @Test
    void aRefusalBeforePublishingLeavesTheKeyFree() {
        orchestrator.refuses(ProblemType.NEEDS_NOT_DONE);
        isRefused(owner().post(ACTION), ProblemType.NEEDS_NOT_DONE);
        orchestrator.reset();

        owner().post(ACTION).then().statusCode(202).header("Idempotent-Replayed", nullValue());
    }

    @Test
    void aKeyOfAnotherRequestIsRefused() {
        owner().body("{\"args\":{\"a\":1,\"b\":2}}").post(ACTION).then().statusCode(202);

        isRefused(owner().body("{\"args\":{\"a\":1,\"b\":3}}").post(ACTION), ProblemType.IDEMPOTENCY_KEY_REUSED);
        isRefused(owner().post(ACTION), ProblemType.IDEMPOTENCY_KEY_REUSED);
        isRefused(owner().post(V1 + "/run"), ProblemType.IDEMPOTENCY_KEY_REUSED);
        owner().body("{\"args\": {\"b\": 2, \"a\": 1}}")
                .post(ACTION)
                .then()
                .statusCode(202)
                .header("Idempotent-Replayed", "true");
    }

    @Test
    void anotherHubsKeyIsAnotherKey() {
        owner().post(ACTION).then().statusCode(202);

        isRefused(
                given().header("Authorization", "Bearer south-owner")
                        .header("Idempotency-Key", key)
                        .post(ACTION),
                ProblemType.UNKNOWN_DEPLOYMENT);
    }

    @Test
    void fiftyRequestsAtOnceAreOneMessageAndHaveOneAnswer() {
        var answers = Stream.generate(this::untilAnswered).limit(50).toList().stream()
                .map(CompletableFuture::join)
                .toList();

        assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(202);
        assertThat(answers.stream().map(HttpResponse::body).collect(toSet())).hasSize(1);
        assertThat(answers)
                .anyMatch(answer ->
                        answer.headers().firstValue("Idempotent-Replayed").isPresent());
        assertThat(Set.copyOf(publishedIds())).hasSize(1);
    }

    /** As a client does: who comes while the first is in progress, or is not confirmed in time, comes again. */
    private CompletableFuture<HttpResponse<String>> untilAnswered() {
        var request = Http.to(ACTION, "north-owner")
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        return Http.CLIENT
                .sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .thenCompose(answer -> {
                    var again = answer.body().contains("\"retryable\":true");
                    return again ? untilAnswered() : CompletableFuture.completedFuture(answer);
                });
    }

    @Test
    void aRequestThatSomebodyIsAtWorkOnIsInProgress() throws Exception {
        owner().post(ACTION).then().statusCode(202);
        wasLeft(Duration.ZERO);

        var answer = owner().post(ACTION);

        isRefused(answer, ProblemType.REQUEST_IN_PROGRESS);
        answer.then().header("Retry-After", "1");
        assertThat(publishedIds()).hasSize(1);
    }

    @Test
    void aRequestThatWasLeftIsPublishedAgainWithItsIdThoughItWouldBeRefusedByNow() throws Exception {
        var first = owner().post(V1 + "/resume");
        wasLeft(Duration.ofMinutes(1));
        orchestrator.refuses(ProblemType.NOTHING_TO_RESUME);

        var second = owner().post(V1 + "/resume");

        second.then().statusCode(202).header("Idempotent-Replayed", nullValue());
        assertThat(publishedIds()).containsExactly(publishedId(first), publishedId(first));
        owner().post(V1 + "/resume").then().statusCode(202).header("Idempotent-Replayed", "true");
    }

    @Test
    void aSendThatLandedUnacknowledgedIsRepeatedWithItsId() {
        acknowledgements.lost(true);
        isRefused(owner().post(ACTION), ProblemType.UNAVAILABLE);
        acknowledgements.lost(false);

        var answer = owner().post(ACTION);

        answer.then().statusCode(202).header("Idempotent-Replayed", nullValue());
        assertThat(publishedIds()).containsExactly(publishedId(answer), publishedId(answer));
    }

    @Test
    void oldKeysAreForgotten() throws Exception {
        owner().post(ACTION).then().statusCode(202);
        try (var connection = database.getConnection();
                var update = connection.prepareStatement(
                        "update request set created_at = now() - interval '15 days' where key = ?")) {
            update.setString(1, key);
            update.executeUpdate();
        }

        assertThat(keyed.forget(Duration.ofDays(14), 10)).isEqualTo(1);

        owner().post(V1 + "/run").then().statusCode(202).header("Idempotent-Replayed", nullValue());
    }
}
