package io.offshoot.orchestrator;

import static io.offshoot.orchestrator.Executor.eventually;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.backends.KafkaResource;
import io.offshoot.backends.PostgresResource;
import io.offshoot.contracts.intent.SignedIntent;
import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.message.DeploymentRequest.Kind;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.Topics;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.AskSurvey;
import io.offshoot.contracts.query.CreateDeployment;
import io.offshoot.contracts.query.DeploymentView;
import io.offshoot.contracts.query.IntentView;
import io.offshoot.contracts.query.RequestView;
import io.offshoot.contracts.query.SurveyView;
import io.offshoot.proof.intent.CanonicalRequest;
import io.offshoot.proof.intent.Intent;
import io.offshoot.proof.key.SigningKey;
import io.offshoot.workflows.DocsSite;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What hubs signed, where deployments are made and handed out. */
@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(ServiceTokens.class)
class IntentTest {

    private static final SigningKey KEY = SigningKey.generate();
    private static final ObjectNode BODY = Executor.json("""
            {"workflow": "docs-site", "config": {"slug": "gathering"},
             "apps": [{"appId": "docs", "input": {
               "repository": {"source": "TEMPLATE", "upstream": "up/docs-site"}, "content": {"title": "Our docs"}}}]}""");
    private static final CanonicalRequest REQUEST = CanonicalRequest.of(BODY);
    private static final String REPOSITORY = """
            {"id": 7, "fullName": "hub-a/gathering-docs", "defaultBranch": "main", "url": "https://github.com/x"}""";

    @Inject
    DataSource database;

    private KafkaClient kafka;
    private Executor github;

