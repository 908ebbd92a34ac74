package io.offshoot.gateway.secret;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.backends.KafkaResource;
import io.offshoot.backends.PostgresResource;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.problem.Problem;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.secret.Sealed;
import io.offshoot.gateway.FakeOrchestrator;
import io.offshoot.gateway.Surroundings;
import io.offshoot.sealing.CannotOpenException;
import io.offshoot.sealing.Opener;
import io.offshoot.sealing.SecretContext;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@WithTestResource(KafkaResource.class)
@WithTestResource(PostgresResource.class)
@WithTestResource(Surroundings.class)
class SecretsTest {

    private static final String SENTINEL = "s3cr3t-sentinel-value";
    private static final String DEPLOYMENTS = "/api/v1/deployments";

    @Inject
    DataSource database;

    private final FakeOrchestrator orchestrator = Surroundings.orchestrator();
    private final Opener vercel = Opener.generate("vercel");
    private final Opener github = Opener.generate("github");

    @BeforeEach
    void begin() throws SQLException {
        orchestrator.reset();
        orchestrator.givesSecretsTo("vercel");
        orchestrator.announces(
                vercel.recipient().published(), github.recipient().published());
        try (var connection = database.getConnection();
                var delete = connection.createStatement()) {
            delete.execute("delete from secret");
        }
    }

    // The hub's secrets

    @Test
    void aSecretIsClosedForEveryExecutorAndNothingGivesItBack() throws Exception {
        var answer = put("BOT_TOKEN", SENTINEL);

        answer.then()
                .statusCode(200)
                .body("name", is("BOT_TOKEN"))
                .body("version", is(1))
                .body("setAt", notNullValue())
                .body("setBy", is("north-owner"))
                .body("sealedFor", contains("github", "vercel"));
        var all = owner().get("/api/v1/secrets");
        all.then().statusCode(200).body("name", contains("BOT_TOKEN"));
        var one = owner().get("/api/v1/secrets/BOT_TOKEN");
        one.then().statusCode(200).body("version", is(1));
        assertThat(answer.asString() + all.asString() + one.asString() + rows()).doesNotContain(SENTINEL, "cipher");
        for (Opener opener : List.of(vercel, github)) {
            assertThat(opened(opener, "BOT_TOKEN", 1)).isEqualTo(SENTINEL);
        }
    }

    @Test
    void settingASecretAgainIsANewVersionAndADeletedOneNeverComesAgain() throws Exception {
        put("A", "one");
        put("A", "two");
        owner().delete("/api/v1/secrets/A").then().statusCode(204);
        owner().get("/api/v1/secrets/A").then().statusCode(404).body("code", is("unknown-secret"));
        owner().delete("/api/v1/secrets/A").then().statusCode(404);

        put("A", "three").then().body("version", is(3));

        assertThat(opened(vercel, "A", 3)).isEqualTo("three");
    }

    @Test
    void whoSetAndWhoDeletedASecretIsWrittenDownWithoutItsValue() throws Exception {
        put("AUDITED", SENTINEL);
        owner().delete("/api/v1/secrets/AUDITED");

        var entries = new ArrayList<String>();
        try (var connection = database.getConnection();
                var select = connection.createStatement()) {
            var found = select.executeQuery("select a::text from audit a where target = 'AUDITED' order by id");
            while (found.next()) {
                entries.add(found.getString(1));
            }
        }

        assertThat(entries).hasSize(2).noneMatch(entry -> entry.contains(SENTINEL));
        assertThat(entries.get(0)).contains("secret.set", "north-owner", "DONE");
        assertThat(entries.get(1)).contains("secret.delete", "north-owner", "DONE");
    }

    @Test
    void anotherHubHasNoSuchSecret() {
        put("A", SENTINEL);

        as("south-owner").get("/api/v1/secrets/A").then().statusCode(404).body("code", is("unknown-secret"));
        as("south-owner").get("/api/v1/secrets").then().statusCode(200).body("", hasSize(0));
        as("south-owner").delete("/api/v1/secrets/A").then().statusCode(404);
        owner().get("/api/v1/secrets/A").then().statusCode(200);
    }

