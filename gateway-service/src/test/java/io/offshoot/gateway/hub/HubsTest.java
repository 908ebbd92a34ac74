package io.offshoot.gateway.hub;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.offshoot.backends.KafkaResource;
import io.offshoot.backends.PostgresResource;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.Surroundings;
import io.offshoot.gateway.credential.Credentials;
import io.offshoot.gateway.credential.Role;
import io.offshoot.gateway.credential.Tokens;
import io.offshoot.gateway.stream.StreamReader;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
class HubsTest {

    private static final String HUBS = "/api/v1/hubs";
    private static final String KEY_OF_A_HUB = "key:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private static final String WALLET = "did:cardano:stake1u9frlh9lvpdjva46ge0yc4c4cg5qrtm8xzqzd5k3v4h3h3c2qy4gh";
    private static final String PERSON = "oidc:https://login.example.org/realms/net#1234-abc";
    private static final String MARK = "planted-sentinel-9f2c";

    @Inject
    DataSource database;

    @Inject
    Tokens tokens;

    @Inject
    Credentials credentials;

    /** A hub of its own for every test, and an API key of an owner of it. */
    private final String hub = "hub-" + UUID.randomUUID();

    private String owner;

    @BeforeEach
    void begin() {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> as("platform").get(HUBS + "/north").statusCode() == 200);
        make(hub).then().statusCode(201);
        owner = keyOf(hub, "platform", "owner");
    }

    private static RequestSpecification as(String token) {
        return given().header("Authorization", "Bearer " + token)
                .contentType("application/json")
                .urlEncodingEnabled(false);
    }

    private static Response make(String id) {
        return as("platform")
                .body("{\"id\":\"%s\",\"name\":\"A hub\"}".formatted(id))
                .post(HUBS);
    }

    private static String wanted(String role, String... more) {
        return "{\"name\":\"for a test\",\"role\":\"%s\"%s}".formatted(role, String.join("", more));
    }

    private static String keyOf(String hub, String giver, String role, String... more) {
        var made = as(giver).body(wanted(role, more)).post(HUBS + "/" + hub + "/api-keys");
        made.then().statusCode(201);
        return made.path("key");
    }

    private static String id(String token) {
        return token.split("_")[2];
    }

    private String keys() {
        return HUBS + "/" + hub + "/api-keys";
    }

    private String member(String subject) {
        return HUBS + "/" + hub + "/members/" + URLEncoder.encode(subject, StandardCharsets.UTF_8);
    }

    private static void isRefused(Response answer, ProblemType type) {
        answer.then()
                .statusCode(type.status())
                .contentType("application/problem+json")
                .body("type", is(type.type()))
                .body("code", is(type.code()))
                .body(not(containsString(MARK)));
    }

    private long count(String sql) throws SQLException {
        try (var connection = database.getConnection();
                var row = connection.createStatement().executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private long rows() throws SQLException {
        return count(
                "select (select count(*) from hub) + (select count(*) from member) + (select count(*) from credential)"
                        + " + (select count(*) from audit)");
    }

    /** A token of somebody who signed in. */
    private String signedIn(String hub, String subject, Role role, Instant until) throws SQLException {
        try (var connection = database.getConnection()) {
            return tokens.issue(
                            connection,
                            new Tokens.Grant(hub, Tokens.Kind.SIGN_IN, "Somebody", role, null, subject, until),
                            "sign-in")
                    .secret();
        }
    }

    private static Instant inAnHour() {
        return Instant.now().plus(1, ChronoUnit.HOURS);
    }

    // Hubs

    @Test
    void theHubOfAConfiguredCredentialIsThere() {
        as("south-owner")
                .get(HUBS + "/south")
                .then()
                .statusCode(200)
                .body("id", is("south"))
                .body("policy.intents", is("off"));
    }

    @Test
    void makingAHubTwiceMakesOne() throws Exception {
        var before = rows();

        make(hub).then().statusCode(200).body("id", is(hub));

        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void anIdThatIsTakenIsRefused() throws Exception {
        var before = rows();

        var answer = as("platform")
                .body("{\"id\":\"%s\",\"name\":\"%s\"}".formatted(hub, MARK))
                .post(HUBS);

        isRefused(answer, ProblemType.HUB_EXISTS);
        assertThat(rows()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":\"Upper\",\"name\":\"planted-sentinel-9f2c\"}",
                "{\"id\":\"../x\",\"name\":\"planted-sentinel-9f2c\"}",
                "{\"id\":\"ok-1\",\"name\":\"planted-sentinel-9f2c\\r\\nX-Forged: 1\"}",
                "{\"id\":\"ok-1\",\"name\":\"planted-sentinel-9f2c\\u001b[31m\"}",
                "{\"id\":\"ok-1\",\"name\":\"planted-sentinel-9f2c\\u202e\"}",
                "{\"id\":\"ok-1\",\"name\":\"planted-sentinel-9f2c\\u2028\"}",
                "{\"id\":\"ok-1\",\"name\":\"planted-sentinel-9f2c\\u0000\"}",
                "{\"id\":\"ok-1\",\"name\":\"planted-sentinel-9f2c\\ud800\"}",
                "{\"id\":\"ok-1\",\"name\":\"  \"}",
                "{\"id\":\"ok-1\"}",
                "{\"name\":\"planted-sentinel-9f2c\"}"
            })
    void aHubWithAnIdOrANameThatDoesNotFitIsRefused(String body) throws Exception {
        var before = rows();

        isRefused(as("platform").body(body).post(HUBS), ProblemType.INVALID_REQUEST);

        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void anOwnerSeesItsOwnHubOnlyAndAnOperatorAll() {
        as(owner).get(HUBS).then().statusCode(200).body("hubs.id", equalTo(List.of(hub)));
        var first = as("platform").get(HUBS + "?limit=1");
        first.then().statusCode(200).body("hubs", hasSize(1));
        var next = first.header("Link").replaceAll(".*<(.*)>.*", "$1");
        as("platform").get(next).then().statusCode(200).body("hubs.id", not(equalTo(first.path("hubs.id"))));
    }

    @Test
    void nothingOfAnotherHubIsThere() throws Exception {
        var other = "hub-" + UUID.randomUUID();
        make(other).then().statusCode(201);
        var key = id(keyOf(other, "platform", "owner"));
        as("platform").body(wanted("member")).put(HUBS + "/" + other + "/members/" + KEY_OF_A_HUB);
        var before = rows();

        for (String there : List.of(other, "no-hub-at-all")) {
            var at = HUBS + "/" + there;
            isRefused(as(owner).get(at), ProblemType.UNKNOWN_HUB);
            isRefused(as(owner).body("{\"intents\":\"off\"}").put(at + "/policy"), ProblemType.UNKNOWN_HUB);
            isRefused(as(owner).get(at + "/members"), ProblemType.UNKNOWN_HUB);
            isRefused(as(owner).get(at + "/members/" + KEY_OF_A_HUB), ProblemType.UNKNOWN_HUB);
            isRefused(as(owner).body(wanted("member")).put(at + "/members/" + KEY_OF_A_HUB), ProblemType.UNKNOWN_HUB);
            isRefused(as(owner).delete(at + "/members/" + KEY_OF_A_HUB), ProblemType.UNKNOWN_HUB);
            isRefused(as(owner).get(at + "/api-keys"), ProblemType.UNKNOWN_HUB);
            isRefused(as(owner).body(wanted("member")).post(at + "/api-keys"), ProblemType.UNKNOWN_HUB);
            isRefused(as(owner).get("/api/v1/audit?hub=" + there), ProblemType.UNKNOWN_HUB);
        }
        isRefused(as(owner).get(keys() + "/" + key), ProblemType.UNKNOWN_API_KEY);
        isRefused(as(owner).delete(keys() + "/" + key), ProblemType.UNKNOWN_API_KEY);
        isRefused(as(owner).get(member(KEY_OF_A_HUB)), ProblemType.UNKNOWN_MEMBER);
        isRefused(as(owner).delete(member(KEY_OF_A_HUB)), ProblemType.UNKNOWN_MEMBER);
        isRefused(as("platform").get(HUBS + "/no-hub-at-all/members"), ProblemType.UNKNOWN_HUB);
        isRefused(
                as("platform").body(wanted("member")).post(HUBS + "/no-hub-at-all/api-keys"), ProblemType.UNKNOWN_HUB);

        assertThat(rows()).isEqualTo(before);
    }

    // Policy

    @Test
    void aHubDecidesWhetherDeploymentsMustBeSigned() {
        as(owner)
                .body("{\"intents\":\"optional\"}")
                .put(HUBS + "/" + hub + "/policy")
                .then()
                .statusCode(200)
                .body("policy.intents", is("optional"));

        as(owner).get(HUBS + "/" + hub).then().body("policy.intents", is("optional"));
        isRefused(
                as(owner).body("{\"intents\":\"maybe\"}").put(HUBS + "/" + hub + "/policy"),
                ProblemType.INVALID_REQUEST);
    }

    @Test
    void whatIsRequiredIsNotTakenBackWithAnApiKey() throws Exception {
        as(owner)
                .body("{\"intents\":\"required\"}")
                .put(HUBS + "/" + hub + "/policy")
                .then()
                .statusCode(200);
        var before = rows();

        isRefused(
                as(owner).body("{\"intents\":\"off\"}").put(HUBS + "/" + hub + "/policy"), ProblemType.SIGN_IN_NEEDED);
        isRefused(as(owner).body(wanted("owner")).put(member(KEY_OF_A_HUB)), ProblemType.SIGN_IN_NEEDED);
        isRefused(as(owner).body(wanted("owner")).post(keys()), ProblemType.SIGN_IN_NEEDED);

        assertThat(rows()).isEqualTo(before);
        var person = signedIn(hub, PERSON, Role.OWNER, inAnHour());
        as(person)
                .body("{\"intents\":\"off\"}")
                .put(HUBS + "/" + hub + "/policy")
                .then()
                .statusCode(200);
    }

    // Members

    @ParameterizedTest
    @ValueSource(strings = {KEY_OF_A_HUB, WALLET, PERSON})
    void aMemberIsAddedShownAndRemoved(String subject) {
        as(owner)
                .body(wanted("member"))
                .put(member(subject))
                .then()
                .statusCode(201)
                .body("subject", is(subject))
                .body("role", is("member"))
                .body("addedBy", is(id(owner)));
        as(owner).body(wanted("member")).put(member(subject)).then().statusCode(200);
        as(owner).get(HUBS + "/" + hub + "/members").then().body("members.subject", contains(subject));
        as(owner).get(member(subject)).then().statusCode(200).body("name", is("for a test"));

        as(owner).delete(member(subject)).then().statusCode(204);

        isRefused(as(owner).get(member(subject)), ProblemType.UNKNOWN_MEMBER);
        isRefused(as(owner).delete(member(subject)), ProblemType.UNKNOWN_MEMBER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "key%3Ashort",
                "somebody",
                "did%3Acardano%3Aaddr1qx",
                "did%3Acardano%3Astake1UPPER000000000000000000000",
                "oidc%3Ajavascript%3Aalert%23x",
                "oidc%3Ahttps%3A%2F%2Fissuer.example%23",
                "oidc%3Ahttps%3A%2F%2Fissuer.example%23a%0d%0ab",
                "oidc%3Ahttps%3A%2F%2Fissuer.example%23a%20b",
                "key%3Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa%00",
                "%252e%252e"
            })
    void aSubjectOfNoKnownFormIsRefused(String subject) throws Exception {
        var before = rows();

        isRefused(
                as(owner).body(wanted("member")).put(HUBS + "/" + hub + "/members/" + subject),
                ProblemType.INVALID_REQUEST);

        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void theLastOwnerIsNotRemovedUnlessByAnOperator() throws Exception {
        as(owner).body(wanted("owner")).put(member(KEY_OF_A_HUB)).then().statusCode(201);
        var before = rows();

        isRefused(as(owner).delete(member(KEY_OF_A_HUB)), ProblemType.LAST_OWNER);
        isRefused(as(owner).body(wanted("member")).put(member(KEY_OF_A_HUB)), ProblemType.LAST_OWNER);

        assertThat(rows()).isEqualTo(before);
        as("platform").delete(member(KEY_OF_A_HUB)).then().statusCode(204);
    }

    @Test
    void ofTwoOwnersRemovedAtOnceOneStays() {
        as(owner).body(wanted("owner")).put(member(KEY_OF_A_HUB)).then().statusCode(201);
        as(owner).body(wanted("owner")).put(member(WALLET)).then().statusCode(201);

        var removals = Stream.of(KEY_OF_A_HUB, WALLET)
                .map(subject -> CompletableFuture.supplyAsync(
                        () -> as(owner).delete(member(subject)).statusCode()))
                .toList();

        assertThat(removals.stream().map(CompletableFuture::join)).containsExactlyInAnyOrder(204, 409);
    }

    @Test
    void whoIsRemovedOrGetsAnotherRoleIsSignedOutAtOnce() throws Exception {
        as(owner).body(wanted("owner")).put(member(WALLET)).then().statusCode(201);
        for (String how : List.of("another role", "removed")) {
            as(owner).body(wanted("member")).put(member(KEY_OF_A_HUB));
            var token = signedIn(hub, KEY_OF_A_HUB, Role.MEMBER, inAnHour());
            as(token).get(HUBS + "/" + hub).then().statusCode(200);

            if (how.equals("removed")) {
                as(owner).delete(member(KEY_OF_A_HUB)).then().statusCode(204);
            } else {
                as(owner)
                        .body(wanted("subscriber"))
                        .put(member(KEY_OF_A_HUB))
                        .then()
                        .statusCode(200);
            }

            isRefused(as(token).get(HUBS + "/" + hub), ProblemType.UNAUTHENTICATED);
        }
    }

    // API keys

    @Test
    void anApiKeyIsShownOnceAndWorks() throws Exception {
        var made = as(owner).body(wanted("member")).post(keys());

        made.then()
                .statusCode(201)
                .header("Cache-Control", "no-store")
                .body("role", is("member"))
                .body("scopes", contains("watch", "events", "trigger"))
                .body("createdBy", is(id(owner)))
                .body("revokedAt", nullValue());
        String key = made.path("key");
        assertThat(made.header("Location")).isEqualTo(keys() + "/" + id(key));
        assertThat(Instant.parse(made.path("expiresAt")))
                .isBetween(
                        Instant.now().plus(89, ChronoUnit.DAYS), Instant.now().plus(91, ChronoUnit.DAYS));
        as(key).get(HUBS + "/" + hub).then().statusCode(200);
        isRefused(as(key).get(keys()), ProblemType.FORBIDDEN);
        for (String path : List.of(keys(), keys() + "/" + id(key), "/api/v1/audit")) {
            as(owner)
                    .get(path)
                    .then()
                    .statusCode(200)
                    .body(containsString(id(key)))
                    .body(not(containsString(key.substring(20))))
                    .body(not(containsString("hash")));
        }
        var hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        try (var connection = database.getConnection();
                var select = connection.prepareStatement("select hash, c::text from credential c where id = ?")) {
            select.setString(1, id(key));
            var row = select.executeQuery();
            row.next();
            assertThat(row.getBytes(1)).isEqualTo(hash);
            assertThat(row.getString(2)).doesNotContain(key.substring(20));
        }
    }

    @Test
    void aRepeatWithItsKeyMakesNoSecondApiKeyAndShowsNone() throws Exception {
        var once = UUID.randomUUID().toString();
        String key = as(owner)
                .header("Idempotency-Key", once)
                .body(wanted("member"))
                .post(keys())
                .path("key");
        var before = rows();

        var again =
                as(owner).header("Idempotency-Key", once).body(wanted("member")).post(keys());

        isRefused(again, ProblemType.API_KEY_SHOWN_ONCE);
        assertThat(again.asString()).contains(id(key)).doesNotContain(key.substring(20));
        isRefused(
                as(owner).header("Idempotency-Key", once).body(wanted("owner")).post(keys()),
                ProblemType.IDEMPOTENCY_KEY_REUSED);
        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void ofManyAtOnceWithOneKeyOneMakesTheApiKey() {
        var once = UUID.randomUUID().toString();

        var answers = IntStream.range(0, 6)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> as(owner)
                        .header("Idempotency-Key", once)
                        .body(wanted("member"))
                        .post(keys())
                        .statusCode()))
                .toList();

        assertThat(answers.stream().map(CompletableFuture::join))
                .containsExactlyInAnyOrder(201, 409, 409, 409, 409, 409);
    }

    @Test
    void aScopeNarrowsTheRole() {
        var key = keyOf(hub, owner, "owner", ",\"scopes\":[\"watch\",\"audit\"]");

        as(key).get(HUBS + "/" + hub).then().statusCode(200);
        as(key).get("/api/v1/audit").then().statusCode(200);
        isRefused(as(key).get(keys()), ProblemType.FORBIDDEN);
        isRefused(as(key).body("{}").post("/api/v1/deployments"), ProblemType.FORBIDDEN);
    }

    @Test
    void nobodyGivesWhatHeDoesNotHave() throws Exception {
        var narrow = keyOf(hub, owner, "owner", ",\"scopes\":[\"watch\",\"keys\"]");
        var before = rows();

        isRefused(as(narrow).body(wanted("owner")).post(keys()), ProblemType.MORE_THAN_OWN);
        isRefused(as(narrow).body(wanted("owner", ",\"scopes\":[\"audit\"]")).post(keys()), ProblemType.MORE_THAN_OWN);
        isRefused(as(narrow).body(wanted("member")).put(member(KEY_OF_A_HUB)), ProblemType.MORE_THAN_OWN);
        isRefused(as(owner).body(wanted("operator")).post(keys()), ProblemType.MORE_THAN_OWN);
        isRefused(as(owner).body(wanted("operator")).put(member(KEY_OF_A_HUB)), ProblemType.MORE_THAN_OWN);

        assertThat(rows()).isEqualTo(before);
        as(narrow)
                .body(wanted("member", ",\"scopes\":[\"watch\"]"))
                .post(keys())
                .then()
                .statusCode(201);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\":\"planted-sentinel-9f2c\",\"role\":\"king\"}",
                "{\"name\":\"planted-sentinel-9f2c\",\"role\":\"OWNER\"}",
                "{\"name\":\"planted-sentinel-9f2c\\n12:00 INFO forged\",\"role\":\"member\"}",
                "{\"name\":\"planted-sentinel-9f2c\",\"role\":\"member\",\"scopes\":[]}",
                "{\"name\":\"planted-sentinel-9f2c\",\"role\":\"member\",\"scopes\":[\"watch\",\"watch\"]}",
                "{\"name\":\"planted-sentinel-9f2c\",\"role\":\"member\",\"scopes\":[\"keys\"]}",
                "{\"name\":\"planted-sentinel-9f2c\",\"role\":\"member\",\"scopes\":[null]}",
                "{\"name\":\"planted-sentinel-9f2c\",\"role\":\"member\",\"expiresAt\":\"yesterday\"}",
                "{\"name\":\"planted-sentinel-9f2c\",\"role\":\"member\",\"expiresAt\":\"2020-01-01T00:00:00Z\"}",
                "{\"name\":\"planted-sentinel-9f2c\",\"role\":\"member\",\"expiresAt\":\"2999-01-01T00:00:00Z\"}",
                "{\"role\":\"member\"}"
            })
    void anApiKeyThatDoesNotFitIsRefused(String body) throws Exception {
        var before = rows();

        isRefused(as(owner).body(body).post(keys()), ProblemType.INVALID_REQUEST);

        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void aRevokedKeyIsRefusedAtOnceAndItsStreamEnds() throws Exception {
        // The one hub that the fake orchestrator knows.
        owner = keyOf("north", "platform", "owner");
        var keys = HUBS + "/north/api-keys";
        var key = keyOf("north", owner, "subscriber");
        try (var stream = StreamReader.open("/api/v1/events", key)) {
            await().until(() -> stream.comments().contains("alive"));

            as(owner).delete(keys + "/" + id(key)).then().statusCode(204);

            isRefused(as(key).get("/api/v1/events"), ProblemType.UNAUTHENTICATED);
            assertThat(stream.end()).succeedsWithin(Duration.ofSeconds(5));
        }
        as(owner).delete(keys + "/" + id(key)).then().statusCode(204);
        as(owner)
                .get(keys + "/" + id(key))
                .then()
                .body("revokedBy", is(id(owner)))
                .body("revokedAt", not(nullValue()));
        assertThat(count("select count(*) from audit where action = 'api-key.revoke' and target = '" + id(key) + "'"))
                .isEqualTo(1);
    }

    @Test
    void anotherGatewaysRevocationIsSeenWithinSeconds() throws Exception {
        var key = keyOf(hub, owner, "member");
        as(key).get(HUBS + "/" + hub).then().statusCode(200);

        count("with gone as (update credential set revoked_at = now() where id = '%s' returning 1) select 1"
                .formatted(id(key)));

        await().atMost(Duration.ofSeconds(4))
                .until(() -> as(key).get(HUBS + "/" + hub).statusCode() == 401);
    }

    @Test
    void anExpiredTokenIsRefusedAndItsStreamEnds() throws Exception {
        var token = signedIn("north", PERSON, Role.OWNER, Instant.now().plusSeconds(3));
        try (var stream = StreamReader.open("/api/v1/events", token)) {
            assertThat(stream.status()).isEqualTo(200);
            assertThat(stream.end()).succeedsWithin(Duration.ofSeconds(10));
        }

        isRefused(as(token).get(HUBS), ProblemType.UNAUTHENTICATED);
    }

    @ParameterizedTest
    @CsvSource({"a mistyped one, 0", "another secret, 1", "another kind, 2", "nobody's, 3"})
    void aTokenThatIsNotQuiteOneIsRefused(String what, int which) throws Exception {
        var key = keyOf(hub, owner, "member");
        var other = keyOf(hub, owner, "member");
        var token = List.of(
                        key.substring(0, 30) + (key.charAt(30) == 'x' ? 'y' : 'x') + key.substring(31),
                        key.substring(0, 21) + other.substring(21),
                        key.replace("off_key_", "off_tok_"),
                        "off_key_" + "0".repeat(12) + "_" + "0".repeat(36))
                .get(which);
        var before = rows();

        var answer = as(token).get(HUBS);

        isRefused(answer, ProblemType.UNAUTHENTICATED);
        assertThat(answer.asString()).as(what).doesNotContain(token.substring(21));
        assertThat(rows()).isEqualTo(before);
    }

    // Audit

    @Test
    void whoDidWhatWhenAndWithWhichCredentialIsThereForOwners() {
        var key = keyOf(hub, owner, "member");
        as(owner).body(wanted("member")).put(member(WALLET)).then().statusCode(201);

        var audit = as(owner).get("/api/v1/audit?limit=2");

        audit.then()
                .statusCode(200)
                .body("entries.action", contains("member.put", "api-key.create"))
                .body("entries.target", contains(WALLET + " member", id(key)))
                .body("entries.credential", contains(id(owner), id(owner)))
                .body("entries.role", contains("owner", "owner"))
                .body("entries.hub", contains(hub, hub))
                .body("entries[0].address", is("127.0.0.1"))
                .body("entries[0].outcome", is("done"));
        var next = audit.header("Link").replaceAll(".*<(.*)>.*", "$1");
        as(owner).get(next).then().body("entries.action", contains("api-key.create", "hub.create"));
        as("platform").get("/api/v1/audit?hub=" + hub + "&limit=1").then().body("entries.hub", contains(hub));
        as("platform").get("/api/v1/audit").then().statusCode(200).body("entries.hub", hasItem(hub));
        isRefused(as(key).get("/api/v1/audit"), ProblemType.FORBIDDEN);
        isRefused(as(owner).get("/api/v1/audit?cursor=drop"), ProblemType.INVALID_REQUEST);
    }
}
