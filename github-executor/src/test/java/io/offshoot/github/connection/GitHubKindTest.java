package io.offshoot.github.connection;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.claim.EnteredConnection;
import io.offshoot.contracts.claim.Verdict;
import io.offshoot.contracts.claim.Verdict.State;
import io.offshoot.contracts.github.GitHubActions;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.NeedsPersonException;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.attempt.Time;
import io.offshoot.executorkit.lane.Limits;
import io.offshoot.executorkit.lane.Paces;
import io.offshoot.executorkit.process.ExecutorConfig;
import io.offshoot.executorkit.secret.Keyset;
import io.offshoot.github.AppKeys;
import io.offshoot.github.Attempts;
import io.offshoot.github.GitHubResource;
import io.offshoot.sealing.Opener;
import io.offshoot.sealing.Secret;
import io.offshoot.sealing.SecretContext;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Organisations that hubs have entered. */
@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(GitHubResource.class)
class GitHubKindTest {

    private static final Opener KEYS = Opener.generate("github");
    private static final AppKeys APP = AppKeys.generate();
    private static final Instant ASKED = Instant.parse("2026-11-22T10:00:00Z");
    private static final String ALL = "{\"administration\":\"write\",\"contents\":\"write\"}";

    @Inject
    ExecutorConfig executor;

    @Inject
    Time time;

    WireMockServer server;
    private GitHubConnections connections;

    @BeforeEach
    void connect() {
        server.resetAll();
        server.stubFor(any(anyUrl()).willReturn(jsonResponse("{}", 404)));
        var properties = Map.of(
                "offshoot.github.url", server.baseUrl(),
                "offshoot.github.app.id", "Iv1.platform",
                "offshoot.github.app.private-key", APP.pkcs1(),
                "offshoot.github.connections.fixed.hub", "hub-a",
                "offshoot.github.connections.fixed.organization", "fixed-org",
                "offshoot.github.connections.fixed.token", "ghp_planted-fixed");
        var config = new SmallRyeConfigBuilder()
                .withMapping(GitHubConfig.class)
                .withConverter(Duration.class, 200, new DurationConverter())
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build()
                .getConfigMapping(GitHubConfig.class);
        connections =
                new GitHubConnections(config, executor, time, new Paces(Limits.NONE, "key", time), Keyset.of(KEYS));
    }

