package io.offshoot.gateway.connection;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import io.offshoot.backends.KafkaResource;
import io.offshoot.backends.PostgresResource;
import io.offshoot.contracts.claim.Verdict;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.secret.Sealed;
import io.offshoot.gateway.FakeOrchestrator;
import io.offshoot.gateway.Surroundings;
import io.offshoot.sealing.Opener;
import io.offshoot.sealing.SecretContext;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@WithTestResource(KafkaResource.class)
@WithTestResource(PostgresResource.class)
@WithTestResource(Surroundings.class)
class ConnectionTest {

    private static final String V1 = "/api/v1/connections";
    private static final String TOKEN = "ghs_planted-sentinel-0001";
    private static final String BODY = "{\"token\": \"%s\", \"account\": \"north-org\"}".formatted(TOKEN);
    private static final Opener KEYS = Opener.generate("github");

    @Inject
    DataSource database;

    private final FakeOrchestrator orchestrator = Surroundings.orchestrator();
    private final StringBuffer logged = new StringBuffer();
    private final Handler log = new Handler() {

        @Override
        public void publish(LogRecord entry) {
            logged.append(new SimpleFormatter().format(entry));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void begin() {
        orchestrator.reset();
        orchestrator.announces(KEYS.recipient().published());
        Logger.getLogger("").addHandler(log);
    }

    @AfterEach
    void end() {
        Logger.getLogger("").removeHandler(log);
    }

    @Test
    void aTokenIsSealedForTheExecutorsOfItsProviderAndForNothingElse() throws Exception {
        var audited = audited("connection.enter");

        var answer = owner().body(BODY).put(V1 + "/github/main");

        answer.then()
                .statusCode(202)
                .header("Location", V1 + "/github/main")
                .header("Cache-Control", "no-store")
                .body("state", is("CHECKING"));
        var entered = put();
        var sealed = Messages.json().treeToValue(entered.body().path("sealed"), Sealed.class);
        var context = new SecretContext("north", "connection", "github/main", 4);
        assertThat(KEYS.open(sealed, context).text()).isEqualTo(TOKEN);
        assertThat(entered.body().path("version").asLong()).isEqualTo(4);
        assertThat(entered.body().path("account").asText()).isEqualTo("north-org");
        assertThat(entered.body().path("by").asText()).isEqualTo("north-owner");
        assertThat(audited("connection.enter")).isEqualTo(audited + 1);
        isNowhere(answer);
    }

    @Test
    void withoutANameItIsTheHubsOwn() {
        owner().body(BODY).put(V1 + "/github").then().statusCode(202).header("Location", V1 + "/github/north");

        assertThat(put().path()).isEqualTo("/internal/hubs/north/connections/github/north");
    }

    @Test
    void aRepeatWithTheSameKeyEntersNothingAgainAndNothingKeptTellsOfTheToken() throws Exception {
        owner().header("Idempotency-Key", "k")
                .body(BODY)
                .put(V1 + "/github/main")
                .then()
                .statusCode(202);
        var digest = put().body().path("digest").asText();
        orchestrator.reset();
        orchestrator.announces(KEYS.recipient().published());
        orchestrator.hasEntered("k", digest);

        var repeated = owner().header("Idempotency-Key", "k").body(BODY).put(V1 + "/github/main");
        var other = owner().header("Idempotency-Key", "k")
                .body(BODY.replace("north-org", "other-org"))
                .put(V1 + "/github/main");
        var anotherToken = owner().header("Idempotency-Key", "k")
                .body(BODY.replace("0001", "0002"))
                .put(V1 + "/github/main");

        repeated.then().statusCode(202).header("Idempotent-Replayed", "true");
        isRefused(other, ProblemType.IDEMPOTENCY_KEY_REUSED);
        isRefused(anotherToken, ProblemType.IDEMPOTENCY_KEY_REUSED);
        assertThat(digest).doesNotContain(sha256(TOKEN));
    }

    @Test
    void connectionsAreShownToMembersAndNeverWithAToken() {
        given().header("Authorization", "Bearer north-member")
                .get(V1)
                .then()
                .statusCode(200)
                .body("$", hasSize(1))
                .body("[0].name", is("main"));
        given().header("Authorization", "Bearer south-owner").get(V1).then().body("$", hasSize(0));
        given().header("Authorization", "Bearer south-owner")
                .get(V1 + "/github/main")
                .then()
                .statusCode(404);
    }

    @Test
    void aQuestionThatWaitsIsAnsweredWhenTheConnectionIsChecked() throws Exception {
        var checking = new Thread(() -> {
            while (orchestrator.calls().size() < 2) {
                Thread.onSpinWait();
            }
            orchestrator.connectionStands(Verdict.State.REFUSED);
        });
        checking.start();

        owner().get(V1 + "/github/main?wait=20")
                .then()
                .statusCode(200)
                .body("state", is("REFUSED"))
                .body("problem", is("GitHub does not accept the token."));
        checking.join();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"token\": \"ghs_planted-sentinel-0001\"}",
                "{\"token\": \"ghs_planted-sentinel-0001\", \"account\": \"a/../b\"}",
                "{\"token\": \"ghs_planted-sentinel-0001\", \"account\": 7}",
                "{\"token\": \"ghs_planted-sentinel-0001\\r\\nX: y\", \"account\": \"north-org\"}",
                "{\"token\": \"ghs_planted sentinel-0001\", \"account\": \"north-org\"}",
                "{\"token\": [\"ghs_planted-sentinel-0001\"], \"account\": \"north-org\"}",
                "{\"token\": \"short\", \"account\": \"north-org\"}",
                "{\"account\": \"north-org\"}",
                "{\"token\": \"ghs_planted-sentinel-0001\", \"account\": \"north-org\", \"scope\": \"all\"}",
                "{\"token\": \"ghs_planted-sentinel-0001\", \"token\": \"x\", \"account\": \"north-org\"}",
                "{\"token\": \"ghs_planted-sentinel-0001",
                "[]",
            })
    void aBodyThatDoesNotFitIsRefusedAndNotRepeated(String body) {
        var answer = owner().body(body).put(V1 + "/github/main");

        answer.then().statusCode(400).contentType("application/problem+json");
        isNowhere(answer);
        assertThat(orchestrator.calls()).isEmpty();
    }

    @Test
    void aTokenThatIsTooLongAndABodyThatIsAreRefused() {
        var longer = owner().body("{\"token\": \"%s\", \"account\": \"north-org\"}".formatted("x".repeat(4097)))
                .put(V1 + "/github/main");
        var longest = owner().body("{\"token\": \"%s\", \"account\": \"north-org\"}".formatted("x".repeat(70_000)))
                .put(V1 + "/github/main");

        isRefused(longer, ProblemType.INVALID_REQUEST);
        isRefused(longest, ProblemType.BODY_TOO_LARGE);
        assertThat(orchestrator.calls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Main", "a_b", "-a", "installed", "a%2Fb", "a%00", "%2e%2e", "a%7Cb"})
    void aNameThatDoesNotFitIsRefused(String name) {
        var answer = given().urlEncodingEnabled(false)
                .header("Authorization", "Bearer north-owner")
                .contentType("application/json")
                .body(BODY)
                .put(V1 + "/github/" + name);

        assertThat(answer.statusCode()).isIn(400, 404, 405);
        isNowhere(answer);
        assertThat(orchestrator.calls()).isEmpty();
    }

    @Test
    void aProviderThatIsNoneIsUnknown() {
        orchestrator.refuses(ProblemType.UNKNOWN_PROVIDER);

        isRefused(owner().body(BODY).put(V1 + "/nowhere/main"), ProblemType.UNKNOWN_PROVIDER);
        isRefused(owner().body(BODY).put(V1 + "/No%20Where/main"), ProblemType.UNKNOWN_PROVIDER);
        assertThat(orchestrator.calls()).allMatch(call -> call.method().equals("GET"));
    }

    @Test
    void whoMayNotSetSecretsEntersRemovesAndInstallsNothing() {
        for (var answer : List.of(
                member().body(BODY).put(V1 + "/github/main"),
                member().body(BODY).put(V1 + "/github"),
                member().delete(V1 + "/github/main"),
                member().body("{\"organization\": \"north-org\"}").post(V1 + "/github/main/installation"))) {
            isRefused(answer, ProblemType.FORBIDDEN);
        }
        isRefused(
                given().contentType("application/json").body(BODY).put(V1 + "/github/main"),
                ProblemType.UNAUTHENTICATED);
        assertThat(orchestrator.calls()).isEmpty();
    }

    @Test
    void whatTheOperatorHasSetUpIsNotTheHubs() {
        orchestrator.connectionIsTheOperators();
        isRefused(owner().delete(V1 + "/github/main"), ProblemType.CONNECTION_OF_THE_OPERATOR);
        orchestrator.refuses(ProblemType.CONNECTION_OF_THE_OPERATOR);
        isRefused(owner().body(BODY).put(V1 + "/github/main"), ProblemType.CONNECTION_OF_THE_OPERATOR);

        assertThat(orchestrator.calls()).allMatch(call -> call.method().equals("GET"));
    }

    @Test
    void aslongAsNoExecutorHasSaidWhatToSealWithNothingIsKept() throws Exception {
        var audited = audited("connection.enter");
        orchestrator.announces(Opener.generate("vercel").recipient().published());

        var answer = owner().body(BODY).put(V1 + "/github/main");

        isRefused(answer, ProblemType.SEALING_UNAVAILABLE);
        assertThat(orchestrator.calls()).allMatch(call -> call.method().equals("GET"));
        assertThat(audited("connection.enter")).isEqualTo(audited);
    }

    @Test
    void aConnectionThatIsRemovedIsInTheAudit() throws Exception {
        var audited = audited("connection.remove");

        owner().delete(V1 + "/github/main").then().statusCode(204);

        assertThat(orchestrator.calls()).anyMatch(call -> call.method().equals("DELETE"));
        assertThat(audited("connection.remove")).isEqualTo(audited + 1);
    }

    // The GitHub App

    @Test
    void aLinkHasAStateOfWhichOnlyAHashIsKept() {
        var answer = owner().body("{\"organization\": \"north-org\"}").post(V1 + "/github/main/installation");

        answer.then()
                .statusCode(201)
                .header("Cache-Control", "no-store")
                .body("seconds", is(3600))
                .body("url", startsWith("https://github.com/apps/offshoot-test/installations/new?state="));
        var state = URI.create(answer.path("url")).getQuery().substring("state=".length());
        assertThat(state).matches("[A-Za-z0-9_-]{43}");
        var kept = orchestrator.calls().get(0);
        assertThat(kept.body().toString())
                .doesNotContain(state)
                .contains("north-org")
                .contains("north-owner");
        assertThat(logged).doesNotContain(state);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"organization\": \"a b\"}", "{\"organization\": \"a?b=c\"}", "{\"org\": \"x\"}"})
    void aLinkToAnOrganisationThatCannotBeIsRefused(String body) {
        owner().body(body).post(V1 + "/github/main/installation").then().statusCode(400);

        assertThat(orchestrator.calls()).isEmpty();
    }

    @Test
    void whoComesBackFromGitHubNeedsNoCredentialAndIsToldWhatHappened() throws Exception {
        var audited = audited("connection.installation");

        back("installation_id=77&setup_action=install&state=" + "s".repeat(43))
                .then()
                .statusCode(200)
                .contentType("text/html")
                .header("Cache-Control", "no-store")
                .header("Content-Security-Policy", containsString("default-src 'none'"))
                .body(containsString("You can close this page"))
                .body(containsString("north-org"));

        var used = orchestrator.calls().get(0);
        assertThat(used.body().path("installation").asLong()).isEqualTo(77);
        assertThat(used.body().toString()).doesNotContain("sss");
        assertThat(audited("connection.installation")).isEqualTo(audited + 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "installation_id=77&setup_action=install",
                "installation_id=77&state=short",
                "installation_id=77&state=<script>alert(1)</script>",
                "setup_action=install&state=sssssssssssssssssssssssssssssssssssssssssss",
                "installation_id=7%207&state=sssssssssssssssssssssssssssssssssssssssssss",
                "installation_id=-1&state=sssssssssssssssssssssssssssssssssssssssssss",
                "installation_id=99999999999999999999&state=sssssssssssssssssssssssssssssssssssssssssss",
            })
    void whoComesWithoutALinkOrANumberIsSentAwayBeforeAnybodyIsAsked(String query) {
        var page = back(query);

        page.then().statusCode(404).contentType("text/html");
        assertThat(page.asString()).doesNotContain("<script");
        assertThat(orchestrator.calls()).isEmpty();
    }

    @Test
    void aLinkThatWasUsedIsSaidToBeInvalidInWordsOrAsAProblem() {
        orchestrator.refuses(ProblemType.UNKNOWN_INSTALLATION_LINK);
        var query = "installation_id=77&setup_action=install&state=" + "s".repeat(43);

        back(query)
                .then()
                .statusCode(404)
                .contentType("text/html")
                .body(containsString("ask whoever gave you the link"));
        isRefused(given().get(V1 + "/github/installed?" + query), ProblemType.UNKNOWN_INSTALLATION_LINK);
    }

    @Test
    void anInstallationOfAnotherHubIsSaidToBeOfNoUse() {
        orchestrator.installationsAreTaken();

        back("installation_id=77&setup_action=install&state=" + "s".repeat(43))
                .then()
                .statusCode(409)
                .body(containsString("Nothing was changed"));
    }

    @Test
    void aMemberWhoMayOnlyAskAnOwnerUsesNoLinkUp() {
        back("setup_action=request&state=" + "s".repeat(43)).then().statusCode(200);

        assertThat(orchestrator.calls()).isEmpty();
    }

    private static Response back(String query) {
        return given().urlEncodingEnabled(!query.contains("%"))
                .accept("text/html,application/xhtml+xml")
                .get(V1 + "/github/installed?" + query);
    }

    private static RequestSpecification owner() {
        return given().header("Authorization", "Bearer north-owner").contentType("application/json");
    }

    private static RequestSpecification member() {
        return given().header("Authorization", "Bearer north-member").contentType("application/json");
    }

    private void isRefused(Response answer, ProblemType type) {
        answer.then()
                .statusCode(type.status())
                .contentType("application/problem+json")
                .body("code", is(type.code()));
        isNowhere(answer);
    }

    /** Neither in the answer, nor in what we wrote down, nor in a call. */
    private void isNowhere(Response answer) {
        assertThat(answer.asString() + answer.headers()).doesNotContain("planted");
        assertThat(logged.toString()).doesNotContain("planted");
        assertThat(orchestrator.calls().toString()).doesNotContain("planted");
    }

    private FakeOrchestrator.Call put() {
        return orchestrator.calls().stream()
                .filter(call -> call.method().equals("PUT"))
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private int audited(String action) throws SQLException {
        try (var connection = database.getConnection();
                var select = connection.prepareStatement("select count(*) from audit where action = ?")) {
            select.setString(1, action);
            var row = select.executeQuery();
            row.next();
            return row.getInt(1);
        }
    }
}
