package io.offshoot.vercel.action;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.action.EffectKey;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.vercel.VercelActions;
import io.offshoot.executorkit.action.LeaseLostException;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.action.SettingsDigest;
import io.offshoot.vercel.Attempts;
import io.offshoot.vercel.VercelResource;
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
@QuarkusTestResource(VercelResource.class)
class CreateProjectTest {

    private static final String KEY = EffectKey.named(Attempts.DEPLOYMENT, "docs", "step", "project");
    private static final String PROJECT = "/v9/projects/summit-docs?teamId=team_hub";
    private static final String CREATE = "/v11/projects?teamId=team_hub";
    private static final String VARIABLES = "/v10/projects/prj_1/env?teamId=team_hub";
    private static final String MARK =
            "{\"envs\":[{\"key\":\"OFFSHOOT_EFFECT\",\"value\":\"%s\",\"type\":\"plain\"}]}".formatted(KEY);
    private static final String LINKED =
            "{\"id\":\"prj_1\",\"name\":\"summit-docs\",\"link\":{\"type\":\"github\",\"repoId\":42}}";
    private static final String UNLINKED = "{\"id\":\"prj_1\",\"name\":\"summit-docs\"}";
    private static final String FOREIGN =
            "{\"id\":\"prj_1\",\"name\":\"summit-docs\",\"link\":{\"type\":\"github\",\"repoId\":7}}";
    private static final String MISSING = "{\"error\":{\"code\":\"not_found\",\"message\":\"Not found\"}}";

    @Inject
    CreateProject action;

    WireMockServer vercel;

    @BeforeEach
    void reset() {
        vercel.resetAll();
    }

    @Test
    void firstRunMakesTheProjectLinkedAndMarked() {
        vercel.stubFor(get(PROJECT).willReturn(jsonResponse(MISSING, 404)));
        vercel.stubFor(post(CREATE).willReturn(jsonResponse(LINKED, 200)));

        var outcome = run(Attempts.first());

        assertThat(outcome.output()).contains(new VercelActions.Project("prj_1", "summit-docs"));
        assertThat(outcome.effects())
                .containsExactly(new Effect(
                        KEY,
                        "project",
                        "prj_1",
                        "summit-docs",
                        "team_hub",
                        Effect.Verb.CREATED,
                        "OFFSHOOT_EFFECT=" + KEY,
                        SettingsDigest.of(input())));
        vercel.verify(postRequestedFor(urlEqualTo(CREATE))
                .withHeader("Authorization", equalTo("Bearer " + VercelResource.TOKEN))
                .withRequestBody(equalToJson("""
                        {"name": "summit-docs", "gitRepository": {"type": "github", "repo": "hub-org/docs"},
                         "environmentVariables": [
                           {"key": "OFFSHOOT_EFFECT", "value": "%s", "type": "plain", "target": ["production"]}]}
                        """.formatted(KEY))));
    }

    @Test
    void secondDeliveryAdoptsTheProjectAndMakesNone() {
        vercel.stubFor(get(PROJECT).willReturn(jsonResponse(LINKED, 200)));
        vercel.stubFor(get(VARIABLES).willReturn(jsonResponse(MARK, 200)));

        var outcome = run(Attempts.first());

        assertThat(outcome.effects()).extracting(Effect::verb).containsExactly(Effect.Verb.ADOPTED);
        assertNothingWasWritten();
    }

    @Test
    void afterALostAnswerTheProbeAdoptsWhatIsThere() {
        vercel.stubFor(get(PROJECT)
                .inScenario("late")
                .willReturn(jsonResponse(MISSING, 404))
                .willSetStateTo("there"));
        vercel.stubFor(
                get(PROJECT).inScenario("late").whenScenarioStateIs("there").willReturn(jsonResponse(LINKED, 200)));
        vercel.stubFor(get(VARIABLES).willReturn(jsonResponse(MARK, 200)));

        var outcome = run(Attempts.probing());

        assertThat(outcome.effects()).extracting(Effect::verb).containsExactly(Effect.Verb.ADOPTED);
        assertNothingWasWritten();
    }

    @Test
    void aProjectWithOurMarkButNoLinkIsOursAndAPersonMustConnectIt() {
        vercel.stubFor(get(PROJECT).willReturn(jsonResponse(UNLINKED, 200)));
        vercel.stubFor(get(VARIABLES).willReturn(jsonResponse(MARK, 200)));

        var waiting = (Outcome.Waiting<?>) run(Attempts.first());

        assertThat(waiting.instructions().what()).contains("summit-docs").contains("hub-org/docs");
        assertThat(waiting.effects()).extracting(Effect::verb).containsExactly(Effect.Verb.ADOPTED);
    }

    @Test
    void somebodyElsesProjectIsLeftAlone() {
        vercel.stubFor(get(PROJECT).willReturn(jsonResponse(FOREIGN, 200)));
        vercel.stubFor(get(VARIABLES).willReturn(jsonResponse("{\"envs\":[]}", 200)));

        var outcome = run(Attempts.probing());

        assertThat(failure(outcome).code()).isEqualTo("exists-and-is-not-ours");
        assertThat(failure(outcome).message()).contains("summit-docs", "prj_1", "github repository with the id 7");
        assertThat(outcome.effects())
                .containsExactly(new Effect(KEY, "project", "prj_1", "summit-docs", "team_hub", Effect.Verb.OBSERVED));
        assertNothingWasWritten();
    }