    @Test
    void anEnteredTokenIsUsedByItsHubAndTheNextOneByTheNextAttempt() {
        learn(token("main", 1, "ghp_planted-1"));
        connections.of(attempt("hub-a", "main")).repository("docs");

        learn(token("main", 2, "ghp_planted-2"));
        connections.of(attempt("hub-a", "main")).repository("docs");

        for (var one : List.of("ghp_planted-1", "ghp_planted-2")) {
            server.verify(
                    1,
                    getRequestedFor(urlEqualTo("/repos/entered-org/docs"))
                            .withHeader("Authorization", equalTo("Bearer " + one)));
        }
        assertThatThrownBy(() -> connections.of(attempt("hub-b", "main")))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.code()).isEqualTo("unknown-connection"));
    }

    @Test
    void whatTheOperatorHasSetUpComesFirst() {
        learn(token("fixed", 1, "ghp_planted-1"));

        connections.of(attempt("hub-a", "fixed")).repository("docs");

        server.verify(getRequestedFor(urlEqualTo("/repos/fixed-org/docs")));
    }

    @Test
    void anEnteredTokenHasTheLaneThatTheSameTokenHasInTheSettings() {
        learn(token("main", 1, "ghp_planted-fixed"));

        assertThat(connections.pace("main", "hub-a"))
                .containsSame(connections.pace("fixed", "hub-a").orElseThrow());
        assertThat(connections.pace("main", "hub-b")).isEmpty();
    }

    @Test
    void aTokenIsReadyWhenItSeesTheOrganisation() {
        server.stubFor(get("/user").willReturn(jsonResponse("{\"login\":\"somebody\"}", 200)));
        server.stubFor(get(urlPathEqualTo("/orgs/entered-org/repos")).willReturn(jsonResponse("[]", 200)));

        assertThat(look(token("main", 1, "ghp_planted-1")).state()).isEqualTo(State.READY);
        assertThat(server.getAllServeEvents())
                .allMatch(call -> call.getRequest().getMethod().getName().equals("GET"));
    }

    @Test
    void aTokenThatIsRefusedOrOfAnotherAccountIsSaidToBe() {
        server.stubFor(get("/user").willReturn(jsonResponse("{\"message\":\"Bad credentials\"}", 401)));
        var bad = look(token("main", 1, "ghp_planted-1"));
        server.stubFor(get("/user").willReturn(jsonResponse("{\"login\":\"somebody\"}", 200)));
        var wrong = look(token("main", 2, "ghp_planted-2"));
        server.stubFor(get("/user").willReturn(jsonResponse("{}", 502)));
        var away = look(token("main", 3, "ghp_planted-3"));

        assertThat(bad.code()).isEqualTo("bad-credential");
        assertThat(wrong.code()).isEqualTo("wrong-account");
        assertThat(away.state()).isEqualTo(State.CHECKING);
        assertThat(away.code()).isEqualTo("unreachable");
        assertThat(List.of(bad, wrong, away).toString()).doesNotContain("planted");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "entered-org | write | all      | 2026-11-22T10:05:00Z | READY   |",
                "Entered-Org | write | all      | 2026-11-22T09:59:30Z | READY   |",
                "other-org   | write | all      | 2026-11-22T10:05:00Z | REFUSED | wrong-account",
                "entered-org | read  | all      | 2026-11-22T10:05:00Z | REFUSED | missing-rights",
                "entered-org | write | selected | 2026-11-22T10:05:00Z | REFUSED | missing-rights",
                "entered-org | write | all      | 2026-11-22T09:58:00Z | REFUSED | not-installed",
            })
    void anInstallationMustBeWhatWasAskedFor(
            String organization, String right, String covers, String changed, State state, String code) {
        installation(
                organization, "{\"administration\":\"write\",\"contents\":\"%s\"}".formatted(right), covers, changed);

        var verdict = look(installed());

        assertThat(verdict.state()).isEqualTo(state);
        assertThat(verdict.code()).isEqualTo(code);
        if (!organization.equals("other-org")) {
            return;
        }
        // Where it is instead is nobody's business.
        assertThat(verdict.problem()).doesNotContain("other-org");
    }

    @Test
    void anInstallationThatIsNotTheHubsIsGivenToNoAttemptWhateverTheDatabaseSays() {
        installation("other-org", ALL, "all", "2026-11-22T10:05:00Z");
        learn(new EnteredConnection("hub-a", "app", "entered-org", 1, null, 77L, ASKED, true, false));

        assertThatThrownBy(() -> connections.of(attempt("hub-a", "app")))
                .isInstanceOfSatisfying(ProviderException.class, e -> {
                    assertThat(e.kind()).isEqualTo(FailureClass.CREDENTIAL);
                    assertThat(e.code()).isEqualTo("wrong-account");
                });
        server.verify(0, getRequestedFor(urlEqualTo("/repos/entered-org/docs")));
    }

    @Test
    void aStepWhoseInstallationIsGoneWaitsForAPersonAndGoesOnWithTheNextOne() {
        learn(installed());

        assertThatThrownBy(() -> connections.of(attempt("hub-a", "app")))
                .isInstanceOfSatisfying(NeedsPersonException.class, e -> assertThat(
                                e.waiting().instructions().what())
                        .contains("/api/v1/connections/github/app/installation"));
        installation("entered-org", ALL, "all", "2026-11-22T10:05:00Z");
        server.stubFor(post("/app/installations/77/access_tokens")
                .willReturn(jsonResponse("{\"token\":\"ghs_planted\",\"expires_at\":\"2099-01-01T00:00:00Z\"}", 201)));
        connections.of(attempt("hub-a", "app")).repository("docs");

        server.verify(getRequestedFor(urlEqualTo("/repos/entered-org/docs"))
                .withHeader("Authorization", equalTo("Bearer ghs_planted")));
    }

    private void installation(String organization, String permissions, String covers, String changed) {
        server.stubFor(get("/app/installations/77")
                .willReturn(jsonResponse("""
                        {"account": {"login": "%s"}, "permissions": %s, "repository_selection": "%s",
                         "created_at": "2024-01-01T00:00:00Z", "updated_at": "%s"}""".formatted(organization, permissions, covers, changed), 200)));
    }

    private void learn(EnteredConnection entered) {
        connections.entered().orElseThrow().learn(List.of(entered));
    }

    private Verdict look(EnteredConnection entered) {
        learn(entered);
        return connections.entered().orElseThrow().due().stream()
                .map(Supplier::get)
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    private static EnteredConnection installed() {
        return new EnteredConnection("hub-a", "app", "entered-org", 1, null, 77L, ASKED, false, false);
    }

    private static EnteredConnection token(String name, long version, String token) {
        var sealed = KEYS.recipient()
                .seal(Secret.of(token), new SecretContext("hub-a", EnteredConnection.SCOPE, "github/" + name, version));
        return new EnteredConnection("hub-a", name, "entered-org", version, sealed, null, null, false, false);
    }

    private static Attempt<GitHubActions.AwaitContents> attempt(String hub, String connection) {
        return Attempts.first()
                .over(connection)
                .forHub(
                        hub,
                        GitHubActions.AWAIT_CONTENTS,
                        new GitHubActions.AwaitContents("hub-org/docs", "main", "package.json"));
    }
}
