package io.offshoot.gateway.hook;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;

import io.offshoot.backends.KafkaResource;
import io.offshoot.backends.PostgresResource;
import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.WaitingStep;
import io.offshoot.gateway.FakeOrchestrator;
import io.offshoot.gateway.Surroundings;
import io.offshoot.gateway.TopicReader;
import io.offshoot.gateway.webhook.Receiver;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
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
@WithTestResource(Receiver.class)
class HookTest {

    private static final String GITHUB = "/api/v1/hooks/github";
    private static final String VERCEL = "/api/v1/hooks/vercel";
    private static final String PUSH = """
            {"ref": "refs/heads/main", "repository": {"id": 7, "full_name": "north-org/docs"}}""";
    private static final WaitingStep STEP = new WaitingStep("north", FakeOrchestrator.DEPLOYMENT, "docs", "contents");

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String kafka;

    @Inject
    DataSource database;

    @Inject
    SeenHooks seen;

    private final FakeOrchestrator orchestrator = Surroundings.orchestrator();
    private final List<CloudEvent<DeploymentRequest>> published = new ArrayList<>();
    private TopicReader topic;

    @BeforeEach
    void begin() throws SQLException {
        orchestrator.reset();
        orchestrator.waits(STEP);
        topic = new TopicReader(kafka);
        await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> seen() >= 0);
    }

    @AfterEach
    void end() {
        topic.close();
    }

    private long seen() throws SQLException {
        try (var connection = database.getConnection();
                var select = connection.prepareStatement("select count(*) from provider_hook");
                var row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private static String hmac(String algorithm, String secret, String body) {
        try {
            var mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), algorithm));
            return HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Response github(String delivery, String signature, String body) {
        var request = given().contentType("application/json")
                .header("X-GitHub-Event", "push")
                .header("X-GitHub-Delivery", delivery);
        return (signature == null ? request : request.header("X-Hub-Signature-256", signature))
                .body(body.getBytes(StandardCharsets.UTF_8))
                .post(GITHUB);
    }

    private static Response github(String delivery, String body) {
        return github(delivery, "sha256=" + hmac("HmacSHA256", "github-new", body), body);
    }

    private static Response vercel(String id, String signature, String project) {
        var body = "{\"id\": \"%s\", \"type\": \"deployment.succeeded\", \"payload\": {\"project\": {\"id\": \"%s\"}}}"
                .formatted(id, project);
        return given().contentType("application/json")
                .header("x-vercel-signature", signature == null ? hmac("HmacSHA1", "vercel-new", body) : signature)
                .body(body.getBytes(StandardCharsets.UTF_8))
                .post(VERCEL);
    }

    private void published(int count) {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            for (var record : topic.published()) {
                published.add(Messages.read(record.value(), DeploymentRequest.class));
            }
            return published.size() >= count;
        });
        assertThat(published).hasSize(count);
    }

    private List<FakeOrchestrator.Call> asked() {
        return orchestrator.calls().stream()
                .filter(call -> call.path().equals("/internal/hints"))
                .toList();
    }

    @Test
    void whatGitHubTellsOfARepositoryIsAHintForThoseWhoWaitForIt() {
        github(UUID.randomUUID().toString(), PUSH).then().statusCode(202).body(is(""));

        published(1);
        var hint = published.get(0);
        assertThat(hint.hubid()).isEqualTo("north");
        assertThat(hint.data().kind()).isEqualTo(DeploymentRequest.Kind.HINT);
        assertThat(hint.data().deploymentId()).isEqualTo(FakeOrchestrator.DEPLOYMENT);
        assertThat(hint.data().appId()).isEqualTo("docs");
        assertThat(hint.data().actionId()).isEqualTo("contents");
        assertThat(asked().get(0).body().path("provider").asText()).isEqualTo("github");
        assertThat(asked().get(0).body().path("things").toString()).isEqualTo("[\"7\",\"north-org/docs\"]");
    }

    @Test
    void whatVercelTellsOfAProjectIsOneToo() {
        vercel("evt_" + UUID.randomUUID(), null, "prj_1").then().statusCode(202);

        published(1);
        assertThat(asked().get(0).body().path("things").toString()).isEqualTo("[\"prj_1\"]");
    }

    @Test
    void aHookThatArrivesTwiceIsOneHint() {
        var delivery = UUID.randomUUID().toString();
        github(delivery, PUSH).then().statusCode(202);
        published(1);
        github(delivery, PUSH).then().statusCode(202);

        github(UUID.randomUUID().toString(), PUSH).then().statusCode(202);

        published(2);
        assertThat(asked()).hasSize(2);
    }

    @Test
    void aSecretThatIsBeingReplacedIsTakenToo() {
        var old = "sha256=" + hmac("HmacSHA256", "github-old", PUSH);

        github(UUID.randomUUID().toString(), old, PUSH).then().statusCode(202);

        published(1);
    }

    @Test
    void theAnswerIsTheSameIfNobodyWaits() {
        orchestrator.waits();

        github(UUID.randomUUID().toString(), PUSH).then().statusCode(202).body(is(""));

        await().atMost(Duration.ofSeconds(30)).until(() -> asked().size() == 1);
        assertThat(topic.published()).isEmpty();
    }

    private void nothingHappened(Response answer, ProblemType type) throws SQLException {
        answer.then()
                .statusCode(type.status())
                .contentType("application/problem+json")
                .body("code", is(type.code()));
        assertThat(answer.asString()).doesNotContain("github-new").doesNotContain("north-org");
        assertThat(asked()).isEmpty();
        assertThat(topic.published()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sha256=",
                "sha256=0000000000000000000000000000000000000000000000000000000000000000",
                "sha256=zz00000000000000000000000000000000000000000000000000000000000000",
                "sha1=0000000000000000000000000000000000000000",
                "0000000000000000000000000000000000000000000000000000000000000000"
            })
    void aWrongSignatureIsRefusedAndNothingHappens(String signature) throws SQLException {
        var before = seen();

        nothingHappened(github(UUID.randomUUID().toString(), signature, PUSH), ProblemType.WRONG_SIGNATURE);

        assertThat(seen()).isEqualTo(before);
    }

    @Test
    void noSignatureAndThoseOfOtherBytesSecretsAndWaysAreRefused() throws SQLException {
        var id = UUID.randomUUID().toString();
        var before = seen();

        nothingHappened(github(id, null, PUSH), ProblemType.WRONG_SIGNATURE);
        nothingHappened(
                github(id, "sha256=" + hmac("HmacSHA256", "github-new", PUSH + " "), PUSH),
                ProblemType.WRONG_SIGNATURE);
        nothingHappened(
                github(id, "sha256=" + hmac("HmacSHA256", "vercel-new", PUSH), PUSH), ProblemType.WRONG_SIGNATURE);
        nothingHappened(
                github(id, "sha256=" + hmac("HmacSHA1", "github-new", PUSH), PUSH), ProblemType.WRONG_SIGNATURE);
        nothingHappened(vercel("evt_1", "0".repeat(40), "prj_1"), ProblemType.WRONG_SIGNATURE);
        nothingHappened(given().post(VERCEL), ProblemType.WRONG_SIGNATURE);

        assertThat(seen()).isEqualTo(before);
    }

    @Test
    void aBodyOfMoreThanAMebibyteIsRefused() throws SQLException {
        var large = "{\"x\": \"" + "x".repeat(1024 * 1024) + "\"}";

        nothingHappened(github(UUID.randomUUID().toString(), large), ProblemType.BODY_TOO_LARGE);
    }

    @Test
    void whatCannotBeReadIsTakenAndHintsAtNothing() {
        for (String body : List.of("[]", "null", "{", "", "payload=%zz", "{\"repository\": {\"id\": {\"a\": 1}}}")) {
            github(UUID.randomUUID().toString(), body).then().statusCode(202);
        }

        assertThat(asked()).isEmpty();
    }

    @Test
    void whatWasSeenLongAgoIsForgotten() throws SQLException {
        github(UUID.randomUUID().toString(), PUSH).then().statusCode(202);
        published(1);
        try (var connection = database.getConnection();
                var update =
                        connection.prepareStatement("update provider_hook set seen_at = now() - interval '8 days'")) {
            update.executeUpdate();
        }

        assertThat(seen.forget().await().indefinitely()).isPositive();

        assertThat(seen()).isZero();
    }

    @Test
    void onlyTheTwoAddressesAreOpen() {
        given().post("/api/v1/hooks/other").then().statusCode(401).body("code", is("unauthenticated"));
        given().post(GITHUB + "/x").then().statusCode(401).body("code", is("unauthenticated"));
    }
}
