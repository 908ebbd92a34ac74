package io.offshoot.gateway;

import static io.offshoot.gateway.FakeOrchestrator.DEPLOYMENT;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;

import io.offshoot.backends.KafkaResource;
import io.offshoot.backends.PostgresResource;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.StepState;
import io.offshoot.contracts.problem.Problem;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.RequestView;
import io.offshoot.contracts.query.SurveyView;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@WithTestResource(KafkaResource.class)
@WithTestResource(PostgresResource.class)
@WithTestResource(Surroundings.class)
class GatewayTest {

    private static final String V1 = "/api/v1/deployments/" + FakeOrchestrator.ID;
    private static final String ACTION = V1 + "/apps/docs/actions/repository";
    private static final String TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final String TOO_LONG = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
            + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
            + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
            + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private static final String CREATE = """
            {"workflow": "docs-site", "config": {"event": "summit"}, "envVars": {"TITLE": "Docs"},
             "apps": [{"appId": "docs", "input": {"repository": {"name": "docs"}}}]}""";

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String kafka;

    private final FakeOrchestrator orchestrator = Surroundings.orchestrator();
    private TopicReader topic;

    @BeforeEach
    void begin() {
        orchestrator.reset();
        // Its database is migrated after the start, and some calls need it.
        await().until(() -> owner().get("/api/v1/hubs/north").statusCode() == 200);
        // What an earlier test triggered is over.
        orchestrator.decides(RequestView.Outcome.STARTED, null);
        owner().get(ACTION).then().statusCode(200);
        orchestrator.reset();
        topic = new TopicReader(kafka);
    }

    @AfterEach
    void end() {
        topic.close();
    }

    private static RequestSpecification as(String token) {
        return given().header("Authorization", "Bearer " + token);
    }

    private static RequestSpecification owner() {
        return as("north-owner").contentType("application/json");
    }

    private static RequestSpecification deploy(String body) {
        return owner().body(body);
    }

    private static String call(String mode) {
        return "{\"mode\":\"%s\",\"workflowId\":\"%s\",\"appId\":\"docs\",\"actionId\":\"repository\"}"
                .formatted(mode, DEPLOYMENT);
    }

    private void isRefused(Response answer, ProblemType type) {
        answer.then()
                .statusCode(type.status())
                .contentType("application/problem+json")
                .body("type", is(type.type()))
                .body("code", is(type.code()))
                .body("status", is(type.status()))
                .body("retryable", is(type.isRetryable()))
                .body("instance", matchesPattern("/.*"))
                .body("traceId", matchesPattern("[0-9a-f]{32}"));
        assertThat(topic.published()).isEmpty();
    }

    private CloudEvent<DeploymentRequest> theOneRequest() throws Exception {
        var published = topic.published();
        assertThat(published).hasSize(1);
        return Messages.read(published.get(0).value(), DeploymentRequest.class);
    }

    // The first API's endpoint

    @ParameterizedTest
    @ValueSource(strings = {"id", "secretsDigest", "sealed"})
    void whatOnlyTheGatewayTellsTheOrchestratorNobodyElseCanSend(String field) {
        var body = CREATE.replaceFirst("\\{", "{\"%s\": \"%s\", ".formatted(field, DEPLOYMENT));

        var direct = deploy(body).post("/api/v1/deployments");
        var first = deploy(body.replaceFirst("\\{", "{\"mode\": \"init\", ")).post("/api/deploy");

        isRefused(direct, ProblemType.UNKNOWN_FIELD);
        isRefused(first, ProblemType.UNKNOWN_FIELD);
        assertThat(orchestrator.calls()).isEmpty();
    }

    @Test
    void initAnswersTheIdAndTheActionsInTheirOrder() {
        var body = CREATE.replaceFirst("\\{", "{\"mode\": \"init\", ");

        var answer = deploy(body).header("Idempotency-Key", "k-1").post("/api/deploy");

        answer.then()
                .statusCode(200)
                .body("workflowId", is(DEPLOYMENT.toString()))
                .body("actions.id", equalTo(List.of("repository", "project")))
                .body("actions[1].needs", equalTo(List.of("repository")))
                .body("apps", hasSize(1))
                .body("apps[0].appId", is("docs"))
                .body("apps[0].workflow", is("docs-site"))
                .body("apps[0].actions.id", equalTo(List.of("repository", "project")));
        var created = orchestrator.calls().get(0);
        assertThat(created.path()).isEqualTo("/internal/hubs/north/deployments");
        assertThat(created.header("Idempotency-Key")).isEqualTo("k-1");
        assertThat(created.body().path("config").path("event").asText()).isEqualTo("summit");
        assertThat(created.body().has("mode")).isFalse();
    }