    @Test
    void aMemberNeitherSetsNorSeesSecrets() throws Exception {
        var set = as("north-member")
                .body("{\"value\":\"%s\"}".formatted(SENTINEL))
                .put("/api/v1/secrets/A");

        set.then().statusCode(403);
        as("north-member").get("/api/v1/secrets").then().statusCode(403);
        as("north-member").get("/api/v1/secrets/A").then().statusCode(403);
        as("north-member").delete("/api/v1/secrets/A").then().statusCode(403);
        assertThat(set.asString()).doesNotContain(SENTINEL);
        assertThat(rows()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"value\": \"\"}",
                "{\"value\": null}",
                "{}",
                "{\"value\": 7}",
                "{\"value\": {\"s3cr3t-sentinel-value\": 1}}",
                "{\"value\": [\"s3cr3t-sentinel-value\"]}",
                "{\"value\": \"s3cr3t-sentinel-value\\u0000\"}",
                "{\"value\": \"s3cr3t-sentinel-value\", \"more\": 1}",
                "{\"value\": \"s3cr3t-sentinel-value\", \"value\": \"x\"}",
                "s3cr3t-sentinel-value",
                "[\"s3cr3t-sentinel-value\"]"
            })
    void whatCannotBeASecretIsRefusedWithoutAWordOfIt(String body) throws Exception {
        var answer = owner().body(body).put("/api/v1/secrets/A");

        answer.then().statusCode(400).contentType(Problem.MEDIA_TYPE);
        assertThat(answer.asString()).doesNotContain("s3cr3t");
        assertThat(rows()).isEmpty();
    }

    @Test
    void aSecretOfMoreThan32KiBIsRefused() throws Exception {
        var answer = put("A", "é".repeat(16 * 1024) + "x");

        answer.then().statusCode(400).body("errors[0].pointer", is("/value"));
        assertThat(answer.asString()).doesNotContain("éé");
        assertThat(rows()).isEmpty();
        put("A", "é".repeat(16 * 1024)).then().statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1A", "A-B", "A%20B", "A%7CB", "%C3%A9", "A%0D%0AB"})
    void whatIsNoNameIsRefused(String name) throws Exception {
        var answer = owner().urlEncodingEnabled(false)
                .body("{\"value\":\"%s\"}".formatted(SENTINEL))
                .put("/api/v1/secrets/" + name);

        assertThat(answer.statusCode()).isBetween(400, 404);
        assertThat(answer.asString()).doesNotContain(SENTINEL);
        assertThat(rows()).isEmpty();
    }

    @Test
    void aPlaceInTheVaultIsClosedAsOneAndIsNeverToldAgain() throws Exception {
        var answer = owner().body("{\"vault\": {\"path\": \"bots/news\", \"key\": \"token\"}}")
                .put("/api/v1/secrets/A");

        answer.then().statusCode(200).body("inVault", is(true)).body("version", is(1));
        owner().get("/api/v1/secrets/A").then().body("inVault", is(true));
        assertThat(answer.asString() + rows()).doesNotContain("bots/news");
        assertThat(opened(vercel, "A", SecretContext.ofVault("north", "A", 1)))
                .isEqualTo("{\"path\":\"bots/news\",\"key\":\"token\"}");
        put("A", SENTINEL).then().statusCode(200).body("inVault", is(false)).body("version", is(2));
        assertThat(opened(vercel, "A", 2)).isEqualTo(SENTINEL);
    }

    @Test
    void aPlaceInTheVaultGoesOnWithTheDeploymentAsOne() throws Exception {
        owner().body("{\"vault\": {\"path\": \"bots/news\", \"key\": \"token\"}}")
                .put("/api/v1/secrets/OF_HUB");

        create("\"envVars\": {\"A\": {\"secret\": \"OF_HUB\"}}").then().statusCode(201);

        assertThat(created().at("/secrets/0/scope").asText()).isEqualTo("vault");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | /vault/path",
                "{\"path\": \"a\"} | /vault/key",
                "{\"path\": \"../south/a\", \"key\": \"k\"} | /vault/path",
                "{\"path\": \"a/../../south\", \"key\": \"k\"} | /vault/path",
                "{\"path\": \"a/./b\", \"key\": \"k\"} | /vault/path",
                "{\"path\": \"a%2f..%2fb\", \"key\": \"k\"} | /vault/path",
                "{\"path\": \"/a\", \"key\": \"k\"} | /vault/path",
                "{\"path\": \"a//b\", \"key\": \"k\"} | /vault/path",
                "{\"path\": \"a?version=1\", \"key\": \"k\"} | /vault/path",
                "{\"path\": \"a\\r\\nX: y\", \"key\": \"k\"} | /vault/path",
                "{\"path\": \"a\", \"key\": \"\"} | /vault/key",
                "{\"path\": \"a\", \"key\": \"é\"} | /vault/key",
                "{\"path\": 7, \"key\": \"k\"} | /vault/path",
                "\"a\" | /vault"
            })
    void whatIsNoPlaceInTheVaultIsPointedAtAndNothingIsSet(String place, String pointer) throws Exception {
        var answer = owner().body("{\"vault\": %s}".formatted(place)).put("/api/v1/secrets/A");

        answer.then().statusCode(400).body("errors[0].pointer", is(pointer));
        assertThat(rows()).isEmpty();
    }

