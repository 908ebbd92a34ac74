package io.offshoot.gateway.intent;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.backends.KafkaResource;
import io.offshoot.backends.PostgresResource;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.FakeOrchestrator;
import io.offshoot.gateway.Surroundings;
import io.offshoot.gateway.TopicReader;
import io.offshoot.gateway.hub.IntentPolicy;
import io.offshoot.proof.envelope.Envelope;
import io.offshoot.proof.intent.CanonicalRequest;
import io.offshoot.proof.intent.Intent;
import io.offshoot.proof.intent.IntentFlaw;
import io.offshoot.proof.key.SigningKey;
import io.offshoot.sealing.Opener;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What hubs sign, at the door. */
@QuarkusTest
@WithTestResource(KafkaResource.class)
@WithTestResource(PostgresResource.class)
@WithTestResource(Surroundings.class)
class IntentsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String DEPLOYMENTS = "/api/v1/deployments";
    private static final String ACTION = DEPLOYMENTS + "/" + FakeOrchestrator.ID + "/apps/docs/actions/repository";
    private static final String SENTINEL = "s3ntinel-in-clear";
    private static final Intent.Definition DOCS = new Intent.Definition("docs-site", 1, "d1".repeat(32));
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    /** Good for every test: what the hub has once, it has for ever. */
    private static final SigningKey KEY = SigningKey.generate();

    private static final SigningKey RETIRED = SigningKey.generate();
    private static final SigningKey REVOKED = SigningKey.generate();
    private static final SigningKey SOUTHERN = SigningKey.generate();
    private static final SigningKey NOBODYS = SigningKey.generate();

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String kafka;

    @Inject
    DataSource source;

    @Inject
    Intents intents;

    private final FakeOrchestrator orchestrator = Surroundings.orchestrator();
    private TopicReader topic;

    @BeforeEach
    void begin() throws SQLException {
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> rows("select count(*) from hub where id in ('north', 'south')") == 2);
        key("north", KEY, "null, null");
        key("north", RETIRED, "now(), null");
        key("north", REVOKED, "now(), now()");
        key("south", SOUTHERN, "null, null");
        policy(IntentPolicy.REQUIRED);
        orchestrator.reset();
        orchestrator.givesSecretsTo("vercel");
        orchestrator.announces(Opener.generate("vercel").recipient().published());
        topic = new TopicReader(kafka);
    }

    @AfterEach
    void end() throws SQLException {
        policy(IntentPolicy.OFF);
        topic.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = IntentPolicy.class,
            names = {"OPTIONAL", "REQUIRED"})
    void whatTheHubSignedIsCreatedAndHandedOnWithoutAnySecret(IntentPolicy policy) throws SQLException {
        policy(policy);
        var sent = signed(KEY);

        var answer = post(sent);

        answer.then().statusCode(201);
        var told = creation().body();
        assertThat(told.at("/intent/request").asText())
                .isEqualTo(CanonicalRequest.of(sent).text());
        assertThat(told.at("/intent/envelope")).isEqualTo(sent.get("intent"));
        assertThat(told.at("/intent/keys").size()).isEqualTo(1);
        assertThat(told.at("/intent/keys/0/kid").asText()).isEqualTo(KEY.id());
        assertThat(told.toString()).doesNotContain(SENTINEL);
    }

    @Test
    void theFirstApisInitTakesTheSameIntent() {
        var sent = signed(KEY);

        var answer =
                owner().body(sent.deepCopy().put("mode", "init").toString()).post("/api/deploy");

        answer.then().statusCode(200);
        assertThat(creation().body().at("/intent/request").asText())
                .isEqualTo(CanonicalRequest.of(sent).text());
    }

    @Test
    void aDryRunVerifiesToo() {
        var good = owner().body(signed(KEY).toString()).post(DEPLOYMENTS + "?dryRun=true");
        var bad = owner().body(signed(NOBODYS).toString()).post(DEPLOYMENTS + "?dryRun=true");

        good.then().statusCode(200);
        bad.then().statusCode(403).body("code", is("intent-not-signed"));
    }

    @ParameterizedTest
    @ValueSource(strings = {DEPLOYMENTS, DEPLOYMENTS + "?dryRun=true", "/api/deploy"})
    void withoutAnIntentNothingIsCreatedWhereTheHubRequiresOne(String path) {
        var body = request();
        if (path.equals("/api/deploy")) {
            body.put("mode", "init");
        }

        isRefused(owner().body(body.toString()).post(path), ProblemType.INTENT_REQUIRED);
        isRefused(owner().body(body.putNull("intent").toString()).post(path), ProblemType.INTENT_REQUIRED);
    }

    @Test
    void withoutAnIntentADeploymentIsCreatedWhereTheHubDoesNotMind() throws SQLException {
        policy(IntentPolicy.OPTIONAL);
        post(request()).then().statusCode(201);
        policy(IntentPolicy.OFF);
        post(request()).then().statusCode(201);

        assertThat(creations()).hasSize(2).allMatch(call -> !call.body().has("intent"));
    }

    @Test
    void anIntentThatNobodyWouldLookAtIsNotTaken() throws SQLException {
        policy(IntentPolicy.OFF);

        isRefused(post(signed(KEY)), ProblemType.INTENT_NOT_ACCEPTED);
    }

    @Test
    void oneHubsPolicyIsNotAnothers() {
        var south = given().header("Authorization", "Bearer south-owner")
                .contentType("application/json")
                .body(request().toString())
                .post(DEPLOYMENTS);

        // This hub has no policy: the request comes as far as the orchestrator, which has nothing for it.
        south.then().statusCode(404);
        assertThat(creations()).hasSize(1);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                arguments("nobody's key", signed(NOBODYS), ProblemType.INTENT_NOT_SIGNED),
                arguments("another hub's key", signed(SOUTHERN), ProblemType.INTENT_NOT_SIGNED),
                arguments("a retired key", signed(RETIRED), ProblemType.INTENT_KEY_RETIRED),
                arguments("a revoked key", signed(REVOKED), ProblemType.INTENT_KEY_REVOKED),
                arguments("no signature", enveloped(e -> e.putArray("signatures")), ProblemType.INTENT_NOT_SIGNED),
                arguments("a changed byte", enveloped(IntentsTest::changeAByte), ProblemType.INTENT_NOT_SIGNED),
                arguments(
                        "a changed signature",
                        enveloped(e -> ((ObjectNode) e.at("/signatures/0")).put("sig", "AAAA")),
                        ProblemType.INTENT_NOT_SIGNED),
                arguments(
                        "another payloadType",
                        enveloped(e -> e.put("payloadType", "application/json")),
                        ProblemType.INTENT_PAYLOAD_TYPE),
                arguments("no envelope", enveloped(ObjectNode::removeAll), ProblemType.INTENT_MALFORMED),
                arguments(
                        "a payload that is no base64",
                        enveloped(e -> e.put("payload", "{}")),
                        ProblemType.INTENT_MALFORMED),
                arguments(
                        "signatures that are none",
                        enveloped(e -> e.put("signatures", 1)),
                        ProblemType.INTENT_MALFORMED),
                arguments(
                        "another statement",
                        stated(s -> s.put("_type", "https://in-toto.io/Statement/v0.1")),
                        ProblemType.INTENT_STATEMENT_TYPE),
                arguments(
                        "another predicate",
                        stated(s -> s.put("predicateType", "https://slsa.dev/provenance/v1")),
                        ProblemType.INTENT_STATEMENT_TYPE),
                arguments("something unknown in it", predicated(p -> p.put("limit", 1)), ProblemType.INTENT_MALFORMED),
                arguments(
                        "a changed value",
                        edited(r -> r.withObject("/config").put("event", "another")),
                        ProblemType.INTENT_OTHER_REQUEST),
                arguments(
                        "one more app",
                        edited(r -> r.withArray("apps").addObject().put("appId", "bot")),
                        ProblemType.INTENT_OTHER_REQUEST),
                arguments(
                        "one more variable",
                        edited(r -> r.withObject("/envVars").put("MORE", "x")),
                        ProblemType.INTENT_OTHER_REQUEST),
                arguments(
                        "one more secret",
                        edited(r -> r.withObject("/secrets").put("MORE", SENTINEL)),
                        ProblemType.INTENT_OTHER_REQUEST),
                arguments(
                        "another workflow in it",
                        predicated(p -> p.withObject("/workflow").put("id", "handover")),
                        ProblemType.INTENT_OTHER_WORKFLOW),
                arguments("other apps in it", predicated(p -> p.putArray("apps")), ProblemType.INTENT_OTHER_APPS),
                arguments(
                        "other secrets in it",
                        predicated(p -> p.putArray("secrets")),
                        ProblemType.INTENT_OTHER_SECRETS),
                arguments("another hub in it", predicated(p -> p.put("hub", "south")), ProblemType.INTENT_OTHER_HUB),
                arguments(
                        "another audience",
                        predicated(p -> p.put("audience", "https://elsewhere.example")),
                        ProblemType.INTENT_OTHER_AUDIENCE),
                arguments("a window that is over", window(-7200, -3600), ProblemType.INTENT_EXPIRED),
                arguments("a window to come", window(3600, 7200), ProblemType.INTENT_NOT_YET),
                arguments("a window of two days", window(0, 48 * 3600), ProblemType.INTENT_WINDOW),
                arguments("a short nonce", predicated(p -> p.put("nonce", "0123")), ProblemType.INTENT_NONCE),
                arguments("a number that others read otherwise", inexact(), ProblemType.INTENT_NOT_CANONICAL));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void whatTheHubDidNotSignAsItIsIsRefusedAndNothingHappens(String what, ObjectNode sent, ProblemType type) {
        isRefused(post(sent), type);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"text\"", "[]", "1", "true"})
    void anIntentIsAnObject(String value) {
        var body = request().toString().replaceFirst("\\{", "{\"intent\": %s, ".formatted(value));

        isRefused(owner().body(body).post(DEPLOYMENTS), ProblemType.INVALID_REQUEST);
    }

    @Test
    void argumentsAreNotTakenWhereTheHubRequiresSignatures() {
        var args = "{\"args\": {\"name\": \"%s\"}}".formatted(SENTINEL);
        var first =
                "{\"mode\": \"trigger\", \"workflowId\": \"%s\", \"appId\": \"docs\", \"actionId\": \"repository\", \"args\": {\"name\": \"%s\"}}"
                        .formatted(FakeOrchestrator.ID, SENTINEL);

        isRefused(owner().body(args).post(ACTION), ProblemType.ARGS_NOT_SIGNED);
        isRefused(owner().body(first).post("/api/deploy"), ProblemType.ARGS_NOT_SIGNED);
        isRefused(
                owner().header("Idempotency-Key", "k-" + Messages.newId())
                        .body(args)
                        .post(ACTION),
                ProblemType.ARGS_NOT_SIGNED);
    }

    @Test
    void aTriggerWithoutArgumentsNeedsNoSignature() {
        await().atMost(PATIENCE).until(() -> owner().post(ACTION).statusCode() == 202);
    }

    @Test
    void argumentsAreTakenWhereTheHubRequiresNothing() throws SQLException {
        policy(IntentPolicy.OPTIONAL);
        var args = "{\"args\": {\"name\": \"docs\"}}";

        await().atMost(PATIENCE).until(() -> owner().body(args).post(ACTION).statusCode() == 202);
    }

    @Test
    void whatWasSignedIsShownToTheHubAndNobodyElse() {
        var path = DEPLOYMENTS + "/" + FakeOrchestrator.ID + "/intent";

        given().header("Authorization", "Bearer north-member")
                .get(path)
                .then()
                .statusCode(200)
                .body("digest", is("1d".repeat(32)))
                .body("envelope.payloadType", is(Envelope.IN_TOTO));
        given().header("Authorization", "Bearer south-owner")
                .get(path)
                .then()
                .statusCode(404)
                .body("code", is("unknown-deployment"));
        given().get(path).then().statusCode(401);
    }

    @ParameterizedTest
    @EnumSource(IntentFlaw.class)
    void everyFlawHasAPageThatTellsWhatToDo(IntentFlaw flaw) {
        assertThat(Arrays.stream(ProblemType.values()).map(ProblemType::code)).contains(flaw.code());
        given().get("/problems/" + flaw.code()).then().statusCode(200);
    }

    /** Told, never demanded: machines differ. */
    @Test
    void whatTheCheckCosts() {
        var sent = signed(KEY);
        var rounds = 2_000;
        var took = new long[rounds];
        for (int i = -500; i < rounds; i++) {
            var begin = System.nanoTime();
            assertThat(intents.of("north", sent).await().atMost(PATIENCE)).isPresent();
            if (i >= 0) {
                took[i] = System.nanoTime() - begin;
            }
        }
        Arrays.sort(took);
        System.out.printf(
                "Intent check: p50 %.2f ms, p99 %.2f ms, longest %.2f ms%n",
                took[rounds / 2] / 1e6, took[rounds * 99 / 100] / 1e6, took[rounds - 1] / 1e6);
    }

    private void isRefused(Response answer, ProblemType type) {
        answer.then()
                .statusCode(type.status())
                .contentType("application/problem+json")
                .body("type", is(type.type()))
                .body("code", is(type.code()))
                .body(not(containsString(SENTINEL)))
                .body(not(containsString("xception")));
        assertThat(orchestrator.calls()).isEmpty();
        assertThat(topic.published()).isEmpty();
    }

    private FakeOrchestrator.Call creation() {
        assertThat(creations()).hasSize(1);
        return creations().get(0);
    }

    /** With what to seal, it asks before. */
    private List<FakeOrchestrator.Call> creations() {
        return orchestrator.calls().stream()
                .filter(call -> call.method().equals("POST"))
                .toList();
    }

    private static RequestSpecification owner() {
        return given().header("Authorization", "Bearer north-owner").contentType("application/json");
    }

    private static Response post(ObjectNode body) {
        return owner().body(body.toString()).post(DEPLOYMENTS);
    }

    private static ObjectNode request() {
        return json("""
                {"workflow": "docs-site", "config": {"event": "summit"},
                 "envVars": {"TOKEN": {"secret": "TOKEN"}, "KEY": {"secret": "SEED"}},
                 "apps": [{"appId": "docs", "input": {"repository": {"name": "docs"}}}],
                 "secrets": {"TOKEN": "%s", "SEED": {"generate": 32}}}""".formatted(SENTINEL));
    }

    private static Intent intent(ObjectNode request) {
        return Intent.of(
                CanonicalRequest.of(request),
                DOCS,
                Messages.newId().toString().replace("-", ""),
                NOW,
                NOW.plus(Duration.ofHours(1)),
                "http://127.0.0.1:8080",
                "north");
    }

    private static ObjectNode signed(SigningKey key) {
        return with(intent(request()).signed(key));
    }

    /** Signed, and changed afterwards. */
    private static ObjectNode edited(Consumer<ObjectNode> change) {
        var sent = signed(KEY);
        change.accept(sent);
        return sent;
    }

    private static ObjectNode enveloped(Consumer<ObjectNode> change) {
        return edited(sent -> change.accept((ObjectNode) sent.get("intent")));
    }

    /** Changed, and signed as it then is. */
    private static ObjectNode stated(Consumer<ObjectNode> change) {
        var statement = json(new String(intent(request()).statement().toJson(), UTF_8));
        change.accept(statement);
        return with(Envelope.signed(statement.toString().getBytes(UTF_8), Envelope.IN_TOTO, KEY));
    }

    private static ObjectNode predicated(Consumer<ObjectNode> change) {
        return stated(statement -> change.accept((ObjectNode) statement.get("predicate")));
    }

    private static ObjectNode window(long from, long to) {
        return predicated(predicate -> predicate
                .put("notBefore", NOW.plusSeconds(from).toString())
                .put("notAfter", NOW.plusSeconds(to).toString()));
    }

    private static ObjectNode inexact() {
        return edited(sent -> sent.withObject("/config").put("event", 9_007_199_254_740_993L));
    }

    private static void changeAByte(ObjectNode envelope) {
        var payload = Base64.getDecoder().decode(envelope.get("payload").asText());
        payload[payload.length / 2] ^= 1;
        envelope.put("payload", Base64.getEncoder().encodeToString(payload));
    }

    private static ObjectNode with(Envelope envelope) {
        var sent = request();
        sent.set("intent", json(new String(envelope.toJson(), UTF_8)));
        return sent;
    }

    private static ObjectNode json(String text) {
        try {
            JsonNode tree = Messages.json().readTree(text);
            return (ObjectNode) tree;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private void policy(IntentPolicy policy) throws SQLException {
        sql("update hub set intents = '%s' where id = 'north'".formatted(policy));
    }

    private void key(String hub, SigningKey key, String ends) throws SQLException {
        sql("""
                insert into hub_key (hub, kid, public_key, name, added_by, retired_at, revoked_at)
                values ('%s', '%s', '\\x%s', 'A key', 'test', %s) on conflict do nothing""".formatted(
                        hub, key.id(), HexFormat.of().formatHex(key.verifying().bytes()), ends));
    }

    private void sql(String statement) throws SQLException {
        try (var connection = source.getConnection();
                var todo = connection.createStatement()) {
            todo.execute(statement);
        }
    }

    private long rows(String query) throws SQLException {
        try (var connection = source.getConnection();
                var todo = connection.createStatement();
                var row = todo.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }
}
