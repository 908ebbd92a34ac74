package io.offshoot.vercel.action;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.delete;
import static com.github.tomakehurst.wiremock.client.WireMock.deleteRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.patch;
import static com.github.tomakehurst.wiremock.client.WireMock.patchRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.action.EffectKey;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.vercel.VercelActions;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.LeaseLostException;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.action.SettingsDigest;
import io.offshoot.executorkit.action.Undone;
import io.offshoot.vercel.Attempts;
import io.offshoot.vercel.VercelResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(VercelResource.class)
class DeployProductionTest {

    private static final String KEY = EffectKey.of(Attempts.DEPLOYMENT, "docs", "step", 1, "deployment");
    private static final String LIST = "/v7/deployments?teamId=team_hub&projectId=prj_1&target=production&limit=100";
    private static final String CREATE = "/v13/deployments?teamId=team_hub&skipAutoDetectionConfirmation=1";
    private static final String BUILD = "/v13/deployments/dpl_1?teamId=team_hub";
    private static final String SECOND = "/v13/deployments/dpl_2?teamId=team_hub";
    private static final String NONE = "{\"deployments\":[],\"pagination\":{\"count\":0,\"next\":null}}";

    @Inject
    DeployProduction action;

    WireMockServer vercel;

    @BeforeEach
    void reset() {
        vercel.resetAll();
    }

    @Test
    void firstRunBeginsTheBuildWithItsMarkAndWaits() {
        vercel.stubFor(get(LIST).willReturn(jsonResponse(NONE, 200)));
        vercel.stubFor(post(CREATE).willReturn(jsonResponse(build("QUEUED", false), 200)));

        var waiting = (Outcome.Waiting<?>) run(Attempts.first());

        assertThat(waiting.lookAfter()).isEqualTo(Duration.ofSeconds(5));
        assertThat(waiting.checkpoint().path("deploymentId").asText()).isEqualTo("dpl_1");
        assertThat(waiting.effects())
                .containsExactly(new Effect(
                        KEY,
                        "deployment",
                        "dpl_1",
                        "summit-docs",
                        "team_hub",
                        Effect.Verb.CREATED,
                        "offshootEffect=" + KEY,
                        SettingsDigest.of(input())));
        vercel.verify(postRequestedFor(urlEqualTo(CREATE))
                .withRequestBody(equalToJson("""
                        {"name": "summit-docs", "project": "prj_1", "target": "production",
                         "gitSource": {"type": "github", "repoId": 42, "ref": "main", "sha": "abc"},
                         "meta": {"offshootEffect": "%s", "offshootDeployment": "%s", "offshootApp": "docs", "offshootCommit": "abc"}}
                        """.formatted(KEY, Attempts.DEPLOYMENT))));
    }

    @Test
    void secondDeliveryAdoptsTheBuildAndBeginsNone() {
        vercel.stubFor(get(LIST).willReturn(jsonResponse(listed("BUILDING"), 200)));
        vercel.stubFor(get(BUILD).willReturn(jsonResponse(build("BUILDING", false), 200)));

        var outcome = run(Attempts.first());

        assertThat(outcome.effects()).extracting(Effect::verb).containsExactly(Effect.Verb.ADOPTED);
        vercel.verify(0, postRequestedFor(urlEqualTo(CREATE)));
    }