    @Test
    void aSecretIsAValueOrAPlaceAndNotBoth() throws Exception {
        var answer = owner().body(
                        "{\"value\": \"%s\", \"vault\": {\"path\": \"a\", \"key\": \"k\"}}".formatted(SENTINEL))
                .put("/api/v1/secrets/A");

        answer.then().statusCode(400).body("errors[0].pointer", is("/vault"));
        assertThat(answer.asString()).doesNotContain(SENTINEL);
        assertThat(rows()).isEmpty();
    }

    @Test
    void withoutAKeyToSealWithNothingIsTaken() throws Exception {
        orchestrator.announces();

        var answer = put("A", SENTINEL);

        isRefused(answer, ProblemType.SEALING_UNAVAILABLE);
        assertThat(rows()).isEmpty();
    }

    @Test
    void aKeyThatIsNotPinnedIsNotUsed() {
        orchestrator.announces(
                Opener.generate("pinned-provider").recipient().published(),
                vercel.recipient().published());

        put("A", SENTINEL).then().statusCode(200).body("sealedFor", contains("vercel"));
    }

    // Those of a deployment

    @Test
    void secretsGoOnClosedForTheExecutorsThatAreGivenThemAndForNobodyElse() throws Exception {
        put("OF_HUB", "value-of-the-hub");

        var answer = create("""
                "envVars": {"PLAIN": "text", "TOKEN": {"secret": "OWN"}, "B": {"secret": "OF_HUB"}},
                "secrets": {"OWN": "%s"}""".formatted(SENTINEL));

        answer.then().statusCode(201);
        var sent = created();
        assertThat(sent.toString()).doesNotContain(SENTINEL, "value-of-the-hub");
        assertThat(sent.at("/envVars/TOKEN/secret").asText()).isEqualTo("OWN");
        assertThat(sent.at("/envVars/PLAIN").asText()).isEqualTo("text");
        assertThat(opened(sent, "OWN", "vercel", vercel)).isEqualTo(SENTINEL);
        assertThat(opened(sent, "OF_HUB", "vercel", vercel)).isEqualTo("value-of-the-hub");
        assertThat(sent.path("secrets"))
                .allSatisfy(secret -> assertThat(secret.path("copies")).hasSize(1));
        assertThat(answer.asString()).doesNotContain(SENTINEL);
    }