    @Test
    void aProjectThatSomebodyLinkedToOurRepositoryIsNotOursWithoutOurMark() {
        vercel.stubFor(get(PROJECT).willReturn(jsonResponse(LINKED, 200)));
        vercel.stubFor(get(VARIABLES).willReturn(jsonResponse("{\"envs\":[]}", 200)));

        assertThat(failure(run(Attempts.first())).code()).isEqualTo("exists-and-is-not-ours");
        assertNothingWasWritten();
    }

    @Test
    void aNameInUseByWhatVercelDoesNotShowIsNotOurs() {
        vercel.stubFor(get(PROJECT).willReturn(jsonResponse(MISSING, 404)));
        vercel.stubFor(post(CREATE).willReturn(jsonResponse("{\"error\":{\"code\":\"conflict\"}}", 409)));

        var outcome = run(Attempts.first());

        assertThat(failure(outcome).code()).isEqualTo("exists-and-is-not-ours");
        assertThat(outcome.effects()).isEmpty();
    }

    @Test
    void aConflictIsDecidedByReading() {
        vercel.stubFor(get(PROJECT)
                .inScenario("race")
                .willReturn(jsonResponse(MISSING, 404))
                .willSetStateTo("taken"));
        vercel.stubFor(
                get(PROJECT).inScenario("race").whenScenarioStateIs("taken").willReturn(jsonResponse(LINKED, 200)));
        vercel.stubFor(get(VARIABLES).willReturn(jsonResponse(MARK, 200)));
        vercel.stubFor(post(CREATE).willReturn(jsonResponse("{\"error\":{\"code\":\"conflict\"}}", 409)));

        assertThat(run(Attempts.first()).effects()).extracting(Effect::verb).containsExactly(Effect.Verb.ADOPTED);
    }

    @Test
    void withoutVercelsAppAtGitHubAPersonIsToldWhatToDoAndWhere() {
        vercel.stubFor(get(PROJECT).willReturn(jsonResponse(MISSING, 404)));
        vercel.stubFor(post(CREATE).willReturn(jsonResponse("""
                        {"error": {"code": "bad_request", "action": "Install GitHub App", "repo": "hub-org/docs",
                          "message": "To link a GitHub repository, you need to install the GitHub integration first.",
                          "link": "https://github.com/apps/vercel"}}
                        """, 400)));

        var waiting = (Outcome.Waiting<?>) run(Attempts.first());

        assertThat(waiting.instructions().link()).isEqualTo(URI.create("https://github.com/apps/vercel"));
        assertThat(waiting.instructions().what()).contains("hub-org/docs");
        assertThat(waiting.effects()).isEmpty();
    }

    @Test
    void aResetWhileCreatingIsUncertain() {
        vercel.stubFor(get(PROJECT).willReturn(jsonResponse(MISSING, 404)));
        vercel.stubFor(post(CREATE).willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));

        assertThatThrownBy(() -> run(Attempts.first()))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.kind()).isEqualTo(FailureClass.UNCERTAIN));
    }

    @Test
    void nothingIsWrittenWithoutALease() {
        vercel.stubFor(get(PROJECT).willReturn(jsonResponse(MISSING, 404)));

        assertThatThrownBy(() -> run(Attempts.first().withoutLease())).isInstanceOf(LeaseLostException.class);
        assertNothingWasWritten();
    }

    @Test
    void anUnknownConnectionIsRefusedBeforeAnyCall() {
        assertThatThrownBy(() -> run(Attempts.first().over("other")))
                .isInstanceOfSatisfying(ProviderException.class, e -> {
                    assertThat(e.kind()).isEqualTo(FailureClass.CREDENTIAL);
                    assertThat(e.code()).isEqualTo("unknown-connection");
                });
        assertThat(vercel.getAllServeEvents()).isEmpty();
    }

    @Test
    void anotherHubsConnectionIsAsUnknownAsNone() {
        var foreign = Attempts.first().forHub("hub-b", VercelActions.CREATE_PROJECT, input());

        assertThatThrownBy(() -> action.run(foreign)).isInstanceOfSatisfying(ProviderException.class, e -> {
            assertThat(e.kind()).isEqualTo(FailureClass.CREDENTIAL);
            assertThat(e.code()).isEqualTo("unknown-connection");
        });
        assertThat(vercel.getAllServeEvents()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"429, THROTTLED", "401, CREDENTIAL", "500, RETRYABLE"})
    void whatTheProviderSaysBeforeAnyEffectIsHandedOn(int status, FailureClass kind) {
        vercel.resetAll();
        vercel.stubFor(any(anyUrl()).willReturn(jsonResponse("{}", status)));

        assertThatThrownBy(() -> run(Attempts.first()))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.kind()).isEqualTo(kind));
        assertThat(vercel.getAllServeEvents()).hasSize(1);
    }

    private Outcome<VercelActions.Project> run(Attempts attempts) {
        return action.run(attempts.of(VercelActions.CREATE_PROJECT, input()));
    }

    private static VercelActions.CreateProject input() {
        return new VercelActions.CreateProject("summit-docs", "hub-org/docs", 42);
    }

    private static Failure failure(Outcome<?> outcome) {
        return ((Outcome.Failed<?>) outcome).failure();
    }

    private void assertNothingWasWritten() {
        assertThat(vercel.getAllServeEvents())
                .allSatisfy(call ->
                        assertThat(call.getRequest().getMethod().value()).isEqualTo("GET"));
    }
}
