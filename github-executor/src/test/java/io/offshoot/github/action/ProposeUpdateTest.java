package io.offshoot.github.action;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.action.EffectKey;
import io.offshoot.contracts.github.GitHubActions;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.executorkit.action.LeaseLostException;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.ProviderException;
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
class ProposeUpdateTest {

    private static final String KEY = EffectKey.named(Attempts.DEPLOYMENT, "docs", "step", "update");
    private static final String DOCS = "/repos/hub-org/docs";
    private static final String PULLS = DOCS + "/pulls";
    private static final GitHubActions.Update PROPOSED = new GitHubActions.Update(
            GitHubActions.UpdateIs.PROPOSED, 5L, URI.create("https://github.com/hub-org/docs/pull/5"));

    @Inject
    ProposeUpdate action;

    WireMockServer github;

    @BeforeEach
    void aForkThatIsBehind() {
        github.resetAll();
        github.stubFor(get(DOCS).willReturn(jsonResponse("""
                        {"id": 42, "full_name": "hub-org/docs", "html_url": "https://github.com/hub-org/docs"}""", 200)));
        github.stubFor(list().willReturn(jsonResponse("[]", 200)));
        github.stubFor(compare().willReturn(jsonResponse("{\"ahead_by\":3,\"commits\":[]}", 200)));
        github.stubFor(post(PULLS).willReturn(jsonResponse(pull("offshoot:" + KEY), 201)));
    }

    @Test
    void whatTheUpstreamHasSinceIsOfferedAsAMarkedPullRequest() {
        var outcome = run(Attempts.first());

        assertThat(outcome.output()).contains(PROPOSED);
        assertThat(outcome.effects())
                .containsExactly(new Effect(
                        KEY,
                        "pull-request",
                        "5",
                        "hub-org/docs",
                        "hub-org",
                        Effect.Verb.CREATED,
                        "offshoot:" + KEY,
                        null));
        github.verify(postRequestedFor(urlEqualTo(PULLS))
                .withRequestBody(matchingJsonPath("$.head", equalTo("offshoot:main")))
                .withRequestBody(matchingJsonPath("$.base", equalTo("trunk")))
                .withRequestBody(matchingJsonPath("$.title", equalTo("Update from offshoot/docs-site")))
                .withRequestBody(matchingJsonPath("$[?(@.body =~ /(?s).*offshoot:%s.*/)]".formatted(KEY))));
    }

    @Test
    void secondDeliveryTakesUpThePullRequestAndOpensNone() {
        github.stubFor(list().willReturn(jsonResponse("[%s]".formatted(pull("offshoot:" + KEY)), 200)));

        var outcome = run(Attempts.first());

        assertThat(outcome.output()).contains(PROPOSED);
        assertThat(outcome.effects()).extracting(Effect::verb).containsExactly(Effect.Verb.ADOPTED);
        assertNothingWasWritten();
    }

    @Test
    void aPersonsPullRequestDoesAndIsNotClaimed() {
        github.stubFor(list().willReturn(jsonResponse("[%s]".formatted(pull("By hand")), 200)));

        var outcome = run(Attempts.first());

        assertThat(outcome.output()).contains(PROPOSED);
        assertThat(outcome.effects()).extracting(Effect::verb).containsExactly(Effect.Verb.OBSERVED);
        assertNothingWasWritten();
    }

    @Test
    void afterALostAnswerTheProbeFindsThePullRequestAtItsSecondLook() {
        inBetweenThereIs(pull("offshoot:" + KEY));

        var outcome = run(Attempts.probing());

        assertThat(outcome.effects()).extracting(Effect::verb).containsExactly(Effect.Verb.ADOPTED);
        assertNothingWasWritten();
    }

    @Test
    void aPullRequestThatWasOpenedInBetweenIsFound() {
        github.stubFor(post(PULLS).willReturn(jsonResponse("""
                        {"message": "Validation Failed", "errors": [
                          {"message": "A pull request already exists for offshoot:main."}]}""", 422)));
        inBetweenThereIs(pull("By hand"));

        var outcome = run(Attempts.first());

        assertThat(outcome.output()).contains(PROPOSED);
        assertThat(outcome.effects()).extracting(Effect::verb).containsExactly(Effect.Verb.OBSERVED);
    }