    @Test
    void aGeneratedSecretIsOneValueForAllWhoReferToItAndForEveryExecutor() throws Exception {
        orchestrator.givesSecretsTo("github", "vercel");

        create("\"envVars\": {\"A\": {\"secret\": \"S\"}}, \"secrets\": {\"S\": {\"generate\": 32}}")
                .then()
                .statusCode(201);

        var sent = created();
        var value = opened(sent, "S", "vercel", vercel);
        assertThat(value).matches("[A-Za-z0-9_-]{43}").isEqualTo(opened(sent, "S", "github", github));
        assertThat(sent.toString()).doesNotContain(value);
    }

    @Test
    void aSecretOfADeploymentOpensInNoOther() throws Exception {
        create("\"envVars\": {\"A\": {\"secret\": \"S\"}}, \"secrets\": {\"S\": \"%s\"}".formatted(SENTINEL));

        var sent = (ObjectNode) created();
        sent.put("id", UUID.randomUUID().toString());

        org.assertj.core.api.Assertions.assertThatThrownBy(() -> opened(sent, "S", "vercel", vercel))
                .isInstanceOf(CannotOpenException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'\"envVars\": {\"A\": {\"secret\": \"S\"}}, \"secrets\": {\"S\": 7}' | /secrets/S",
                "'\"envVars\": {\"A\": {\"secret\": \"S\"}}, \"secrets\": {\"S\": null}' | /secrets/S",
                "'\"envVars\": {\"A\": {\"secret\": \"S\"}}, \"secrets\": {\"S\": \"\"}' | /secrets/S",
                "'\"envVars\": {\"A\": {\"secret\": \"S\"}}, \"secrets\": {\"S\": {\"generate\": 8}}' | /secrets/S",
                "'\"envVars\": {\"A\": {\"secret\": \"S\"}}, \"secrets\": {\"S\": {\"generate\": 1e9}}' | /secrets/S",
                "'\"envVars\": {\"A\": {\"secret\": \"S\"}}, \"secrets\": {\"S\": {\"value\": \"s3cr3t\"}}' | /secrets/S",
                "'\"secrets\": {\"UNUSED\": \"s3cr3t\"}' | /secrets/UNUSED",
                "'\"envVars\": {\"A\": {\"secret\": \"1S\"}}, \"secrets\": {\"1S\": \"s3cr3t\"}' | /secrets/1S",
                "'\"envVars\": {\"A\": {\"secret\": \"a/b\"}}, \"secrets\": {\"a/b\": \"s3cr3t\"}' | /secrets/a~1b"
            })
    void aWrongSecretIsPointedAtAndNothingIsCreated(String part, String pointer) {
        var answer = create(part);

        isRefused(answer, ProblemType.INVALID_REQUEST);
        answer.then().body("errors.pointer", contains(pointer));
        assertNothingWasCreated();
    }

    @Test
    void whatElseIsWrongIsNamedWithIt() {
        orchestrator.refuses(ProblemType.INVALID_REQUEST, new Problem.Invalid("/config/slug", "is missing"));

        var answer = create("\"secrets\": {\"UNUSED\": \"s3cr3t\"}");

        isRefused(answer, ProblemType.INVALID_REQUEST);
        answer.then().body("errors.pointer", containsInAnyOrder("/config/slug", "/secrets/UNUSED"));
        assertNothingWasCreated();
    }

    @Test
    void aSecretThatNobodyHasIsUnknown() {
        var answer = create("\"envVars\": {\"A\": {\"secret\": \"NONE\"}}");

        isRefused(answer, ProblemType.UNKNOWN_SECRET);
        answer.then().body("errors.pointer", contains("/envVars/A"));
        assertNothingWasCreated();
    }

