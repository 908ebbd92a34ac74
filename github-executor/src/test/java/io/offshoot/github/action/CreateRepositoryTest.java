package io.offshoot.github.action;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.patch;
import static com.github.tomakehurst.wiremock.client.WireMock.patchRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.action.EffectKey;
import io.offshoot.contracts.github.GitHubActions;
import io.offshoot.contracts.github.GitHubActions.Source;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.executorkit.action.LeaseLostException;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.action.SettingsDigest;
import io.offshoot.github.Attempts;
import io.offshoot.github.GitHubResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(GitHubResource.class)
class CreateRepositoryTest {

    private static final String KEY = EffectKey.named(Attempts.DEPLOYMENT, "docs", "step", "repository");
    private static final String MARKED = "Made by Offshoot for docs · offshoot:" + KEY;
    private static final String TARGET = "/repos/hub-org/summit-docs";

    @Inject
    CreateRepository action;

    WireMockServer github;

    @BeforeEach
    void reset() {
        github.resetAll();
    }

    @Test
    void firstRunGeneratesTheRepositoryWithItsMark() {
        github.stubFor(get(TARGET).willReturn(jsonResponse("{\"message\":\"Not Found\"}", 404)));
        github.stubFor(post("/repos/offshoot/docs-site/generate").willReturn(jsonResponse(generated(MARKED), 201)));

        var outcome = run(Attempts.first(), Source.TEMPLATE);

        assertThat(output(outcome))
                .isEqualTo(new GitHubActions.Repository(
                        42, "hub-org/summit-docs", "main", URI.create("https://github.com/hub-org/summit-docs")));
        assertThat(outcome.effects())
                .containsExactly(new Effect(
                        KEY,
                        "repository",
                        "42",
                        "hub-org/summit-docs",
                        "hub-org",
                        Effect.Verb.CREATED,
                        "offshoot:" + KEY,
                        SettingsDigest.of(input(Source.TEMPLATE))));
        github.verify(postRequestedFor(urlEqualTo("/repos/offshoot/docs-site/generate"))
                .withHeader("Authorization", equalTo("Bearer " + GitHubResource.TOKEN))
                .withHeader("X-GitHub-Api-Version", equalTo("2022-11-28"))
                .withHeader("User-Agent", equalTo("offshoot"))
                .withRequestBody(equalToJson("""
                        {"owner": "hub-org", "name": "summit-docs", "description": "%s",
                         "include_all_branches": false, "private": false}
                        """.formatted(MARKED))));
    }

    @Test
    void secondDeliveryAdoptsTheRepositoryAndMakesNone() {
        github.stubFor(get(TARGET).willReturn(jsonResponse(generated(MARKED), 200)));

        var outcome = run(Attempts.first(), Source.TEMPLATE);

        assertThat(outcome.effects()).extracting(Effect::verb).containsExactly(Effect.Verb.ADOPTED);
        assertNothingWasWritten();
    }

    @Test
    void afterALostAnswerTheProbeAdoptsWhatIsThere() {
        github.stubFor(get(TARGET)
                .inScenario("late")
                .willReturn(jsonResponse("{}", 404))
                .willSetStateTo("there"));
        github.stubFor(get(TARGET)
                .inScenario("late")
                .whenScenarioStateIs("there")
                .willReturn(jsonResponse(generated(MARKED), 200)));

        var outcome = run(Attempts.probing(), Source.TEMPLATE);

        assertThat(outcome.effects()).extracting(Effect::verb).containsExactly(Effect.Verb.ADOPTED);
        assertNothingWasWritten();
    }

    @Test
    void aNameTakenInBetweenIsDecidedByReading() {
        github.stubFor(get(TARGET)
                .inScenario("race")
                .willReturn(jsonResponse("{}", 404))
                .willSetStateTo("taken"));
        github.stubFor(get(TARGET)
                .inScenario("race")
                .whenScenarioStateIs("taken")
                .willReturn(jsonResponse(generated("Somebody's"), 200)));
        github.stubFor(post("/repos/offshoot/docs-site/generate")
                .willReturn(
                        jsonResponse("{\"message\":\"Could not clone: Name already exists on this account\"}", 422)));

        var outcome = run(Attempts.first(), Source.TEMPLATE);

        assertThat(failure(outcome).kind()).isEqualTo(FailureClass.REFUSED);
        assertThat(failure(outcome).code()).isEqualTo("exists-and-is-not-ours");
        assertThat(failure(outcome).message()).contains("hub-org/summit-docs");
    }

    @Test
    void aRepositoryWithoutOurMarkIsLeftAlone() {
        github.stubFor(get(TARGET).willReturn(jsonResponse(generated("Somebody's"), 200)));

        var outcome = run(Attempts.probing(), Source.TEMPLATE);

        assertThat(failure(outcome).code()).isEqualTo("exists-and-is-not-ours");
        assertNothingWasWritten();
    }

