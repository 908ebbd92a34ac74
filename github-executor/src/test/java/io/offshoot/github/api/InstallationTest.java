package io.offshoot.github.api;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.delete;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.patch;
import static com.github.tomakehurst.wiremock.client.WireMock.patchRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.executorkit.action.LeaseLostException;
import io.offshoot.executorkit.action.NeedsPersonException;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.github.AppKeys;
import io.offshoot.github.GitHubResource;
import io.offshoot.github.SetTime;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A GitHub App's installation: how its tokens come, go and fail. */
@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(GitHubResource.class)
class InstallationTest {

    private static final AppKeys KEYS = AppKeys.generate();
    private static final URI SETTINGS = URI.create("https://github.com/organizations/hub-org/settings/installations/7");
    private static final String TOKENS = "/app/installations/7/access_tokens";
    private static final String DOCS = "/repos/hub-org/docs";
    private static final String REPOSITORY = """
            {"id": 42, "full_name": "hub-org/docs", "html_url": "https://github.com/hub-org/docs"}""";

    private final SetTime time = new SetTime();
    private final AtomicInteger leaseChecks = new AtomicInteger();
    private boolean isLeaseLost;

    WireMockServer server;
    private GitHub github;

    @BeforeEach
    void connect() {
        server.resetAll();
        var app = new GitHub.App("Iv1.app", AppKey.parse(KEYS.pkcs1()), 7, SETTINGS, Duration.ofMinutes(1), null);
        github = new GitHub.Client(URI.create(server.baseUrl()), Duration.ofSeconds(30), time)
                .account("hub-org", app)
                .during(this::checkLease);
        tokens("ghs_planted-1", "ghs_planted-2", "ghs_planted-3");
        server.stubFor(get(DOCS).willReturn(jsonResponse(REPOSITORY, 200)));
        server.stubFor(patch(urlEqualTo(DOCS)).willReturn(jsonResponse(REPOSITORY, 200)));
    }

    @Test
    void oneTokenServesAllCallsUntilItsEndIsNear() {
        github.repository("docs");
        time.pass(Duration.ofMinutes(54));
        github.describe("docs", "text");

        server.verify(
                1,
                postRequestedFor(urlEqualTo(TOKENS))
                        .withHeader("Authorization", equalTo("Bearer " + jwt()))
                        .withHeader("User-Agent", equalTo("offshoot")));
        server.verify(getRequestedFor(urlEqualTo(DOCS)).withHeader("Authorization", equalTo("Bearer ghs_planted-1")));
        server.verify(patchRequestedFor(urlEqualTo(DOCS)).withHeader("Authorization", equalTo("Bearer ghs_planted-1")));
    }

    @Test
    void aTokenIsReplacedInTheMiddleOfARunFiveMinutesBeforeItsEnd() {
        github.repository("docs");
        time.pass(Duration.ofMinutes(55));
        github.describe("docs", "text");

        server.verify(2, postRequestedFor(urlEqualTo(TOKENS)));
        server.verify(patchRequestedFor(urlEqualTo(DOCS)).withHeader("Authorization", equalTo("Bearer ghs_planted-2")));
    }

    @Test
    void theLeaseIsLookedAtAgainWhereATokenHadToBeFetchedBeforeAWrite() {
        isLeaseLost = true;

        assertThatThrownBy(() -> github.describe("docs", "text")).isInstanceOf(LeaseLostException.class);

        server.verify(0, patchRequestedFor(urlEqualTo(DOCS)));
    }

    @Test
    void manyThatNeedATokenAtOnceFetchOne() throws Exception {
        var pool = Executors.newFixedThreadPool(8);
        try {
            var reads = new ArrayList<Callable<Object>>();
            for (int i = 0; i < 8; i++) {
                reads.add(() -> github.repository("docs"));
            }
            for (var read : pool.invokeAll(reads)) {
                read.get();
            }
        } finally {
            pool.shutdownNow();
        }

        server.verify(1, postRequestedFor(urlEqualTo(TOKENS)));
        server.verify(8, getRequestedFor(urlEqualTo(DOCS)));
    }