    @Test
    void theSecretOfAnotherHubIsUnknown() {
        as("south-owner").body("{\"value\":\"%s\"}".formatted(SENTINEL)).put("/api/v1/secrets/THEIRS");

        var answer = create("\"envVars\": {\"A\": {\"secret\": \"THEIRS\"}}");

        isRefused(answer, ProblemType.UNKNOWN_SECRET);
        assertNothingWasCreated();
    }

    @Test
    void aSecretFromBeforeAnExecutorWasThereMustBeEnteredAgain() {
        orchestrator.announces(vercel.recipient().published());
        put("S", SENTINEL);
        orchestrator.announces(
                vercel.recipient().published(), github.recipient().published());
        orchestrator.givesSecretsTo("github", "vercel");

        var answer = create("\"envVars\": {\"A\": {\"secret\": \"S\"}}");

        isRefused(answer, ProblemType.SECRET_NEEDS_REENTRY);
        answer.then().body("errors.pointer", contains("/envVars/A"));
        assertNothingWasCreated();
    }

    @Test
    void aSecretWhoseKeyWasTakenOutMustBeEnteredAgainAndOneWhoseKeyWasOnlyReplacedNeedNot() {
        put("S", SENTINEL);
        var rotated = vercel.rotated();
        orchestrator.announces(rotated.recipient().published());

        var replaced = create("\"envVars\": {\"A\": {\"secret\": \"S\"}}");
        orchestrator.announces(
                rotated.without(vercel.recipient().fingerprint()).recipient().published());
        var takenOut = create("\"envVars\": {\"A\": {\"secret\": \"S\"}}");

        replaced.then().statusCode(201);
        isRefused(takenOut, ProblemType.SECRET_NEEDS_REENTRY);
    }

    @Test
    void newSecretsAreSealedWithTheNewestKey() throws Exception {
        var rotated = vercel.rotated();
        orchestrator.announces(rotated.recipient().published());

        create("\"envVars\": {\"A\": {\"secret\": \"S\"}}, \"secrets\": {\"S\": \"%s\"}".formatted(SENTINEL));

        var sent = created();
        assertThat(sent.at("/secrets/0/copies/0/key").asText())
                .isEqualTo(rotated.recipient().fingerprint());
        assertThat(opened(sent, "S", "vercel", rotated)).isEqualTo(SENTINEL);
    }

    @Test
    void whereNoStepTakesSecretsNoneIsTaken() {
        orchestrator.givesSecretsTo();

        var answer = create("\"envVars\": {\"A\": {\"secret\": \"S\"}}, \"secrets\": {\"S\": \"s3cr3t\"}");

        isRefused(answer, ProblemType.INVALID_REQUEST);
        answer.then().body("errors.pointer", containsInAnyOrder("/envVars/A", "/secrets/S"));
        assertNothingWasCreated();
    }

    @Test
    void withoutAKeyNoDeploymentWithSecretsIsMade() {
        orchestrator.announces(github.recipient().published());

        var answer = create("\"envVars\": {\"A\": {\"secret\": \"S\"}}, \"secrets\": {\"S\": \"s3cr3t\"}");

        isRefused(answer, ProblemType.SEALING_UNAVAILABLE);
        assertNothingWasCreated();
    }

    @Test
    void aRepeatTellsWhetherItBringsTheSameSecretsAndTheDigestTellsNothingMore() throws Exception {
        var digests = new ArrayList<String>();
        for (var one : List.of("k-1 one", "k-1 one", "k-1 two", "k-2 one")) {
            var parts = one.split(" ");
            orchestrator.calls().clear();
            given().header("Authorization", "Bearer north-owner")
                    .header("Idempotency-Key", parts[0])
                    .contentType("application/json")
                    .body(body("\"envVars\": {\"A\": {\"secret\": \"S\"}}, \"secrets\": {\"S\": \"%s\"}"
                            .formatted(parts[1])))
                    .post(DEPLOYMENTS);
            digests.add(created().path("secretsDigest").asText());
        }

        assertThat(digests.get(0)).matches("[0-9a-f]{64}").isEqualTo(digests.get(1));
        assertThat(digests.get(2)).isNotEqualTo(digests.get(0));
        assertThat(digests.get(3)).isNotEqualTo(digests.get(0));
    }

