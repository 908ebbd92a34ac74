package io.offshoot.orchestrator;

import static io.offshoot.orchestrator.Executor.eventually;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import io.offshoot.backends.KafkaResource;
import io.offshoot.backends.PostgresResource;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.claim.ClaimAnswer;
import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.message.DeploymentRequest.Kind;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Effect.Verb;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.PublicStatus;
import io.offshoot.contracts.message.StepResult;
import io.offshoot.contracts.message.Topics;
import io.offshoot.contracts.query.AskSurvey;
import io.offshoot.contracts.query.CounterSignature;
import io.offshoot.contracts.query.DeploymentView;
import io.offshoot.contracts.query.EventPage;
import io.offshoot.contracts.query.ReceiptView;
import io.offshoot.contracts.query.SurveyView;
import io.offshoot.proof.canonical.CanonicalJson;
import io.offshoot.proof.chain.EventChain;
import io.offshoot.proof.envelope.Envelope;
import io.offshoot.proof.key.PublishedKey;
import io.offshoot.proof.key.PublishedKeys;
import io.offshoot.proof.key.SigningKey;
import io.offshoot.proof.statement.Statement;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is signed of a deployment, and the hash chain over its events. */
@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(ServiceTokens.class)
class ReceiptTest {

    private static final String REPOSITORY = """
            {"id": 7, "fullName": "hub-a/gathering-docs", "defaultBranch": "main", "url": "https://github.com/x"}""";
    private static final String COMMIT = "beef".repeat(10);
    private static final String ENV_VALUE = "sentinel-of-the-environment";

    @Inject
    DataSource database;

    private KafkaClient kafka;
    private Executor github;
    private Executor vercel;