    @BeforeEach
    void connect() {
        kafka = new KafkaClient(ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class));
        github = new Executor("github", ServiceTokens.GITHUB, kafka);
    }

    @AfterEach
    void disconnect() {
        kafka.close();
    }

    @Test
    void isKeptAsItCameAndShownToItsHubAlone() {
        var signed = signed(nonce());

        var id = created(create("hub-a", null, signed).statusCode(201));

        var shown = gateway()
                .get("/internal/hubs/hub-a/deployments/{id}/intent", id)
                .then()
                .statusCode(200)
                .extract()
                .as(IntentView.class);
        assertThat(shown.request()).isEqualTo(signed.request());
        assertThat(shown.envelope()).isEqualTo(signed.envelope());
        assertThat(shown.keys()).isEqualTo(signed.keys());
        assertThat(shown.digest()).matches("[0-9a-f]{64}");
        gateway()
                .get("/internal/hubs/hub-b/deployments/{id}/intent", id)
                .then()
                .statusCode(404)
                .body("code", equalTo("unknown-deployment"));
    }

    @Test
    void aDeploymentWithoutOneHasNone() {
        var id = created(create("hub-a", null, null).statusCode(201));

        gateway()
                .get("/internal/hubs/hub-a/deployments/{id}/intent", id)
                .then()
                .statusCode(404)
                .body("code", equalTo("no-intent"));
    }

    @Test
    void aNonceCountsOnce() throws SQLException {
        var signed = signed(nonce());
        create("hub-a", null, signed).statusCode(201);
        var before = deployments();

        isRefused(create("hub-a", null, signed), ProblemType.INTENT_REPLAYED);
        isRefused(create("hub-a", "another-" + nonce(), signed), ProblemType.INTENT_REPLAYED);
        isRefused(dryRun(signed), ProblemType.INTENT_REPLAYED);

        assertThat(deployments()).isEqualTo(before);
    }

    @Test
    void theSameRequestWithTheSameKeyIsNoReplay() throws SQLException {
        var signed = signed(nonce());
        var key = "key-" + nonce();
        var id = created(create("hub-a", key, signed).statusCode(201));
        var before = deployments();
        // Found to be signed by one more key meanwhile, as when a key was added.
        var again = new SignedIntent(signed.request(), signed.envelope(), List.of());

        var replayed = create("hub-a", key, again).statusCode(200).header("Idempotent-Replayed", "true");

        assertThat(created(replayed)).isEqualTo(id);
        assertThat(deployments()).isEqualTo(before);
    }

    @Test
    void aNewIntentUnderAUsedKeyIsAnotherRequest() {
        var key = "key-" + nonce();
        create("hub-a", key, signed(nonce())).statusCode(201);

        isRefused(create("hub-a", key, signed(nonce())), ProblemType.IDEMPOTENCY_KEY_REUSED);
    }

    @Test
    void whatIsRefusedUsesNothingUp() {
        var signed = signed(nonce());
        var wrong = asked(signed);
        gateway()
                .body(new CreateDeployment(wrong.workflow(), null, null, null, wrong.apps()).signed(signed))
                .post("/internal/hubs/hub-a/deployments")
                .then()
                .statusCode(400);
        dryRun(signed).statusCode(200);

        create("hub-a", null, signed).statusCode(201);
    }

    @Test
    void anIntentIsForOneDefinitionAndOneHub() throws SQLException {
        var before = deployments();
        var digest = DocsSite.WORKFLOW.digest();

        isRefused(
                create("hub-a", null, signed(nonce(), new Intent.Definition("docs-site", 2, digest))),
                ProblemType.INTENT_OTHER_WORKFLOW);
        isRefused(
                create("hub-a", null, signed(nonce(), new Intent.Definition("docs-site", 1, "0d".repeat(32)))),
                ProblemType.INTENT_OTHER_WORKFLOW);
        isRefused(create("hub-b", null, signed(nonce())), ProblemType.INTENT_OTHER_HUB);
        isRefused(
                create("hub-a", null, new SignedIntent("{}", Executor.json("{}"), List.of())),
                ProblemType.INTENT_MALFORMED);

        assertThat(deployments()).isEqualTo(before);
    }

    @Test
    void theClaimBringsItWithWhatTheInputWasBuiltFrom() {
        var signed = signed(nonce());
        var id = created(create("hub-a", null, signed).statusCode(201));
        request(id, Kind.RUN, null);

        var repository = github.complete(id, "docs", "repository", REPOSITORY);
        var command = github.command(id, "docs", "contents");
        var contents = github.claim(command.data());

        assertThat(repository.context().intent().signed()).isEqualTo(signed);
        assertThat(repository.context().intent().outputs()).isEmpty();
        assertThat(contents.context().intent().signed()).isEqualTo(signed);
        assertThat(contents.context().intent().outputs())
                .containsOnlyKeys("repository")
                .containsEntry("repository", Executor.json(REPOSITORY));
    }

    @Test
    void theClaimOfALookBringsItToo() {
        var signed = signed(nonce());
        var id = created(create("hub-a", null, signed).statusCode(201));
        var survey = gateway()
                .body(new AskSurvey(SurveyView.Kind.PLAN, null, null, "test"))
                .post("/internal/hubs/hub-a/deployments/{id}/surveys", id)
                .as(SurveyView.class);

        var look = github.claim(github.look(survey.id(), "repository").data());

        assertThat(look.context().intent().signed()).isEqualTo(signed);
        assertThat(look.context().intent().outputs()).isEmpty();
    }

    @Test
    void argumentsNeverComeOverWhatWasSigned() {
        var id = created(create("hub-a", null, signed(nonce())).statusCode(201));
        var args = Executor.json("{\"upstream\": \"evil/stream\"}");

        gateway()
                .body(new DeploymentRequest(Kind.TRIGGER, id, "docs", "repository", args, "test"))
                .post("/internal/hubs/hub-a/deployments/{id}/check", id)
                .then()
                .statusCode(403)
                .body("code", equalTo("args-not-signed"));
        var decided = request(id, Kind.TRIGGER, args);

        assertThat(decided.outcome()).isEqualTo(RequestView.Outcome.REFUSED);
        assertThat(decided.code()).isEqualTo("args-not-signed");
    }

    private void isRefused(ValidatableResponse answer, ProblemType type) {
        answer.statusCode(type.status())
                .contentType("application/problem+json")
                .body("type", equalTo(type.type()))
                .body("code", equalTo(type.code()));
    }

    private RequestView request(UUID id, Kind kind, ObjectNode args) {
        var isTrigger = kind == Kind.TRIGGER;
        var message = CloudEvent.first(
                Messages.newId(),
                "/test",
                id.toString(),
                Instant.EPOCH,
                "hub-a",
                null,
                new DeploymentRequest(
                        kind, id, isTrigger ? "docs" : null, isTrigger ? "repository" : null, args, "test"));
        kafka.send(Topics.TRIGGERS, id.toString(), Messages.write(message));
        var decided = new RequestView[1];
        eventually(() -> {
            decided[0] = gateway()
                    .get("/internal/hubs/hub-a/deployments/{id}/requests/{request}", id, message.id())
                    .as(RequestView.class);
            assertThat(decided[0].outcome()).isNotEqualTo(RequestView.Outcome.ACCEPTED);
        });
        return decided[0];
    }

    private static ValidatableResponse create(String hub, String key, SignedIntent signed) {
        var request = gateway().body(asked(signed));
        return (key == null ? request : request.header("Idempotency-Key", key))
                .post("/internal/hubs/{hub}/deployments", hub)
                .then();
    }

    private static ValidatableResponse dryRun(SignedIntent signed) {
        return gateway()
                .body(asked(signed))
                .post("/internal/hubs/hub-a/deployments?dryRun=true")
                .then();
    }

    private static UUID created(ValidatableResponse answer) {
        return answer.extract().as(DeploymentView.class).id();
    }

    private static CreateDeployment asked(SignedIntent signed) {
        return Messages.json().convertValue(BODY, CreateDeployment.class).signed(signed);
    }

    private static SignedIntent signed(String nonce) {
        var docs = DocsSite.WORKFLOW;
        return signed(nonce, new Intent.Definition(docs.id(), docs.version(), docs.digest()));
    }

    private static SignedIntent signed(String nonce, Intent.Definition definition) {
        var begin = Instant.parse("2026-11-22T10:00:00Z");
        var envelope = Intent.of(
                        REQUEST,
                        definition,
                        nonce,
                        begin,
                        begin.plus(Duration.ofHours(1)),
                        "https://offshoot.example",
                        "hub-a")
                .signed(KEY);
        var jwk = Messages.json().createObjectNode();
        KEY.verifying().toJwk().forEach(jwk::put);
        return new SignedIntent(REQUEST.text(), Executor.json(new String(envelope.toJson(), UTF_8)), List.of(jwk));
    }

    private static String nonce() {
        return Messages.newId().toString().replace("-", "");
    }

    private static RequestSpecification gateway() {
        return given().header("Authorization", "Bearer " + ServiceTokens.GATEWAY)
                .contentType("application/json");
    }

    private long deployments() throws SQLException {
        try (var connection = database.getConnection();
                var rows = connection
                        .createStatement()
                        .executeQuery("select (select count(*) from deployment where hub in ('hub-a', 'hub-b'))"
                                + " + (select count(*) from intent) * 1000000")) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