    @Test
    void whatIsInTheWayIsToldAndEnteredAsObserved() {
        github.stubFor(get(TARGET).willReturn(jsonResponse(generated("Somebody's"), 200)));

        var outcome = run(Attempts.first(), Source.TEMPLATE);

        assertThat(failure(outcome).message())
                .contains("hub-org/summit-docs", "2026-11-21T10:00:05Z", "offshoot/docs-site", "Somebody's");
        assertThat(outcome.effects())
                .containsExactly(
                        new Effect(KEY, "repository", "42", "hub-org/summit-docs", "hub-org", Effect.Verb.OBSERVED));
    }

    @Test
    void ourMarkOnARepositoryFromAnotherTemplateIsNotEnough() {
        github.stubFor(get(TARGET)
                .willReturn(jsonResponse(generated(MARKED).replace("offshoot/docs-site", "other/thing"), 200)));

        assertThat(failure(run(Attempts.first(), Source.TEMPLATE)).code()).isEqualTo("exists-and-is-not-ours");
    }

    @Test
    void anUnusableTemplateIsRefused() {
        github.stubFor(get(TARGET).willReturn(jsonResponse("{}", 404)));
        github.stubFor(post("/repos/offshoot/docs-site/generate").willReturn(jsonResponse("{}", 422)));

        assertThat(failure(run(Attempts.first(), Source.TEMPLATE)).code()).isEqualTo("template-unusable");
    }

    @Test
    void aResetWhileGeneratingIsUncertain() {
        github.stubFor(get(TARGET).willReturn(jsonResponse("{}", 404)));
        github.stubFor(post("/repos/offshoot/docs-site/generate")
                .willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));