    @Test
    void withNothingToUpdateItIsDoneAndSaysSo() {
        github.stubFor(compare().willReturn(jsonResponse("{\"ahead_by\":0}", 200)));

        var outcome = run(Attempts.first());

        assertThat(outcome.output()).contains(new GitHubActions.Update(GitHubActions.UpdateIs.NOT_NEEDED, null, null));
        assertThat(outcome.effects()).isEmpty();
        assertNothingWasWritten();
    }

    @Test
    void aCopyWithoutTheUpstreamsHistoryCannotBeUpdatedSo() {
        github.stubFor(compare().willReturn(jsonResponse("{\"message\":\"No common ancestor\"}", 404)));

        assertThat(failure(run(Attempts.first())).code()).isEqualTo("no-common-history");
        assertNothingWasWritten();
    }

    @Test
    void aPullRequestThatIsNotTakenIsRefused() {
        github.stubFor(post(PULLS).willReturn(jsonResponse("{\"message\":\"Validation Failed\"}", 422)));

        assertThat(failure(run(Attempts.first())).code()).isEqualTo("update-refused");
    }

    @Test
    void anUpstreamInTheSameOrganisationIsNotMistakenForTheForksOwnBranch() {
        var input = new GitHubActions.ProposeUpdate("hub-org/docs", 42, "main", "Hub-Org/docs-site", "main");

        var outcome = action.run(Attempts.first().of(GitHubActions.PROPOSE_UPDATE, input));

        assertThat(failure(outcome).code()).isEqualTo("upstream-in-organization");
        assertThat(github.getAllServeEvents()).isEmpty();
    }

    @Test
    void aResetWhileOpeningIsUncertain() {
        github.stubFor(post(PULLS).willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));

        assertThatThrownBy(() -> run(Attempts.first()))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.kind()).isEqualTo(FailureClass.UNCERTAIN));
    }

    @Test
    void nothingIsWrittenWithoutALease() {
        assertThatThrownBy(() -> run(Attempts.first().withoutLease())).isInstanceOf(LeaseLostException.class);
        assertNothingWasWritten();
    }

    @ParameterizedTest
    @CsvSource({"429, THROTTLED", "401, CREDENTIAL", "500, RETRYABLE"})
    void whatTheProviderSaysBeforeAnyEffectIsHandedOn(int status, FailureClass kind) {
        github.resetAll();
        github.stubFor(any(anyUrl()).willReturn(jsonResponse("{}", status)));

        assertThatThrownBy(() -> run(Attempts.first()))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.kind()).isEqualTo(kind));
        assertThat(github.getAllServeEvents()).hasSize(1);
    }

    private void inBetweenThereIs(String pull) {
        github.stubFor(
                list().inScenario("late").willReturn(jsonResponse("[]", 200)).willSetStateTo("there"));
        github.stubFor(list().inScenario("late")
                .whenScenarioStateIs("there")
                .willReturn(jsonResponse("[%s]".formatted(pull), 200)));
    }

    private static MappingBuilder list() {
        return get(urlPathEqualTo(PULLS))
                .withQueryParam("state", equalTo("open"))
                .withQueryParam("head", equalTo("offshoot:main"))
                .withQueryParam("base", equalTo("trunk"));
    }

    private static MappingBuilder compare() {
        return get(urlPathEqualTo(DOCS + "/compare/trunk...offshoot:main")).withQueryParam("page", equalTo("2"));
    }

    private static String pull(String body) {
        return """
                {"number": 5, "html_url": "https://github.com/hub-org/docs/pull/5", "body": "%s"}""".formatted(body);
    }

    private void assertNothingWasWritten() {
        assertThat(github.getAllServeEvents())
                .allSatisfy(call ->
                        assertThat(call.getRequest().getMethod().value()).isEqualTo("GET"));
    }

    private Outcome<GitHubActions.Update> run(Attempts attempts) {
        return action.run(attempts.of(
                GitHubActions.PROPOSE_UPDATE,
                new GitHubActions.ProposeUpdate("hub-org/docs", 42, "trunk", "offshoot/docs-site", "main")));
    }

    private static Failure failure(Outcome<?> outcome) {
        return ((Outcome.Failed<?>) outcome).failure();
    }
}