    @Test
    void afterALostAnswerTheProbeAdoptsTheBuildThatShowsUpLate() {
        vercel.stubFor(
                get(LIST).inScenario("late").willReturn(jsonResponse(NONE, 200)).willSetStateTo("there"));
        vercel.stubFor(get(LIST)
                .inScenario("late")
                .whenScenarioStateIs("there")
                .willReturn(jsonResponse(listed("QUEUED"), 200)));
        vercel.stubFor(get(BUILD).willReturn(jsonResponse(build("QUEUED", false), 200)));

        run(Attempts.probing());

        vercel.verify(0, postRequestedFor(urlEqualTo(CREATE)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ERROR", "CANCELED", "DELETED"})
    void aProbeNeverAdoptsWhatTheProviderShowsAsFailed(String state) {
        vercel.stubFor(get(LIST).willReturn(jsonResponse(listed(state), 200)));
        vercel.stubFor(post(CREATE).willReturn(jsonResponse(build("QUEUED", false), 200)));

        var outcome = run(Attempts.probing());

        assertThat(outcome.effects()).extracting(Effect::verb).containsExactly(Effect.Verb.CREATED);
    }

    @ParameterizedTest
    @CsvSource({"BUILDING, abc, ADOPTED", "BUILDING, other, CREATED", "ERROR, abc, CREATED"})
    void aBuildOfAnEarlierGenerationIsTakenUpIfItIsOfTheCommitAndHasNotFailed(
            String state, String commit, Effect.Verb verb) {
        vercel.stubFor(get(LIST).willReturn(jsonResponse("""
                        {"deployments": [{"uid": "dpl_1", "readyState": "%s", "created": 2,
                          "meta": {"offshootEffect": "%s", "offshootCommit": "%s"}}], "pagination": {"next": null}}
                        """.formatted(state, KEY, commit), 200)));
        vercel.stubFor(get(BUILD).willReturn(jsonResponse(build("BUILDING", false), 200)));
        vercel.stubFor(post(CREATE).willReturn(jsonResponse(build("QUEUED", false), 200)));

        var outcome = run(Attempts.probing().inGeneration(3, 1));

        assertThat(outcome.effects()).extracting(Effect::verb).containsExactly(verb);
        assertThat(outcome.effects().get(0).key().equals(KEY)).isEqualTo(verb == Effect.Verb.ADOPTED);
    }

    @Test
    void aMarkOnALaterPageIsFound() {
        vercel.stubFor(get(LIST).willReturn(jsonResponse("{\"deployments\":[],\"pagination\":{\"next\":17}}", 200)));
        vercel.stubFor(get(LIST + "&until=17").willReturn(jsonResponse(listed("READY"), 200)));
        vercel.stubFor(get(BUILD).willReturn(jsonResponse(build("READY", true), 200)));

        assertThat(run(Attempts.first()).output()).isPresent();
    }

    @Test
    void aResetWhileBeginningIsUncertain() {
        vercel.stubFor(get(LIST).willReturn(jsonResponse(NONE, 200)));
        vercel.stubFor(post(CREATE).willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));

        assertThatThrownBy(() -> run(Attempts.first()))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.kind()).isEqualTo(FailureClass.UNCERTAIN));
    }