    @Test
    void theFirstApiTakesSecretsToo() throws Exception {
        var answer = owner().body(body(
                        "\"mode\": \"init\", \"envVars\": {\"A\": {\"secret\": \"S\"}}, \"secrets\": {\"S\": \"%s\"}"
                                .formatted(SENTINEL)))
                .post("/api/deploy");

        answer.then().statusCode(200);
        assertThat(opened(created(), "S", "vercel", vercel)).isEqualTo(SENTINEL);
        assertThat(created().toString() + answer.asString()).doesNotContain(SENTINEL);
    }

    private Response put(String name, String value) {
        return owner().body(
                        Messages.json().createObjectNode().put("value", value).toString())
                .put("/api/v1/secrets/" + name);
    }

    private static Response create(String part) {
        return owner().body(body(part)).post(DEPLOYMENTS);
    }

    private static String body(String part) {
        return "{\"workflow\": \"docs-site\", \"apps\": [{\"appId\": \"docs\"}], %s}".formatted(part);
    }

    private static void isRefused(Response answer, ProblemType type) {
        answer.then().statusCode(type.status()).contentType(Problem.MEDIA_TYPE).body("code", is(type.code()));
        assertThat(answer.asString()).doesNotContain("s3cr3t");
    }

    private void assertNothingWasCreated() {
        assertThat(orchestrator.calls())
                .filteredOn(call -> call.method().equals("POST"))
                .allSatisfy(call -> assertThat(call.query()).contains("dryRun=true"));
    }

    private JsonNode created() {
        return orchestrator.calls().stream()
                .filter(call -> call.method().equals("POST"))
                .findFirst()
                .orElseThrow()
                .body();
    }

    private static String opened(JsonNode sent, String name, String provider, Opener opener) throws Exception {
        for (JsonNode secret : sent.path("secrets")) {
            if (secret.path("name").asText().equals(name)) {
                var scope = secret.path("scope").asText();
                var version = secret.path("version").asLong();
                var context = scope.equals("hub")
                        ? SecretContext.ofHub("north", name, version)
                        : SecretContext.ofDeployment(
                                "north", UUID.fromString(sent.path("id").asText()), name);
                for (JsonNode copy : secret.path("copies")) {
                    if (copy.path("recipient").asText().equals(provider)) {
                        return opener.open(Messages.json().treeToValue(copy, Sealed.class), context)
                                .text();
                    }
                }
            }
        }
        throw new AssertionError("No copy of %s for %s".formatted(name, provider));
    }

    private String opened(Opener opener, String name, long version) throws Exception {
        return opened(opener, name, SecretContext.ofHub("north", name, version));
    }

    private String opened(Opener opener, String name, SecretContext context) throws Exception {
        var provider = opener.recipient().provider();
        try (var connection = database.getConnection()) {
            var copy = HubSecrets.named(connection, "north", List.of(name)).get(name).copies().stream()
                    .filter(one -> one.recipient().equals(provider))
                    .findFirst()
                    .orElseThrow();
            return opener.open(copy, context).text();
        }
    }

    private List<String> rows() throws SQLException {
        var rows = new ArrayList<String>();
        try (var connection = database.getConnection();
                var select = connection.createStatement()) {
            var found = select.executeQuery("select s::text from secret s");
            while (found.next()) {
                rows.add(found.getString(1).replace("ciphertext", ""));
            }
        }
        return rows;
    }

    private static RequestSpecification as(String token) {
        return given().header("Authorization", "Bearer " + token).contentType("application/json");
    }

    private static RequestSpecification owner() {
        return as("north-owner");
    }
}