    @Test
    void aTriggerIsPublishedWithItsHubKeyAndTrace() throws Exception {
        orchestrator.decides(RequestView.Outcome.STARTED, null);
        orchestrator.stands("repository", StepState.DISPATCHED);

        var answer = deploy(call("trigger").replace("}", ",\"args\":{\"name\":\"other\"}}"))
                .header("traceparent", TRACEPARENT)
                .post("/api/deploy");

        answer.then()
                .statusCode(202)
                .header("Retry-After", "2")
                .body("status", is("running"))
                .body("state", is("DISPATCHED"));
        var published = topic.published();
        assertThat(published).hasSize(1);
        var record = published.get(0);
        assertThat(record.key()).isEqualTo(DEPLOYMENT.toString());
        assertThat(record.headers().lastHeader("content-type").value())
                .asString()
                .isEqualTo("application/cloudevents+json");
        var message = Messages.read(record.value(), DeploymentRequest.class);
        assertThat(message.hubid()).isEqualTo("north");
        assertThat(message.id().version()).isEqualTo(7);
        assertThat(message.source()).isEqualTo("/gateway");
        assertThat(message.traceparent()).startsWith(TRACEPARENT.substring(0, 36));
        assertThat(message.data())
                .isEqualTo(new DeploymentRequest(
                        DeploymentRequest.Kind.TRIGGER,
                        DEPLOYMENT,
                        "docs",
                        "repository",
                        Messages.json().createObjectNode().put("name", "other"),
                        "north-owner"));
        assertThat(answer.header("Location")).isEqualTo(ACTION + "?trigger=" + message.id());
    }

    @Test
    void aTriggerThatIsRefusedInTimeIsAnsweredWithTheProblem() {
        orchestrator.decides(RequestView.Outcome.REFUSED, "needs-not-done");

        var answer = deploy(call("trigger")).post("/api/deploy");

        answer.then().statusCode(409).body("code", is("needs-not-done")).body("detail", is("As the test wants it."));
    }

    @Test
    void aTriggerWithoutAWordInTimeIsRunningAndSoArePollsUntilItIsKnown() {
        orchestrator.stands("repository", StepState.FAILED);

        deploy(call("trigger"))
                .post("/api/deploy")
                .then()
                .statusCode(202)
                .body("status", is("running"))
                .body("state", is("ACCEPTED"));

        deploy(call("status")).post("/api/deploy").then().body("status", is("running"));
        owner().get(ACTION).then().body("status", is("running")).body("state", is("ACCEPTED"));
        orchestrator.decides(RequestView.Outcome.STARTED, null);
        orchestrator.stands("repository", StepState.SUCCEEDED);
        deploy(call("poll"))
                .post("/api/deploy")
                .then()
                .body("status", is("done"))
                .body("outputs.id", is(7));
    }

    @Test
    void aRefusalAfterTheAnswerIsAnErrorToTheFirstApisPolls() {
        deploy(call("trigger")).post("/api/deploy").then().statusCode(202);
        orchestrator.decides(RequestView.Outcome.REFUSED, "needs-not-done");

        for (int i = 0; i < 2; i++) {
            deploy(call("status"))
                    .post("/api/deploy")
                    .then()
                    .statusCode(200)
                    .body("status", is("error"))
                    .body("error.code", is("needs-not-done"));
        }
    }

    @Test
    void theErrorOfAnActionIsShown() {
        orchestrator.stands(
                "repository", StepState.FAILED, new Failure(FailureClass.REFUSED, "name-taken", "The name is taken."));

        deploy(call("status"))
                .post("/api/deploy")
                .then()
                .statusCode(200)
                .body("status", is("error"))
                .body("state", is("FAILED"))
                .body("attempt", is(1))
                .body("error.code", is("name-taken"))
                .body("error.message", is("The name is taken."))
                .body("error.retryable", is(false));
    }

    @Test
    void theFirstClientsLoopEndsWithDone() {
        orchestrator.decides(RequestView.Outcome.STARTED, null);
        orchestrator.stands("repository", StepState.DISPATCHED);
        var states = List.of(StepState.RUNNING, StepState.WAITING, StepState.SUCCEEDED)
                .iterator();

        var status = deploy(call("trigger")).post("/api/deploy").jsonPath().getString("status");
        while (!status.equals("done") && !status.equals("error")) {
            orchestrator.stands("repository", states.next());
            status = deploy(call("status")).post("/api/deploy").jsonPath().getString("status");
        }

        assertThat(status).isEqualTo("done");
        assertThat(states.hasNext()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"mode\":\"stop\"}", "{\"mode\":7}", "{\"mode\":null}"})
    void anotherModeIsRefused(String body) {
        isRefused(deploy(body).post("/api/deploy"), ProblemType.WRONG_MODE);
    }