    @Test
    void aReadWhoseTokenIsRefusedIsMadeOnceMoreWithAFreshOne() {
        server.stubFor(get(DOCS)
                .withHeader("Authorization", equalTo("Bearer ghs_planted-1"))
                .willReturn(jsonResponse("{\"message\":\"Bad credentials\"}", 401)));

        assertThat(github.repository("docs")).isPresent();

        server.verify(2, postRequestedFor(urlEqualTo(TOKENS)));
        assertThat(leaseChecks).hasValue(0);
    }

    @Test
    void aWriteWhoseTokenIsRefusedIsMadeOnceMoreUnderALeaseThatStillHolds() {
        github.repository("docs");
        server.stubFor(patch(urlEqualTo(DOCS))
                .withHeader("Authorization", equalTo("Bearer ghs_planted-1"))
                .willReturn(jsonResponse("{\"message\":\"Bad credentials\"}", 401)));

        github.describe("docs", "text");

        server.verify(2, patchRequestedFor(urlEqualTo(DOCS)));
        assertThat(leaseChecks).hasValue(1);
    }

    @Test
    void aWriteWhoseTokenIsRefusedIsNotRepeatedWithoutALease() {
        github.repository("docs");
        isLeaseLost = true;
        server.stubFor(patch(urlEqualTo(DOCS)).willReturn(jsonResponse("{\"message\":\"Bad credentials\"}", 401)));

        assertThatThrownBy(() -> github.describe("docs", "text")).isInstanceOf(LeaseLostException.class);

        server.verify(1, patchRequestedFor(urlEqualTo(DOCS)));
    }

    @Test
    void aFreshTokenThatIsRefusedTooEndsIt() {
        server.stubFor(get(DOCS).willReturn(jsonResponse("{\"message\":\"Bad credentials\"}", 401)));

        var failure = failureOf(() -> github.repository("docs"));

        assertThat(failure.kind()).isEqualTo(FailureClass.CREDENTIAL);
        assertThat(failure.code()).isEqualTo("credential-refused");
        server.verify(2, getRequestedFor(urlEqualTo(DOCS)));
    }

    @Test
    void aSuspendedInstallationIsAPersonsToResume() {
        tokensAnswer(jsonResponse("{\"message\":\"This installation has been suspended\"}", 403));

        assertThatAPersonIsAsked(failureOf(() -> github.repository("docs")));
    }

    @Test
    void anInstallationThatIsSuspendedInTheMiddleOfARunIsAPersonsToResume() {
        server.stubFor(patch(urlEqualTo(DOCS))
                .willReturn(jsonResponse("{\"message\":\"This installation has been suspended\"}", 403)));

        assertThatAPersonIsAsked(failureOf(() -> github.describe("docs", "text")));
    }

    @Test
    void aKeyThatIsNotTheAppsIsACredentialsFailure() {
        tokensAnswer(jsonResponse("{\"message\":\"A JSON web token could not be decoded\"}", 401));

        var failure = failureOf(() -> github.repository("docs"));

        assertThat(failure.kind()).isEqualTo(FailureClass.CREDENTIAL);
        assertThat(failure.code()).isEqualTo("app-refused");
    }

    @Test
    void anInstallationThatIsGoneIsACredentialsFailure() {
        tokensAnswer(jsonResponse("{\"message\":\"Not Found\"}", 404));

        var failure = failureOf(() -> github.repository("docs"));

        assertThat(failure.kind()).isEqualTo(FailureClass.CREDENTIAL);
        assertThat(failure.code()).isEqualTo("installation-missing");
    }

    @Test
    void aTokenThatDidNotComeLeavesAWriteUndone() {
        tokensAnswer(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER));