    @BeforeEach
    void connect() {
        kafka = new KafkaClient(ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class));
        github = new Executor("github", ServiceTokens.GITHUB, kafka);
        vercel = new Executor("vercel", ServiceTokens.VERCEL, kafka);
    }

    @AfterEach
    void disconnect() {
        kafka.close();
    }

    @Test
    void whatWasDoneIsSignedWithWhatItIsAboutAndTheHeadOfTheChain() {
        var id = create();

        completeRun(id);

        var receipt = receipt(id);
        var statement = verified(receipt);
        assertThat(statement.predicateType()).isEqualTo("https://slsa.dev/provenance/v1");
        assertThat(statement.subject())
                .extracting(Statement.Subject::name)
                .containsExactly(
                        "offshoot/deployment/" + id,
                        "github/repository/7",
                        "github/commit/" + COMMIT,
                        "vercel/project/prj_1");
        assertThat(statement.subject().get(1).digest())
                .containsEntry("gitCommit", COMMIT)
                .containsEntry(
                        "sha256",
                        CanonicalJson.sha256("{\"id\":\"7\",\"kind\":\"repository\",\"provider\":\"github\"}"));
        var run = statement.predicate().path("runDetails");
        assertThat(run.path("offshoot_outcome").asText()).isEqualTo("succeeded");
        assertThat(run.path("metadata").path("invocationId").asText()).isEqualTo(id.toString());
        assertThat(run.at("/offshoot_apps/0/steps/0/attempts/0/outcome").asText())
                .isEqualTo("DONE");
        assertThat(run.at("/offshoot_apps/0/steps/2/outputs/sha").asText()).isEqualTo(COMMIT);
        assertThat(run.at("/byproducts/0/annotations/seq").asLong())
                .isEqualTo(receipt.seq())
                .isEqualTo(deployment(id).seq());
        assertThat(run.at("/byproducts/0/digest/sha256").asText())
                .isEqualTo(chainOf(id).headHex());
        var asked = statement.predicate().at("/buildDefinition/externalParameters");
        assertThat(asked.at("/environment/0").asText()).isEqualTo("NOTICE");
        assertThat(asked.at("/workflow/id").asText()).isEqualTo("docs-site");
        assertThat(new String(Envelope.read(envelope(receipt).toJson()).bytes()))
                .doesNotContain(ENV_VALUE, "Our docs");
    }

    @Test
    void secondDeliveryOfTheLastResultMakesNoSecondReceipt() throws SQLException {
        var id = create();
        request(id, Kind.RUN);
        var command = github.command(id, "docs", "repository");
        var refused = Executor.failed(github.claim(command.data()), failure());
        github.report(command, refused);
        var first = receipt(id);

        github.report(command, refused);
        request(id, Kind.RESUME);
        github.complete(id, "docs", "repository", REPOSITORY);

        eventually(() -> assertThat(receiptsOf(id)).isEqualTo(1));
        assertThat(receipt(id)).isEqualTo(first);
    }

    @Test
    void whatFailedHasAReceiptTooAndAResumeMakesANewOneBesideIt() {
        var id = create();
        noReceiptYet(id);
        request(id, Kind.RUN);
        var command = github.command(id, "docs", "repository");
        noReceiptYet(id);

        github.report(command, Executor.failed(github.claim(command.data()), failure()));
        var first = receipt(id);
        request(id, Kind.RESUME);
        var second = github.command(id, "docs", "repository");
        github.report(second, Executor.failed(github.claim(second.data()), failure()));

        eventually(() -> assertThat(receipt(id).seq()).isGreaterThan(first.seq()));
        var run = verified(first).predicate().path("runDetails");
        assertThat(run.path("offshoot_outcome").asText()).isEqualTo("failed");
        assertThat(run.at("/offshoot_apps/0/steps/0/error/code").asText()).isEqualTo("no");
        assertThat(run.at("/offshoot_apps/0/steps/0/attempts/0/failure").asText())
                .isEqualTo("no");
        assertThat(receipt(id).previous()).isEqualTo(first.seq());
        assertThat(gateway()
                        .get("/internal/hubs/hub-a/deployments/{id}/receipt?seq={seq}", id, first.seq())
                        .as(ReceiptView.class))
                .isEqualTo(first);
    }

    @Test
    void whatWasCancelledHasAReceipt() {
        var id = create();
        request(id, Kind.RUN);
        github.command(id, "docs", "repository");

        request(id, Kind.CANCEL);

        assertThat(outcome(receipt(id))).isEqualTo("cancelled");
    }

    @Test
    void aRunInPartsHasOneReceiptWhenTheLastPartIsDone() throws SQLException {
        var id = create();
        trigger(id, "repository");
        github.complete(id, "docs", "repository", REPOSITORY);
        eventually(() -> assertThat(state(id, "repository")).isEqualTo("SUCCEEDED"));
        noReceiptYet(id);

        request(id, Kind.RUN);
        completeAfterRepository(id);

        assertThat(outcome(receipt(id))).isEqualTo("succeeded");
        assertThat(receiptsOf(id)).isEqualTo(1);
    }

    @Test
    void whatWasTornDownHasAReceiptThatNamesWhatWasTakenBack() {
        var id = create();
        trigger(id, "repository");
        report(github, id, "repository", REPOSITORY, effect("repository", "7", "hub-a/gathering-docs", Verb.CREATED));
        eventually(() -> assertThat(state(id, "repository")).isEqualTo("SUCCEEDED"));

        var plan = teardownPlan(id);
        send(
                id,
                new DeploymentRequest(
                        Kind.TEARDOWN, id, "docs", null, null, "test", false, plan.hash(), Removal.ARCHIVE));
        report(github, id, "repository", "{}", effect("repository", "7", "hub-a/gathering-docs", Verb.RETIRED));

        var statement = verified(receipt(id));
        assertThat(statement.subject()).hasSize(1);
        var run = statement.predicate().path("runDetails");
        assertThat(run.path("offshoot_outcome").asText()).isEqualTo("torn-down");
        assertThat(run.at("/offshoot_resources/0/verb").asText()).isEqualTo("RETIRED");
        assertThat(run.at("/offshoot_resources/0/owned").asBoolean(true)).isFalse();
    }

    @Test
    void aRowOfTheLogThatIsChangedRemovedOrSwappedIsNoticed() throws SQLException {
        var id = create();
        request(id, Kind.RUN);
        var command = github.command(id, "docs", "repository");
        github.report(command, Executor.failed(github.claim(command.data()), failure()));
        var head = verified(receipt(id))
                .predicate()
                .at("/runDetails/byproducts/0/digest/sha256")
                .asText();
        assertThat(chainOf(id).headHex()).isEqualTo(head);

        sql(
                "update event set body = jsonb_set(body, '{data,generation}', '9') where seq = 2 and deployment_id = ?",
                id);

        assertThat(chainOf(id).headHex()).isNotEqualTo(head);
        assertThat(hashOfLast(id)).isEqualTo(head);
    }

    @Test
    void whatTheReleaseBeforeWroteIsTakenIntoTheChainByTheNextEvent() throws SQLException {
        var id = create();
        request(id, Kind.RUN);
        var command = github.command(id, "docs", "repository");
        sql("update event set hash = null where deployment_id = ?", id);
        sql("update deployment set chain = null, chained = 0 where id = ?", id);

        github.report(command, Executor.failed(github.claim(command.data()), failure()));

        var head = verified(receipt(id))
                .predicate()
                .at("/runDetails/byproducts/0/digest/sha256")
                .asText();
        assertThat(head).isEqualTo(chainOf(id).headHex()).isEqualTo(hashOfLast(id));
        assertThat(number("select count(*) from event where hash is null and deployment_id = ?", id))
                .isZero();
    }

    @Test
    void aSignatureOfTheHubIsKeptOnceAndShown() throws SQLException {
        var id = create();
        request(id, Kind.RUN);
        request(id, Kind.CANCEL);
        var receipt = receipt(id);
        var hub = SigningKey.generate();
        var sig = envelope(receipt).countersigned(hub).signatures().get(1);
        var signature = new CounterSignature(sig.keyid(), sig.sig(), "owner");

        var first = sign(id, receipt.seq(), signature).statusCode(200).extract().as(ReceiptView.class);
        var second =
                sign(id, receipt.seq(), signature).statusCode(200).extract().as(ReceiptView.class);

        assertThat(second).isEqualTo(first).isEqualTo(receipt(id));
        assertThat(first.payload()).isEqualTo(receipt.payload());
        assertThat(envelope(first).verifiedBy(List.of(hub.verifying()))).containsExactly(hub.verifying());
        assertThat(number("select count(*) from receipt_signature where deployment_id = ?", id))
                .isEqualTo(1);
        assertThat(verified(first).subject()).isNotEmpty();
    }

    @Test
    void anotherHubsReceiptIsNotThereAndCannotBeSigned() throws SQLException {
        var id = create();
        request(id, Kind.RUN);
        request(id, Kind.CANCEL);
        var receipt = receipt(id);

        gateway()
                .get("/internal/hubs/hub-b/deployments/{id}/receipt", id)
                .then()
                .statusCode(404)
                .body("code", equalTo("unknown-deployment"));
        gateway()
                .body(new CounterSignature("a", "AAAA", "stranger"))
                .post("/internal/hubs/hub-b/deployments/{id}/receipt/{seq}/signatures", id, receipt.seq())
                .then()
                .statusCode(404)
                .body("code", equalTo("unknown-deployment"));
        sign(id, receipt.seq() + 100, new CounterSignature("a", "AAAA", "owner"))
                .statusCode(404)
                .body("code", equalTo("no-receipt-yet"));
        assertThat(number("select count(*) from receipt_signature where deployment_id = ?", id))
                .isZero();
    }

    @Test
    void theDocumentedLinesVerifyAReceiptAndNoChangedOne(@TempDir Path folder) throws Exception {
        var id = create();
        request(id, Kind.RUN);
        request(id, Kind.CANCEL);
        var envelope = envelope(receipt(id));
        Files.write(folder.resolve("receipt.json"), envelope.toJson());
        Files.writeString(
                folder.resolve("keys.json"),
                gateway().get("/internal/receipts/keys").asString());
        assertThat(documentedLines()).hasSize(6);

        assertThat(run(folder, documentedLines())).isZero();
        assertThat(Files.readString(folder.resolve("statement.json"))).contains(id.toString());

        var statement = new String(envelope.bytes()).replace("cancelled", "succeeded");
        var changed = new Envelope(
                Base64.getEncoder().encodeToString(statement.getBytes()),
                envelope.payloadType(),
                envelope.signatures());
        Files.write(folder.resolve("receipt.json"), changed.toJson());
        assertThat(run(folder, documentedLines())).isNotZero();
        var otherType = new Envelope(envelope.payload(), "application/json", envelope.signatures());
        Files.write(folder.resolve("receipt.json"), otherType.toJson());
        assertThat(run(folder, documentedLines())).isNotZero();
        Files.write(folder.resolve("receipt.json"), envelope.toJson());
        var stranger = new PublishedKeys(
                List.of(PublishedKey.current(SigningKey.generate().verifying())));
        Files.writeString(folder.resolve("keys.json"), stranger.toJson().toString());
        assertThat(run(folder, documentedLines())).isNotZero();
    }

    private static List<String> documentedLines() throws IOException {
        var text = Files.readString(Path.of("../docs/receipts.md"));
        var block = Pattern.compile("## Verify .*?```bash\n(.*?)```", Pattern.DOTALL)
                .matcher(text);
        assertThat(block.find()).isTrue();
        return block.group(1).lines().filter(line -> !line.startsWith("#")).toList();
    }

    private static int run(Path folder, List<String> lines) throws IOException, InterruptedException {
        var process = new ProcessBuilder("bash", "-euo", "pipefail", "-c", String.join("\n", lines))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("said").toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private Statement verified(ReceiptView receipt) {
        var keys = PublishedKeys.read(gateway()
                .get("/internal/receipts/keys")
                .then()
                .statusCode(200)
                .extract()
                .asByteArray());
        var envelope = envelope(receipt);
        assertThat(envelope.payloadType()).isEqualTo("application/vnd.in-toto+json");
        assertThat(envelope.verifiedBy(
                        keys.keys().stream().map(PublishedKey::key).toList()))
                .hasSize(1);
        return Statement.read(envelope.bytes());
    }

    private static Envelope envelope(ReceiptView receipt) {
        return new Envelope(
                receipt.payload(),
                receipt.payloadType(),
                receipt.signatures().stream()
                        .map(sig -> new Envelope.Sig(sig.keyid(), sig.sig()))
                        .toList());
    }

    private String outcome(ReceiptView receipt) {
        return verified(receipt).predicate().at("/runDetails/offshoot_outcome").asText();
    }

    private ReceiptView receipt(UUID id) {
        eventually(() -> gateway()
                .get("/internal/hubs/hub-a/deployments/{id}/receipt", id)
                .then()
                .statusCode(200));
        return gateway()
                .get("/internal/hubs/hub-a/deployments/{id}/receipt", id)
                .as(ReceiptView.class);
    }

    private static void noReceiptYet(UUID id) {
        gateway()
                .get("/internal/hubs/hub-a/deployments/{id}/receipt", id)
                .then()
                .statusCode(404)
                .body("code", equalTo("no-receipt-yet"));
    }

    private static ValidatableResponse sign(UUID id, long seq, CounterSignature signature) {
        return gateway()
                .body(signature)
                .post("/internal/hubs/hub-a/deployments/{id}/receipt/{seq}/signatures", id, seq)
                .then();
    }

    /** As an outsider computes it, from what the gateway is given. */
    private static EventChain chainOf(UUID id) {
        var page = gateway()
                .get("/internal/hubs/hub-a/deployments/{id}/events?limit=500", id)
                .as(EventPage.class);
        var chain = EventChain.of(id);
        for (JsonNode event : page.events()) {
            chain = chain.then(event);
        }
        return chain;
    }

    private String hashOfLast(UUID id) throws SQLException {
        try (var connection = database.getConnection();
                var query = connection.prepareStatement(
                        "select encode(hash, 'hex') from event where deployment_id = ? order by seq desc limit 1")) {
            query.setObject(1, id);
            var row = query.executeQuery();
            row.next();
            return row.getString(1);
        }
    }

    private long receiptsOf(UUID id) throws SQLException {
        return number("select count(*) from receipt where deployment_id = ?", id);
    }

    private long number(String query, UUID id) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(query)) {
            statement.setObject(1, id);
            var row = statement.executeQuery();
            row.next();
            return row.getLong(1);
        }
    }

    private void sql(String update, UUID id) throws SQLException {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(update)) {
            statement.setObject(1, id);
            assertThat(statement.executeUpdate()).isPositive();
        }
    }

    private void completeRun(UUID id) {
        request(id, Kind.RUN);
        report(github, id, "repository", REPOSITORY, effect("repository", "7", "hub-a/gathering-docs", Verb.CREATED));
        completeAfterRepository(id);
    }

    private void completeAfterRepository(UUID id) {
        github.complete(id, "docs", "contents", "{\"headSha\": \"c0ffee\"}");
        report(
                github,
                id,
                "customise",
                "{\"sha\": \"%s\", \"branch\": \"main\"}".formatted(COMMIT),
                effect("commit", COMMIT, "hub-a/gathering-docs", Verb.CREATED));
        report(
                vercel,
                id,
                "project",
                "{\"id\": \"prj_1\", \"name\": \"gathering-docs\"}",
                effect("project", "prj_1", "gathering-docs", Verb.CREATED));
        vercel.complete(id, "docs", "environment", "{\"variables\": [\"NOTICE\"]}");
        vercel.complete(
                id,
                "docs",
                "deployment",
                "{\"deploymentId\": \"dpl_1\", \"alias\": \"a.vercel.app\", \"url\": \"https://a.vercel.app\"}");
        vercel.complete(id, "docs", "domain", "{\"host\": \"a.vercel.app\", \"url\": \"https://a.vercel.app\"}");
        eventually(() -> assertThat(deployment(id).status()).isEqualTo(PublicStatus.DONE));
    }

    private void report(Executor executor, UUID id, String step, String outputs, Effect... effects) {
        var command = executor.command(id, "docs", step);
        var claimed = executor.claim(command.data());
        executor.report(command, result(claimed, outputs, effects));
    }

    private static StepResult result(ClaimAnswer.Claimed claimed, String outputs, Effect... effects) {
        var ref = claimed.attempt();
        return new StepResult(
                ref.deploymentId(),
                ref.appId(),
                ref.stepId(),
                ref.attempt(),
                claimed.fence(),
                "test",
                StepResult.Outcome.DONE,
                Executor.json(outputs),
                null,
                null,
                List.of(effects));
    }

    private static Effect effect(String kind, String id, String name, Verb verb) {
        return new Effect("key", kind, id, name, "hub-a", verb, "offshoot:key", null);
    }

    private static Failure failure() {
        return new Failure(FailureClass.REFUSED, "no", "No.");
    }

    private SurveyView teardownPlan(UUID id) {
        var survey = gateway()
                .body(new AskSurvey(SurveyView.Kind.TEARDOWN, "docs", Removal.ARCHIVE, "test"))
                .post("/internal/hubs/hub-a/deployments/{id}/surveys", id)
                .as(SurveyView.class);
        var command = github.look(survey.id(), "repository");
        github.report(
                command,
                Executor.found(
                        github.claim(command.data()),
                        Finding.of(Finding.Kind.TAKE_BACK, "repository", "7", "hub-a/gathering-docs", "It would be.")));
        var done = new ArrayList<SurveyView>();
        eventually(() -> {
            var view = gateway()
                    .get("/internal/hubs/hub-a/deployments/{id}/surveys/{survey}", id, survey.id())
                    .as(SurveyView.class);
            assertThat(view.done()).isTrue();
            done.add(view);
        });
        return done.get(0);
    }

    private void trigger(UUID id, String action) {
        send(id, new DeploymentRequest(Kind.TRIGGER, id, "docs", action, null, "test"));
    }

    /** Waits until it is taken in. */
    private void request(UUID id, Kind kind) {
        var message = send(id, new DeploymentRequest(kind, id, null, null, null, "test"));
        eventually(() -> gateway()
                .get("/internal/hubs/hub-a/deployments/{id}/requests/{request}", id, message.id())
                .then()
                .body("outcome", equalTo("started")));
    }

    private CloudEvent<DeploymentRequest> send(UUID id, DeploymentRequest request) {
        var message = CloudEvent.first(Messages.newId(), "/test", id.toString(), Instant.EPOCH, "hub-a", null, request);
        kafka.send(Topics.TRIGGERS, id.toString(), Messages.write(message));
        return message;
    }

    private static String state(UUID id, String action) {
        return gateway()
                .get("/internal/hubs/hub-a/deployments/{id}/apps/docs/actions/{action}", id, action)
                .jsonPath()
                .getString("state");
    }

    private static UUID create() {
        return gateway()
                .body("""
                        {"workflow": "docs-site", "config": {"slug": "gathering"}, "envVars": {"NOTICE": "%s"},
                         "apps": [{"appId": "docs", "input": {"repository": {"source": "TEMPLATE", "upstream": "up/docs-site"},
                           "content": {"title": "Our docs"}}}]}""".formatted(ENV_VALUE))
                .post("/internal/hubs/hub-a/deployments")
                .then()
                .statusCode(201)
                .extract()
                .as(DeploymentView.class)
                .id();
    }

    private static DeploymentView deployment(UUID id) {
        return gateway()
                .get("/internal/hubs/hub-a/deployments/{id}", id)
                .then()
                .statusCode(200)
                .extract()
                .as(DeploymentView.class);
    }

    private static RequestSpecification gateway() {
        return given().header("Authorization", "Bearer " + ServiceTokens.GATEWAY)
                .contentType("application/json");
    }
}