    @Test
    void everyMissingIdIsPointedAt() {
        var answer = deploy("{\"mode\":\"trigger\",\"appId\":\"docs\"}").post("/api/deploy");

        isRefused(answer, ProblemType.INVALID_REQUEST);
        answer.then().body("errors.pointer", equalTo(List.of("/workflowId", "/actionId")));
    }

    // Bodies

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"mode\":                          | MALFORMED_JSON  |",
                "``                                  | MALFORMED_JSON  |",
                "{} {}                               | MALFORMED_JSON  |",
                "[]                                  | INVALID_REQUEST | ``",
                "{\"mode\":\"init\",\"mode\":\"poll\"} | DUPLICATE_KEY | /mode",
                "{\"mode\":\"poll\",\"colour\":\"red\"} | UNKNOWN_FIELD | /colour",
                "{\"mode\":\"init\",\"apps\":[{\"app/Id\":\"x\"}]} | UNKNOWN_FIELD | /apps/0/app~1Id",
                "{\"mode\":\"init\",\"workflow\":7}  | INVALID_REQUEST | /workflow",
                "{\"mode\":\"init\",\"apps\":\"docs\"} | INVALID_REQUEST | /apps",
                "{\"mode\":\"init\",\"config\":{\"a\":{\"b\":1,\"b\":2}}} | DUPLICATE_KEY | /config/a/b"
            })
    void aBodyThatDoesNotFitIsRefusedAndPointedAt(String body, ProblemType type, String pointer) {
        var answer = deploy(body).post("/api/deploy");

        isRefused(answer, type);
        assertThat(orchestrator.calls()).isEmpty();
        if (pointer != null) {
            answer.then().body("errors[0].pointer", is(pointer));
        }
    }

    @Test
    void aBodyNestedTooDeeplyIsRefused() {
        var deep = "{\"mode\":\"init\",\"config\":" + "{\"a\":".repeat(20) + "1" + "}".repeat(20) + "}";

        isRefused(deploy(deep).post("/api/deploy"), ProblemType.MALFORMED_JSON);
    }

    @Test
    void aBodyThatSaysItIsTooLargeIsRefused() {
        var large = "{\"mode\":\"init\",\"config\":{\"a\":\"" + "x".repeat(70_000) + "\"}}";

        isRefused(deploy(large).post("/api/deploy"), ProblemType.BODY_TOO_LARGE);
    }

    @Test
    void aBodyThatTurnsOutTooLargeIsRefused() throws Exception {
        var large = "{\"mode\":\"init\",\"config\":{\"a\":\"" + "x".repeat(70_000) + "\"}}";

        var answer = Http.post("/api/deploy", "north-owner", large);

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body()).contains("\"code\":\"body-too-large\"");
        assertThat(topic.published()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/xml", "application/x-www-form-urlencoded"})
    void aBodyThatIsNotJsonIsRefused(String type) {
        isRefused(
                as("north-owner").contentType(type).body("{}").post("/api/deploy"), ProblemType.UNSUPPORTED_MEDIA_TYPE);
        isRefused(as("north-owner").contentType(type).body("{}").post(ACTION), ProblemType.UNSUPPORTED_MEDIA_TYPE);
    }

    // Addresses

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/nothing", "/api/nothing", "/nothing", V1 + "/plan", "/api/v1"})
    void whatIsNotThereIsNotFound(String path) {
        isRefused(owner().get(path), ProblemType.NOT_FOUND);
    }

    @Test
    void aMethodThatIsNotOfferedIsRefused() {
        isRefused(owner().delete("/api/v1/deployments"), ProblemType.METHOD_NOT_ALLOWED);
        isRefused(owner().get(V1 + "/cancel"), ProblemType.METHOD_NOT_ALLOWED);
        isRefused(owner().get("/api/deploy"), ProblemType.METHOD_NOT_ALLOWED);
    }

    @Test
    void aFormThatIsNotOfferedIsRefused() {
        isRefused(owner().accept("text/csv").get(V1), ProblemType.NOT_ACCEPTABLE);
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/workflows/No Such,                         UNKNOWN_WORKFLOW",
        "/api/v1/workflows/other,                           UNKNOWN_WORKFLOW",
        "/api/v1/deployments/7,                             UNKNOWN_DEPLOYMENT",
        "/api/v1/deployments/7/events,                      UNKNOWN_DEPLOYMENT",
        "/api/v1/deployments/01939f1e-0000-7000-8000-000000000099, UNKNOWN_DEPLOYMENT",
        V1 + "/apps/DOCS/actions/repository,                UNKNOWN_APP",
        V1 + "/apps/docs/actions/re_po,                     UNKNOWN_ACTION",
        V1 + "/apps/docs/actions/other,                     UNKNOWN_ACTION",
        V1 + "/requests/7,                                  NOT_FOUND"
    })
    void anIdThatNamesNothingIsNotFound(String path, ProblemType type) {
        isRefused(owner().get(path), type);
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/deployments?limit=0",
        "/api/v1/deployments?limit=many",
        V1 + "?wait=soon",
        V1 + "?wait=-1",
        ACTION + "?trigger=7",
        V1 + "/events?lastEventId=x"
    })
    void aParameterThatDoesNotFitIsRefused(String path) {
        isRefused(owner().get(path), ProblemType.INVALID_REQUEST);
    }

    // Credentials

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/deployments", "/api/v1/nothing", "/nothing", "/api/v1/events", "/problems"})
    void withoutACredentialNothingIsSaid(String path) {
        var answer = given().get(path);

        isRefused(answer, ProblemType.UNAUTHENTICATED);
        answer.then().header("WWW-Authenticate", containsString("Bearer"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer", "Bearer ", "Bearer wrong", "Basic bm9ydGgtb3duZXI=", "north-owner"})
    void withAWrongCredentialNothingHappens(String authorization) {
        var answer = given().header("Authorization", authorization)
                .contentType("application/json")
                .body(call("trigger"))
                .post("/api/deploy");

        isRefused(answer, ProblemType.UNAUTHENTICATED);
        assertThat(orchestrator.calls()).isEmpty();
    }

    @Test
    void anotherHubsDeploymentIsNotThere() {
        var south = as("south-owner").contentType("application/json");

        isRefused(south.get(V1), ProblemType.UNKNOWN_DEPLOYMENT);
        isRefused(south.get(ACTION), ProblemType.UNKNOWN_DEPLOYMENT);
        isRefused(south.post(ACTION), ProblemType.UNKNOWN_DEPLOYMENT);
        isRefused(south.post(V1 + "/run"), ProblemType.UNKNOWN_DEPLOYMENT);
        isRefused(south.get(V1 + "/events"), ProblemType.UNKNOWN_DEPLOYMENT);
        isRefused(south.body(call("trigger")).post("/api/deploy"), ProblemType.UNKNOWN_DEPLOYMENT);
        assertThat(orchestrator.calls()).allMatch(call -> call.path().startsWith("/internal/hubs/south/"));
    }

    @Test
    void anOperatorListsInspectsAndReplaysDeadLetters() {
        var letters = "/api/v1/admin/dead-letters";
        var operator = as("platform");

        operator.get(letters + "?limit=1")
                .then()
                .statusCode(200)
                .body("letters", hasSize(1))
                .body("letters[0].reason", is("unreadable"))
                .body("letters[0].value", nullValue())
                .header("Link", "<%s?limit=1&cursor=%s>; rel=\"next\"".formatted(letters, FakeOrchestrator.LETTER));
        as("platform")
                .get(letters + "?cursor=" + FakeOrchestrator.LETTER)
                .then()
                .statusCode(200)
                .header("Link", nullValue());
        as("platform")
                .get(letters + "/" + FakeOrchestrator.LETTER)
                .then()
                .statusCode(200)
                .body("topic", is("deployment.triggers"))
                .body("partition", is(2))
                .body("offset", is(41))
                .body("value", is("e25vdCBqc29u"));
        as("platform")
                .post(letters + "/" + FakeOrchestrator.LETTER + "/replay")
                .then()
                .statusCode(202)
                .header("Location", containsString(letters + "/" + FakeOrchestrator.LETTER))
                .body("replayedBy", is("platform"))
                .body("replays", is(1));
    }

    @Test
    void aDeadLetterThatIsUnknownOrCannotBeReplayedIsAProblem() {
        var letters = "/api/v1/admin/dead-letters/";

        isRefused(as("platform").get(letters + "none"), ProblemType.UNKNOWN_DEAD_LETTER);
        isRefused(as("platform").get(letters + FakeOrchestrator.ID), ProblemType.UNKNOWN_DEAD_LETTER);
        isRefused(as("platform").post(letters + FakeOrchestrator.ID + "/replay"), ProblemType.UNKNOWN_DEAD_LETTER);
        isRefused(as("platform").get("/api/v1/admin/dead-letters?limit=101"), ProblemType.INVALID_REQUEST);
        orchestrator.refuses(ProblemType.NOT_REPLAYABLE);
        isRefused(as("platform").post(letters + FakeOrchestrator.LETTER + "/replay"), ProblemType.NOT_REPLAYABLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"north-owner", "north-member", "south-owner"})
    void deadLettersAreForOperatorsOnly(String token) {
        var letter = "/api/v1/admin/dead-letters/" + FakeOrchestrator.LETTER;

        isRefused(as(token).get("/api/v1/admin/dead-letters"), ProblemType.FORBIDDEN);
        isRefused(as(token).get(letter), ProblemType.FORBIDDEN);
        isRefused(as(token).post(letter + "/replay"), ProblemType.FORBIDDEN);
        assertThat(orchestrator.calls()).isEmpty();
    }

    @Test
    void aMemberTriggersAndWatchesButDoesNotCreateOrRun() {
        var member = as("north-member").contentType("application/json");

        isRefused(member.post(V1 + "/run"), ProblemType.FORBIDDEN);
        isRefused(member.post(V1 + "/resume"), ProblemType.FORBIDDEN);
        isRefused(member.post(V1 + "/cancel"), ProblemType.FORBIDDEN);
        isRefused(member.body(CREATE).post("/api/v1/deployments"), ProblemType.FORBIDDEN);
        isRefused(member.body("{\"mode\":\"init\"}").post("/api/deploy"), ProblemType.FORBIDDEN);
        as("north-member").post(ACTION).then().statusCode(202);
        as("north-member").get(ACTION).then().statusCode(200);
    }

    @Test
    void theApiDocumentNeedsNone() {
        given().get("/q/openapi?format=json")
                .then()
                .statusCode(200)
                .body("openapi", matchesPattern("3\\.1\\..*"))
                .body("info.title", is("Offshoot"))
                .body("components.securitySchemes.token.scheme", is("bearer"));
    }

    @ParameterizedTest
    @EnumSource(ProblemType.class)
    void everyProblemHasItsPage(ProblemType type) {
        given().accept("text/html")
                .get(type.type())
                .then()
                .statusCode(200)
                .contentType("text/html")
                .body(containsString(type.code()));
    }

    @Test
    void aPageOfNoProblemIsNotFound() {
        isRefused(given().get("/problems/other"), ProblemType.NOT_FOUND);
    }

    // Workflows and deployments

    @Test
    void workflowsAreShown() {
        owner().get("/api/v1/workflows").then().statusCode(200).body("id", equalTo(List.of("docs-site")));
        owner().get("/api/v1/workflows/docs-site").then().statusCode(200).body("title", is("Docs"));
    }

    @Test
    void aHubSeesItsOwnConnectionsWithBudgetAndQueue() {
        as("south-owner")
                .get("/api/v1/providers?hub=north")
                .then()
                .statusCode(200)
                .body("provider", equalTo(List.of("github")))
                .body("[0].ready", is(true))
                .body("[0].connections.name", equalTo(List.of("south")))
                .body("[0].connections[0].lane.queued", is(3))
                .body("[0].connections[0].lane.windows[0].used", is(12))
                .body("[0].connections[0].lane.allowances[0].remaining", is(4988));
        as("north-member").get("/api/v1/providers").then().statusCode(200);

        assertThat(orchestrator.calls())
                .extracting(call -> call.path())
                .containsExactly("/internal/hubs/south/providers", "/internal/hubs/north/providers");
    }

    @Test
    void anOperatorSeesTheConnectionsOfAllHubs() {
        as("platform")
                .get("/api/v1/providers")
                .then()
                .statusCode(200)
                .body("connections.name.flatten()", equalTo(List.of("north", "south")));
        isRefused(given().get("/api/v1/providers"), ProblemType.UNAUTHENTICATED);
    }

    @Test
    void aDeploymentIsCreated() {
        var answer = deploy(CREATE).header("Idempotency-Key", "k-2").post("/api/v1/deployments");

        answer.then().statusCode(201).header("Location", V1).body("id", is(DEPLOYMENT.toString()));
        assertThat(orchestrator.calls().get(0).header("Idempotency-Key")).isEqualTo("k-2");
    }

    @Test
    void aDryRunCreatesNothing() {
        deploy(CREATE)
                .post("/api/v1/deployments?dryRun=true")
                .then()
                .statusCode(200)
                .header("Location", nullValue())
                .body("id", nullValue())
                .body("workflow", is("docs-site"));
        assertThat(orchestrator.calls().get(0).query()).isEqualTo("dryRun=true");
    }

    @Test
    void theProblemsOfADeploymentAreHandedOn() {
        orchestrator.refuses(
                ProblemType.INVALID_REQUEST, new Problem.Invalid("/a", "One."), new Problem.Invalid("/b", "Two."));

        var answer = deploy(CREATE).post("/api/v1/deployments");

        isRefused(answer, ProblemType.INVALID_REQUEST);
        answer.then().body("errors.pointer", equalTo(List.of("/a", "/b"))).body("instance", is("/api/v1/deployments"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"with space", "\u00e9", TOO_LONG})
    void anIdempotencyKeyThatIsNotUsableIsRefused(String key) {
        isRefused(
                deploy(CREATE).header("Idempotency-Key", key).post("/api/v1/deployments"),
                ProblemType.INVALID_IDEMPOTENCY_KEY);
        isRefused(owner().header("Idempotency-Key", key).post(ACTION), ProblemType.INVALID_IDEMPOTENCY_KEY);
        assertThat(orchestrator.calls()).isEmpty();
    }

    @Test
    void theListLeadsToItsNextPage() {
        var first = owner().get("/api/v1/deployments?limit=1");
        var next = first.header("Link");
        var last = owner().urlEncodingEnabled(false).get("/api/v1/deployments?limit=1&cursor=a%2Bb");

        assertThat(next).isEqualTo("</api/v1/deployments?limit=1&cursor=a%2Bb>; rel=\"next\"");
        first.then().statusCode(200).body("deployments.id", equalTo(List.of(DEPLOYMENT.toString())));
        last.then().statusCode(200).header("Link", nullValue());
        assertThat(orchestrator.calls().get(1).query()).contains("cursor=a+b");
    }

    @ParameterizedTest
    @ValueSource(strings = {V1, ACTION})
    void aPollWithTheTagOfWhatIsKnownIsNotModified(String path) {
        var etag = owner().get(path).then().statusCode(200).extract().header("ETag");

        owner().header("If-None-Match", etag)
                .get(path)
                .then()
                .statusCode(304)
                .header("ETag", etag)
                .body(is(""));
        orchestrator.stands("repository", StepState.RUNNING);
        owner().header("If-None-Match", etag).get(path).then().statusCode(200);
    }

    @ParameterizedTest
    @CsvSource({"run, RUN", "resume, RESUME", "cancel, CANCEL"})
    void aWholeDeploymentIsAskedToRunResumeOrStop(String path, DeploymentRequest.Kind kind) throws Exception {
        var answer = as("north-owner").post(V1 + "/" + path);

        var message = theOneRequest();
        assertThat(message.data()).isEqualTo(new DeploymentRequest(kind, DEPLOYMENT, null, null, null, "north-owner"));
        answer.then()
                .statusCode(202)
                .header("Retry-After", "2")
                .header("Location", V1 + "?request=" + message.id())
                .body("requestId", is(message.id().toString()));
        owner().get(answer.header("Location"))
                .then()
                .statusCode(200)
                .body("status", is("running"))
                .body("request.outcome", is("accepted"));
        orchestrator.decides(RequestView.Outcome.STARTED, null);
        owner().get(answer.header("Location"))
                .then()
                .body("id", is(DEPLOYMENT.toString()))
                .body("request.outcome", is("started"));
    }

    // Plans, observations and teardowns

    @ParameterizedTest
    @CsvSource({
        "plan, plans, '', PLAN",
        "plan, plans, '{\"for\":\"run\",\"app\":\"docs\"}', PLAN",
        "plan, plans, '{\"for\":\"teardown\",\"repositories\":\"delete\"}', TEARDOWN",
        "observe, observations, '', OBSERVATION"
    })
    void aPlanOrAnObservationStandsAtItsLocationWhenItIsDone(
            String path, String where, String body, SurveyView.Kind kind) {
        var answer = owner().body(body).post(V1 + "/" + path);

        answer.then()
                .statusCode(202)
                .header("Retry-After", "2")
                .header("Location", V1 + "/" + where + "/" + FakeOrchestrator.SURVEY)
                .body("kind", is(kind.name()))
                .body("done", is(false))
                .body("findings", nullValue());
        orchestrator.hasLooked();
        owner().get(answer.header("Location"))
                .then()
                .statusCode(200)
                .body("done", is(true))
                .body("hash", is(FakeOrchestrator.PLAN))
                .body("findings[0].finding.kind", is("CREATE"));
    }

    @Test
    void aPollOfAPlanIsHeldUntilItIsDone() {
        var looking =
                CompletableFuture.supplyAsync(() -> owner().get(V1 + "/plans/" + FakeOrchestrator.SURVEY + "?wait=20"));
        await().until(() -> orchestrator.calls().stream()
                .anyMatch(call -> call.path().endsWith(FakeOrchestrator.SURVEY.toString())));
        orchestrator.hasLooked();

        looking.join().then().statusCode(200).body("done", is(true));
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"for\":\"dinner\"}', /for",
        "'{\"for\":\"teardown\",\"repositories\":\"burn\"}', /repositories",
        "'{\"repositories\":\"delete\"}', /repositories"
    })
    void aPlanOfWhatIsNoChoiceIsRefused(String body, String pointer) {
        owner().body(body)
                .post(V1 + "/plan")
                .then()
                .statusCode(400)
                .body("code", is("invalid-request"))
                .body("errors[0].pointer", is(pointer));
        assertThat(orchestrator.calls()).isEmpty();
    }

    @Test
    void aRunMayBeBoundToItsPlan() throws Exception {
        owner().body("{\"plan\":\"" + FakeOrchestrator.PLAN + "\"}")
                .post(V1 + "/run")
                .then()
                .statusCode(202);

        assertThat(theOneRequest().data().plan()).isEqualTo(FakeOrchestrator.PLAN);
    }

    @Test
    void aTeardownBringsThePlanTheNameAndTheChoice() throws Exception {
        owner().header("Idempotency-Key", "t-1")
                .body(teardown("docs", "delete"))
                .post(V1 + "/teardown")
                .then()
                .statusCode(202);

        assertThat(theOneRequest().data())
                .isEqualTo(new DeploymentRequest(
                        DeploymentRequest.Kind.TEARDOWN,
                        DEPLOYMENT,
                        "docs",
                        null,
                        null,
                        "north-owner",
                        false,
                        FakeOrchestrator.PLAN,
                        Removal.DELETE));
    }

    @Test
    void aTeardownAskedForTwiceWithItsKeyIsOneRequest() throws Exception {
        for (int time = 0; time < 2; time++) {
            owner().header("Idempotency-Key", "t-2")
                    .body(teardown("docs", "archive"))
                    .post(V1 + "/teardown")
                    .then()
                    .statusCode(202);
        }

        theOneRequest();
    }

    @Test
    void aTeardownThatIsNotMeantIsRefusedAndNothingHappens() {
        owner().body(teardown("docs", "archive"))
                .post(V1 + "/teardown")
                .then()
                .statusCode(400)
                .body("code", is("idempotency-key-required"));
        owner().header("Idempotency-Key", "t-3")
                .body("{}")
                .post(V1 + "/teardown")
                .then()
                .statusCode(400)
                .body("errors.pointer", is(List.of("/plan", "/name")));
        orchestrator.refuses(ProblemType.NAME_MISMATCH);
        owner().header("Idempotency-Key", "t-4")
                .body(teardown("dosc", "archive"))
                .post(V1 + "/teardown")
                .then()
                .statusCode(422)
                .body("code", is("name-mismatch"));
        as("north-member")
                .header("Idempotency-Key", "t-5")
                .contentType("application/json")
                .body(teardown("docs", "archive"))
                .post(V1 + "/teardown")
                .then()
                .statusCode(403);
        assertThat(topic.published()).isEmpty();
    }

    private static String teardown(String name, String repositories) {
        return "{\"plan\":\"%s\",\"name\":\"%s\",\"repositories\":\"%s\"}"
                .formatted(FakeOrchestrator.PLAN, name, repositories);
    }

    // Actions

    @Test
    void aTriggerIsAnsweredWithWhereItsOutcomeStands() throws Exception {
        var answer = as("north-owner").post(ACTION);

        var message = theOneRequest();
        assertThat(message.data().args()).isNull();
        answer.then()
                .statusCode(202)
                .header("Retry-After", "2")
                .header("Location", ACTION + "?trigger=" + message.id())
                .body("status", is("running"))
                .body("requestId", is(message.id().toString()));
        orchestrator.decides(RequestView.Outcome.REFUSED, "needs-not-done");
        owner().get(answer.header("Location"))
                .then()
                .statusCode(200)
                .body("status", is("idle"))
                .body("request.outcome", is("refused"))
                .body("request.code", is("needs-not-done"));
    }

    @Test
    void theArgumentsOfATriggerAreHandedOn() throws Exception {
        owner().body("{\"args\":{\"name\":\"other\"}}").post(ACTION).then().statusCode(202);

        assertThat(theOneRequest().data().args())
                .isEqualTo(Messages.json().createObjectNode().put("name", "other"));
    }

    @Test
    void aRerunIsHandedOnWithItsKeyAndRefusedWithoutOne() throws Exception {
        isRefused(owner().body("{\"rerun\":true}").post(ACTION), ProblemType.IDEMPOTENCY_KEY_REQUIRED);

        owner().header("Idempotency-Key", "k-rerun")
                .body("{\"rerun\":true}")
                .post(ACTION)
                .then()
                .statusCode(202);

        assertThat(theOneRequest().data().rerun()).isTrue();
    }

    @Test
    void anActionIsAskedToStop() throws Exception {
        var answer = as("north-member").post(ACTION + "/cancel");

        var message = theOneRequest();
        assertThat(message.data())
                .isEqualTo(new DeploymentRequest(
                        DeploymentRequest.Kind.CANCEL, DEPLOYMENT, "docs", "repository", null, "north-member"));
        answer.then().statusCode(202).header("Location", ACTION + "?trigger=" + message.id());
    }

    @Test
    void anActionThatWaitsIsAskedToLookAgain() throws Exception {
        var answer = as("north-member").post(ACTION + "/look");

        var message = theOneRequest();
        assertThat(message.data())
                .isEqualTo(new DeploymentRequest(
                        DeploymentRequest.Kind.HINT, DEPLOYMENT, "docs", "repository", null, "north-member"));
        answer.then().statusCode(202).header("Location", ACTION + "?trigger=" + message.id());
    }

    @Test
    void theAttemptsOfAnActionAreShown() {
        owner().get(ACTION + "/attempts")
                .then()
                .statusCode(200)
                .body("number", equalTo(List.of(1)))
                .body("[0].outcome", is("FAILED"))
                .body("[0].failure.code", is("no"));
        isRefused(owner().get(V1 + "/apps/docs/actions/other/attempts"), ProblemType.UNKNOWN_ACTION);
        isRefused(as("south-owner").get(ACTION + "/attempts"), ProblemType.UNKNOWN_DEPLOYMENT);
    }

    @Test
    void whatADeploymentOwnsIsShownToItsHubOnly() {
        as("north-member")
                .get(V1 + "/resources")
                .then()
                .statusCode(200)
                .body("id", equalTo(List.of("7")))
                .body("[0].verb", is("CREATED"))
                .body("[0].owned", is(true))
                .body("[0].mark", is("offshoot:key"))
                .body("[0].history[0].attempt", is(1));
        isRefused(as("south-owner").get(V1 + "/resources"), ProblemType.UNKNOWN_DEPLOYMENT);
    }

    @Test
    void whatWasOnlyFoundIsShownWhenAskedFor() {
        owner().get(V1 + "/resources?all=true").then().statusCode(200).body("id", equalTo(List.of("7", "8")));
        isRefused(owner().get(V1 + "/resources?all=yes"), ProblemType.INVALID_REQUEST);
    }

    @ParameterizedTest
    @EnumSource(
            value = ProblemType.class,
            names = {"UNKNOWN_APP", "UNKNOWN_ACTION", "NEEDS_NOT_DONE", "CONFLICTING_ARGUMENTS", "INVALID_REQUEST"})
    void whatTheOrchestratorWouldRefuseIsNotPublished(ProblemType type) {
        orchestrator.refuses(type);

        isRefused(owner().post(ACTION), type);
        isRefused(deploy(call("trigger")).post("/api/deploy"), type);
    }

    @ParameterizedTest
    @CsvSource({"STARTED,", "JOINED,", "ALREADY_DONE,", "REFUSED, nothing-to-resume"})
    void whatBecameOfARequestIsShown(RequestView.Outcome outcome, String code) {
        var id = as("north-owner").post(V1 + "/resume").jsonPath().getString("requestId");
        var here = V1 + "/requests/" + id;
        owner().get(here).then().statusCode(200).body("id", is(id)).body("outcome", is("accepted"));

        orchestrator.decides(outcome, code);

        owner().get(here + "?wait=5")
                .then()
                .statusCode(200)
                .body("outcome", is(outcome.word()))
                .body("code", is(code));
    }

    // Outages

    @Test
    void withoutTheOrchestratorNothingIsConfirmed() {
        orchestrator.goesAway();
        var begin = System.nanoTime();

        for (var answer : List.of(
                owner().get(V1),
                owner().get(ACTION),
                owner().get("/api/v1/workflows"),
                owner().get(V1 + "/events"),
                owner().post(ACTION),
                deploy(CREATE).post("/api/v1/deployments"),
                deploy(call("status")).post("/api/deploy"),
                deploy(call("trigger")).post("/api/deploy"))) {
            isRefused(answer, ProblemType.UNAVAILABLE);
            answer.then().header("Retry-After", "2");
        }

        assertThat(System.nanoTime() - begin).isLessThan(16_000_000_000L);
    }

    @Test
    void problemsNameTheCallersTrace() {
        owner().header("traceparent", TRACEPARENT)
                .get("/api/v1/nothing")
                .then()
                .body("traceId", is(TRACEPARENT.substring(3, 35)));
    }

    @Test
    void theGatewayIsReadyWhenItFollowsTheEvents() {
        await().until(() -> Health.ready() == 200);

        assertThat(Health.ask("ready").body()).contains("\"events\"").contains("\"UP\"");
    }
}