        assertThat(failureOf(() -> github.describe("docs", "text")).kind()).isEqualTo(FailureClass.RETRYABLE);
    }

    @Test
    void aMissingPermissionIsNamedWithThePageWhereItIsGiven() {
        server.stubFor(patch(urlEqualTo(DOCS))
                .willReturn(jsonResponse("{\"message\":\"Resource not accessible by integration\"}", 403)
                        .withHeader("X-Accepted-GitHub-Permissions", "administration=write")));

        var failure = failureOf(() -> github.describe("docs", "text"));

        assertThat(failure.kind()).isEqualTo(FailureClass.REFUSED);
        assertThat(failure.code()).isEqualTo("permission-missing");
        assertThat(failure).hasMessageContaining("administration=write").hasMessageContaining(SETTINGS.toString());
    }

    @Test
    void aRepositoryOutsideTheSelectedOnesIsSaidToBeSo() {
        tokensAnswer(jsonResponse(token("ghs_planted-1", "selected"), 201));
        server.stubFor(patch(urlEqualTo(DOCS)).willReturn(jsonResponse("{\"message\":\"Not Found\"}", 404)));

        var failure = failureOf(() -> github.describe("docs", "text"));

        assertThat(failure.kind()).isEqualTo(FailureClass.REFUSED);
        assertThat(failure.code()).isEqualTo("repository-not-covered");
        assertThat(failure).hasMessageContaining(SETTINGS.toString());
    }

    @Test
    void aNameThatIsFreeIsFreeForSelectedRepositoriesToo() {
        tokensAnswer(jsonResponse(token("ghs_planted-1", "selected"), 201));
        server.stubFor(get(DOCS).willReturn(jsonResponse("{\"message\":\"Not Found\"}", 404)));

        assertThat(github.repository("docs")).isEmpty();
    }

    /** What is undone is found by its id, and what is gone is done: so it must be gone. */
    @Test
    void whatASelectionMayOnlyNotCoverIsNotTakenForGone() {
        tokensAnswer(jsonResponse(token("ghs_planted-1", "selected"), 201));
        server.stubFor(get("/repositories/42").willReturn(jsonResponse("{}", 404)));

        assertThat(failureOf(() -> github.repository(42)).code()).isEqualTo("repository-not-covered");
    }

    @Test
    void whatIsGoneFromARepositoryThatIsCoveredIsGone() {
        tokensAnswer(jsonResponse(token("ghs_planted-1", "selected"), 201));
        server.stubFor(delete(DOCS + "/actions/secrets/A").willReturn(jsonResponse("{}", 404)));

        assertThatCode(() -> github.deleteSecret("hub-org/docs", "A")).doesNotThrowAnyException();
    }

    @Test
    void noFailureTellsTokenOrKey() {
        server.stubFor(get(DOCS).willReturn(jsonResponse("{\"message\":\"no\"}", 403)));

        assertThat(failureOf(() -> github.repository("docs"))).hasMessageNotContainingAny("planted", jwt());
        assertThat(new Installation.AccessToken("planted", Instant.EPOCH, null).toString())
                .doesNotContain("planted");
    }

    private void assertThatAPersonIsAsked(ProviderException failure) {
        assertThat(failure).isInstanceOf(NeedsPersonException.class);
        Outcome.Waiting<Record> waiting = ((NeedsPersonException) failure).waiting();
        assertThat(waiting.lookAfter()).isEqualTo(Duration.ofMinutes(1));
        assertThat(waiting.instructions().link()).isEqualTo(SETTINGS);
        assertThat(waiting.instructions().what()).contains("suspended");
    }

    private void checkLease() {
        leaseChecks.incrementAndGet();
        if (isLeaseLost) {
            throw new LeaseLostException();
        }
    }

    private String jwt() {
        return AppKey.parse(KEYS.pkcs8()).sign("Iv1.app", Instant.parse("2026-11-21T10:00:00Z"));
    }

    /** One after the other, each for an hour from when the test began. */
    private void tokens(String... tokens) {
        for (int i = 0; i < tokens.length; i++) {
            server.stubFor(post(TOKENS)
                    .inScenario("tokens")
                    .whenScenarioStateIs(i == 0 ? Scenario.STARTED : "after " + i)
                    .willReturn(jsonResponse(token(tokens[i], "all"), 201))
                    .willSetStateTo("after " + (i + 1)));
        }
    }

    private void tokensAnswer(ResponseDefinitionBuilder answer) {
        server.stubFor(post(TOKENS).willReturn(answer));
    }

    private static String token(String token, String selection) {
        return """
                {"token": "%s", "expires_at": "2026-11-21T11:00:00Z", "repository_selection": "%s",
                 "permissions": {"administration": "write"}}""".formatted(token, selection);
    }

    private static ProviderException failureOf(Runnable call) {
        return catchThrowableOfType(ProviderException.class, call::run);
    }
}