        assertThatThrownBy(() -> run(Attempts.first(), Source.TEMPLATE))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.kind()).isEqualTo(FailureClass.UNCERTAIN));
    }

    @Test
    void throttlingIsHandedOnWithItsPause() {
        github.stubFor(get(TARGET)
                .willReturn(jsonResponse("{\"message\":\"You have exceeded a secondary rate limit\"}", 403)
                        .withHeader("Retry-After", "17")));

        assertThatThrownBy(() -> run(Attempts.first(), Source.TEMPLATE))
                .isInstanceOfSatisfying(
                        ProviderException.class,
                        e -> assertThat(e.failure().retryAfterMs()).isEqualTo(17_000));
    }

    @Test
    void aRefusedTokenEndsTheStepAtOnce() {
        github.stubFor(get(TARGET).willReturn(jsonResponse("{\"message\":\"Bad credentials\"}", 401)));

        assertThatThrownBy(() -> run(Attempts.first(), Source.TEMPLATE))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.kind()).isEqualTo(FailureClass.CREDENTIAL));
        assertNothingWasWritten();
    }

    @Test
    void nothingIsWrittenWithoutALease() {
        github.stubFor(get(TARGET).willReturn(jsonResponse("{}", 404)));

        assertThatThrownBy(() -> run(Attempts.first().withoutLease(), Source.TEMPLATE))
                .isInstanceOf(LeaseLostException.class);
        assertNothingWasWritten();
    }

    @Test
    void anUnknownConnectionIsRefusedBeforeAnyCall() {
        assertThatThrownBy(() -> run(Attempts.first().over("other"), Source.TEMPLATE))
                .isInstanceOfSatisfying(ProviderException.class, e -> {
                    assertThat(e.kind()).isEqualTo(FailureClass.CREDENTIAL);
                    assertThat(e.code()).isEqualTo("unknown-connection");
                });
        assertThat(github.getAllServeEvents()).isEmpty();
    }

    @Test
    void anotherHubsConnectionIsAsUnknownAsNone() {
        var foreign = Attempts.first().forHub("hub-b", GitHubActions.CREATE_REPOSITORY, input(Source.TEMPLATE));

        assertThatThrownBy(() -> action.run(foreign))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.code()).isEqualTo("unknown-connection"));
        assertThat(github.getAllServeEvents()).isEmpty();
    }

    @Test
    void firstRunForksAndMarksAtOnce() {
        github.stubFor(get(TARGET).willReturn(jsonResponse("{}", 404)));
        github.stubFor(post("/repos/offshoot/docs-site/forks")
                .willReturn(jsonResponse(fork("hub-org/summit-docs", null, "2026-11-21T10:00:05Z"), 202)));
        github.stubFor(patch(urlEqualTo(TARGET))
                .willReturn(jsonResponse(fork("hub-org/summit-docs", MARKED, "2026-11-21T10:00:05Z"), 200)));

        var outcome = run(Attempts.first(), Source.FORK);

        assertThat(outcome.effects()).extracting(Effect::verb).containsExactly(Effect.Verb.CREATED);
        github.verify(postRequestedFor(urlEqualTo("/repos/offshoot/docs-site/forks"))
                .withRequestBody(equalToJson(
                        "{\"organization\":\"hub-org\",\"name\":\"summit-docs\",\"default_branch_only\":true}")));
        github.verify(patchRequestedFor(urlEqualTo(TARGET))
                .withRequestBody(matchingJsonPath("$.description", equalTo(MARKED))));
    }

    @Test
    void secondDeliveryAdoptsTheMarkedFork() {
        github.stubFor(
                get(TARGET).willReturn(jsonResponse(fork("hub-org/summit-docs", MARKED, "2026-11-21T10:00:05Z"), 200)));

        var outcome = run(Attempts.first(), Source.FORK);

        assertThat(outcome.effects()).extracting(Effect::verb).containsExactly(Effect.Verb.ADOPTED);
        assertNothingWasWritten();
    }

    @Test
    void aForkOfThatUpstreamUnderAnotherNameIsNamedInTheRefusal() {
        github.stubFor(get(TARGET).willReturn(jsonResponse("{}", 404)));
        github.stubFor(post("/repos/offshoot/docs-site/forks")
                .willReturn(jsonResponse(fork("hub-org/older-docs", null, "2025-01-01T00:00:00Z"), 202)));

        var failure = failure(run(Attempts.first(), Source.FORK));

        assertThat(failure.code()).isEqualTo("fork-exists");
        assertThat(failure.message()).contains("hub-org/older-docs");
        github.verify(0, patchRequestedFor(urlEqualTo(TARGET)));
    }

    @Test
    void aForkThatCouldNotBeMarkedIsLookedForByTheNextAttempt() {
        github.stubFor(get(TARGET).willReturn(jsonResponse("{}", 404)));
        github.stubFor(post("/repos/offshoot/docs-site/forks")
                .willReturn(jsonResponse(fork("hub-org/summit-docs", null, "2026-11-21T10:00:05Z"), 202)));
        github.stubFor(patch(urlEqualTo(TARGET)).willReturn(jsonResponse("{}", 404)));

        assertThatThrownBy(() -> run(Attempts.first(), Source.FORK))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.kind()).isEqualTo(FailureClass.UNCERTAIN));
    }

    @Test
    void theProbeMarksAnUnmarkedForkThatIsYoungerThanTheDeployment() {
        github.stubFor(
                get(TARGET).willReturn(jsonResponse(fork("hub-org/summit-docs", null, "2026-11-21T10:00:05Z"), 200)));
        github.stubFor(patch(urlEqualTo(TARGET))
                .willReturn(jsonResponse(fork("hub-org/summit-docs", MARKED, "2026-11-21T10:00:05Z"), 200)));

        var outcome = run(Attempts.probing(), Source.FORK);

        assertThat(outcome.effects()).extracting(Effect::verb).containsExactly(Effect.Verb.ADOPTED);
        github.verify(1, patchRequestedFor(urlEqualTo(TARGET)));
    }

    @Test
    void theProbeLeavesAnOlderForkAlone() {
        github.stubFor(
                get(TARGET).willReturn(jsonResponse(fork("hub-org/summit-docs", null, "2026-11-20T10:00:00Z"), 200)));

        assertThat(failure(run(Attempts.probing(), Source.FORK)).code()).isEqualTo("exists-and-is-not-ours");
        assertNothingWasWritten();
    }

    @ParameterizedTest
    @CsvSource({"429, THROTTLED", "401, CREDENTIAL", "500, RETRYABLE"})
    void whatTheProviderSaysBeforeAnyEffectIsHandedOn(int status, FailureClass kind) {
        github.resetAll();
        github.stubFor(any(anyUrl()).willReturn(jsonResponse("{}", status)));

        assertThatThrownBy(() -> run(Attempts.first(), Source.TEMPLATE))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.kind()).isEqualTo(kind));
        assertThat(github.getAllServeEvents()).hasSize(1);
    }

    private Outcome<GitHubActions.Repository> run(Attempts attempts, Source source) {
        return action.run(attempts.of(GitHubActions.CREATE_REPOSITORY, input(source)));
    }

    private static GitHubActions.CreateRepository input(Source source) {
        return new GitHubActions.CreateRepository(source, "offshoot/docs-site", "summit-docs");
    }

    private static GitHubActions.Repository output(Outcome<GitHubActions.Repository> outcome) {
        return outcome.output().orElseThrow();
    }

    private static Failure failure(Outcome<?> outcome) {
        return ((Outcome.Failed<?>) outcome).failure();
    }

    private void assertNothingWasWritten() {
        assertThat(github.getAllServeEvents())
                .allSatisfy(call ->
                        assertThat(call.getRequest().getMethod().value()).isEqualTo("GET"));
    }

    private static String generated(String description) {
        return """
                {"id": 42, "full_name": "hub-org/summit-docs", "description": "%s", "default_branch": "main",
                 "html_url": "https://github.com/hub-org/summit-docs", "created_at": "2026-11-21T10:00:05Z",
                 "something_new": {"ignored": true},
                 "template_repository": {"full_name": "offshoot/docs-site"}}
                """.formatted(description);
    }

    private static String fork(String fullName, String description, String createdAt) {
        return """
                {"id": 43, "full_name": "%s", "description": %s, "default_branch": "main", "fork": true,
                 "html_url": "https://github.com/%s", "created_at": "%s",
                 "parent": {"full_name": "offshoot/docs-site"}}
                """.formatted(fullName, description == null ? "null" : '"' + description + '"', fullName, createdAt);
    }
}