    @Test
    void aCommitThatVercelDoesNotKnowYetIsWorthAnotherTry() {
        vercel.stubFor(get(LIST).willReturn(jsonResponse(NONE, 200)));
        vercel.stubFor(post(CREATE)
                .willReturn(
                        jsonResponse("{\"error\":{\"code\":\"incorrect_git_source_info\",\"message\":\"x\"}}", 400)));

        assertThatThrownBy(() -> run(Attempts.first()))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.kind()).isEqualTo(FailureClass.RETRYABLE));
    }

    @Test
    void aReadyBuildWithoutItsAliasIsNotDone() {
        vercel.stubFor(get(BUILD).willReturn(jsonResponse(build("READY", false), 200)));

        assertThat(look()).isInstanceOf(Outcome.Waiting.class);
    }

    @Test
    void aServedBuildIsDoneWithTheAliasThatTheProviderGave() {
        vercel.stubFor(get(BUILD).willReturn(jsonResponse(build("READY", true), 200)));

        assertThat(look().output())
                .contains(new VercelActions.Site(
                        "dpl_1",
                        "summit-docs-two.vercel.app",
                        URI.create(vercel.baseUrl() + "/sites/summit-docs-two.vercel.app/")));
    }

    @Test
    void aFailedBuildIsRefusedWithTheEndOfItsLogAndNoValue() {
        vercel.stubFor(get(BUILD)
                .willReturn(jsonResponse(
                        "{\"id\":\"dpl_1\",\"readyState\":\"ERROR\",\"errorMessage\":\"Command exited with 1\"}",
                        200)));
        vercel.stubFor(get(urlPathEqualTo("/v3/deployments/dpl_1/events")).willReturn(jsonResponse("""
                        [{"type": "stderr", "created": 2, "payload": {"text": "key is planted-value"}},
                         {"type": "stdout", "created": 1, "text": "installing"}]
                        """, 200)));

        var failure = failure(run(looking().with(Map.of("KEY", "planted-value"))));

        assertThat(failure.code()).isEqualTo("build-failed");
        assertThat(failure.message()).isEqualTo("The build failed: Command exited with 1\ninstalling\nkey is •••");
    }

    @Test
    void aFailedBuildIsToldEvenIfItsLogIsNot() {
        vercel.stubFor(get(BUILD)
                .willReturn(jsonResponse(
                        "{\"id\":\"dpl_1\",\"readyState\":\"ERROR\",\"errorMessage\":\"Command exited with 1\"}",
                        200)));
        vercel.stubFor(get(urlPathEqualTo("/v3/deployments/dpl_1/events")).willReturn(serverError()));

        assertThat(failure(look()).message()).contains("Command exited with 1");
    }

    @Test
    void aCancelledBuildIsRefused() {
        vercel.stubFor(get(BUILD).willReturn(jsonResponse(build("CANCELED", false), 200)));

        assertThat(failure(look()).code()).isEqualTo("build-cancelled");
    }

    @Test
    void cancellingStopsTheBuild() {
        vercel.stubFor(patch(urlEqualTo("/v12/deployments/dpl_1/cancel?teamId=team_hub"))
                .willReturn(jsonResponse(build("CANCELED", false), 200)));

        var outcome = action.cancel(Attempts.cancelling(checkpoint()).of(VercelActions.DEPLOY_PRODUCTION, input()));

        assertThat(failure(outcome).code()).isEqualTo("cancelled");
        vercel.verify(1, patchRequestedFor(urlEqualTo("/v12/deployments/dpl_1/cancel?teamId=team_hub")));
    }

    @Test
    void aServedBuildBeatsACancel() {
        vercel.stubFor(patch(urlEqualTo("/v12/deployments/dpl_1/cancel?teamId=team_hub"))
                .willReturn(jsonResponse("{\"error\":{\"code\":\"bad_request\"}}", 400)));
        vercel.stubFor(get(BUILD).willReturn(jsonResponse(build("READY", true), 200)));

        var outcome = action.cancel(Attempts.cancelling(checkpoint()).of(VercelActions.DEPLOY_PRODUCTION, input()));

        assertThat(outcome.output()).isPresent();
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

    @Test
    void whereALateWriteMayComeSuccessWaitsForIt() {
        vercel.stubFor(get(LIST).willReturn(jsonResponse(listed("READY"), 200)));
        vercel.stubFor(get(BUILD).willReturn(jsonResponse(build("READY", true), 200)));

        var waiting = (Outcome.Waiting<?>) run(Attempts.probing());

        assertThat(waiting.lookAfter()).isBetween(Duration.ofSeconds(16), Duration.ofSeconds(60));
        vercel.verify(0, deleteRequestedFor(anyUrl()));
    }

    @Test
    void aSecondDeploymentThatALateWriteMadeIsRemovedAndToldOf() {
        vercel.stubFor(get(LIST).willReturn(jsonResponse(listed("READY"), 200)));
        vercel.stubFor(get(BUILD).willReturn(jsonResponse(build("READY", true), 200)));
        var waiting = (Outcome.Waiting<?>) run(Attempts.probing());
        vercel.stubFor(get(LIST).willReturn(jsonResponse(listedTwice(), 200)));
        vercel.stubFor(delete(SECOND).willReturn(jsonResponse("{\"uid\": \"dpl_2\", \"state\": \"DELETED\"}", 200)));

        var outcome = run(Attempts.looking(waiting.checkpoint()));

        assertThat(outcome.output())
                .hasValueSatisfying(site -> assertThat(site.deploymentId()).isEqualTo("dpl_1"));
        assertThat(outcome.effects())
                .containsExactly(new Effect(
                        KEY,
                        "deployment",
                        "dpl_2",
                        "summit-docs",
                        "team_hub",
                        Effect.Verb.REMOVED,
                        "offshootEffect=" + KEY,
                        null));
        vercel.verify(1, deleteRequestedFor(anyUrl()));
    }

    @Test
    void secondDeliveryOfALookThatRemovedFindsNothingMoreToRemove() {
        vercel.stubFor(get(LIST).willReturn(jsonResponse(listed("READY"), 200)));
        vercel.stubFor(get(BUILD).willReturn(jsonResponse(build("READY", true), 200)));
        var waiting = (Outcome.Waiting<?>) run(Attempts.probing());

        var outcome = run(Attempts.looking(waiting.checkpoint()));

        assertThat(outcome.output()).isPresent();
        assertThat(outcome.effects()).isEmpty();
        vercel.verify(0, deleteRequestedFor(anyUrl()));
    }

    @Test
    void nothingIsRemovedOnceTheLeaseIsLost() {
        vercel.stubFor(get(LIST).willReturn(jsonResponse(listed("READY"), 200)));
        vercel.stubFor(get(BUILD).willReturn(jsonResponse(build("READY", true), 200)));
        var waiting = (Outcome.Waiting<?>) run(Attempts.probing());
        vercel.stubFor(get(LIST).willReturn(jsonResponse(listedTwice(), 200)));

        assertThatThrownBy(() -> run(Attempts.looking(waiting.checkpoint()).withoutLease()))
                .isInstanceOf(LeaseLostException.class);
        vercel.verify(0, deleteRequestedFor(anyUrl()));
    }

    @ParameterizedTest
    @CsvSource({"BUILDING, ADOPT", "READY, ADOPT", "ERROR, CREATE"})
    void aPlanAdoptsABuildThatHasNotFailedAndElseBeginsOne(String state, Finding.Kind kind) {
        vercel.stubFor(get(LIST).willReturn(jsonResponse(listed(state), 200)));

        assertThat(action.plan(attempt(Attempts.planning())).kind()).isEqualTo(kind);
    }

    @Test
    void aPlanWithoutTheProjectMakesNoCall() {
        assertThat(action.plan(attempt(Attempts.planning().without("projectId", "projectName")))
                        .name())
                .isNull();
        assertThat(action.plan(attempt(Attempts.planning().without("projectId", "commitSha")))
                        .kind())
                .isEqualTo(Finding.Kind.CREATE);
        assertThat(vercel.getAllServeEvents()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "READY, dpl_1, SAME,",
        "READY, dpl_9, CHANGED, /served",
        "ERROR, dpl_1, CHANGED, /state",
        "DELETED, dpl_1, MISSING,"
    })
    void anObservationTellsWhetherItIsStillWhatIsServed(
            String state, String served, Finding.Kind kind, String pointer) {
        vercel.stubFor(get(BUILD).willReturn(jsonResponse(marked(state, KEY), 200)));
        vercel.stubFor(get("/v13/deployments/dpl_9?teamId=team_hub")
                .willReturn(jsonResponse("{\"id\": \"dpl_9\", \"readyState\": \"READY\", \"createdAt\": 5}", 200)));
        vercel.stubFor(get("/v9/projects/prj_1?teamId=team_hub").willReturn(jsonResponse("""
                        {"id": "prj_1", "name": "summit-docs", "targets": {"production": {"id": "%s"}}}
                        """.formatted(served), 200)));

        var seen = action.observe(attempt(Attempts.observing()), resource("team_hub"));

        assertThat(seen.kind()).isEqualTo(kind);
        assertThat(seen.changes())
                .extracting(Finding.Change::pointer)
                .containsExactlyElementsOf(pointer == null ? List.of() : List.of(pointer));
    }

    @ParameterizedTest
    @CsvSource({"docs, 2, SAME", "docs, 0, CHANGED", "other, 2, CHANGED"})
    void aLaterBuildOfTheAppHasTakenItsPlaceAndNoOther(String app, long created, Finding.Kind kind) {
        vercel.stubFor(get(BUILD).willReturn(jsonResponse(marked("READY", KEY), 200)));
        vercel.stubFor(get(SECOND).willReturn(jsonResponse("""
                        {"id": "dpl_2", "readyState": "READY", "createdAt": %d,
                         "meta": {"offshootDeployment": "%s", "offshootApp": "%s"}}
                        """.formatted(created, Attempts.DEPLOYMENT, app), 200)));
        vercel.stubFor(get("/v9/projects/prj_1?teamId=team_hub").willReturn(jsonResponse("""
                        {"id": "prj_1", "name": "summit-docs", "targets": {"production": {"id": "dpl_2"}}}
                        """, 200)));

        assertThat(action.observe(attempt(Attempts.observing().without("projectId", "commitSha")), resource("team_hub"))
                        .kind())
                .isEqualTo(kind);
    }

    @Test
    void anUndoDeletesWhatIsBuilt() {
        vercel.stubFor(get(BUILD).willReturn(jsonResponse(marked("READY", KEY), 200)));
        vercel.stubFor(delete(BUILD).willReturn(jsonResponse("{\"uid\": \"dpl_1\", \"state\": \"DELETED\"}", 200)));

        assertThat(undo(resource("team_hub"))).isEqualTo(Undone.removed());
        vercel.verify(0, patchRequestedFor(anyUrl()));
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 400})
    void anUndoStopsABuildBeforeItDeletesItUnlessItEndsMeanwhile(int cancelled) {
        vercel.stubFor(get(BUILD).willReturn(jsonResponse(marked("BUILDING", KEY), 200)));
        vercel.stubFor(patch(urlEqualTo("/v12/deployments/dpl_1/cancel?teamId=team_hub"))
                .willReturn(jsonResponse("{}", cancelled)));
        vercel.stubFor(delete(BUILD).willReturn(jsonResponse("{\"uid\": \"dpl_1\", \"state\": \"DELETED\"}", 200)));

        assertThat(undo(resource("team_hub"))).isEqualTo(Undone.removed());
        vercel.verify(1, patchRequestedFor(anyUrl()));
        vercel.verify(1, deleteRequestedFor(anyUrl()));
    }

    @Test
    void anotherStepsDeploymentIsLeft() {
        vercel.stubFor(get(BUILD).willReturn(jsonResponse(marked("READY", "another"), 200)));

        assertThat(undo(resource("team_hub")).verb()).isEqualTo(Effect.Verb.LEFT);
        assertThat(undo(resource("team_other")).verb()).isEqualTo(Effect.Verb.LEFT);
        vercel.verify(0, deleteRequestedFor(anyUrl()));
    }

    @Test
    void secondDeliveryOfAnUndoFindsItGone() {
        vercel.stubFor(get(BUILD).willReturn(jsonResponse("{\"error\":{\"code\":\"not_found\"}}", 404)));

        assertThat(undo(resource("team_hub"))).isEqualTo(Undone.removed());
        vercel.verify(0, deleteRequestedFor(anyUrl()));
    }

    private Undone undo(Effect resource) {
        return action.undo(attempt(Attempts.undoing()), resource, Removal.DELETE);
    }

    private static Effect resource(String team) {
        return new Effect(
                KEY,
                "deployment",
                "dpl_1",
                "summit-docs",
                team,
                Effect.Verb.CREATED,
                "offshootEffect=" + KEY,
                SettingsDigest.of(input()));
    }

    private static String marked(String state, String key) {
        return """
                {"id": "dpl_1", "readyState": "%s", "projectId": "prj_1", "createdAt": 1, "meta": {"offshootEffect": "%s"}}
                """.formatted(state, key);
    }

    private static Attempt<VercelActions.DeployProduction> attempt(Attempts attempts) {
        return attempts.of(VercelActions.DEPLOY_PRODUCTION, input());
    }

    private Outcome<VercelActions.Site> look() {
        return run(looking());
    }

    private static Attempts looking() {
        return Attempts.looking(checkpoint());
    }

    private static JsonNode checkpoint() {
        return JsonNodeFactory.instance.objectNode().put("deploymentId", "dpl_1");
    }

    private Outcome<VercelActions.Site> run(Attempts attempts) {
        return action.run(attempts.of(VercelActions.DEPLOY_PRODUCTION, input()));
    }

    private static VercelActions.DeployProduction input() {
        return new VercelActions.DeployProduction("prj_1", "summit-docs", 42, "main", "abc");
    }

    private static Failure failure(Outcome<?> outcome) {
        return ((Outcome.Failed<?>) outcome).failure();
    }

    private static String build(String state, boolean aliasAssigned) {
        return """
                {"id": "dpl_1", "readyState": "%s", "aliasAssigned": %s, "aliasError": null, "errorMessage": null,
                 "alias": ["summit-docs-two.vercel.app", "summit-docs-git-main.vercel.app"]}
                """.formatted(state, aliasAssigned);
    }

    private static String listedTwice() {
        return listed("READY").replace("\"deployments\": [", """
                "deployments": [{"uid": "dpl_2", "readyState": "BUILDING", "created": 3, "meta": {"offshootEffect": "%s"}},
                """.formatted(KEY));
    }

    private static String listed(String state) {
        return """
                {"deployments": [
                  {"uid": "dpl_0", "readyState": "READY", "created": 1, "meta": {"offshootEffect": "another"}},
                  {"uid": "dpl_1", "readyState": "%s", "created": 2, "meta": {"offshootEffect": "%s"}}],
                 "pagination": {"count": 2, "next": null, "prev": null}}
                """.formatted(state, KEY);
    }
}
