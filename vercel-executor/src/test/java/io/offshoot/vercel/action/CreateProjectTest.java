package io.offshoot.vercel.action;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.delete;
import static com.github.tomakehurst.wiremock.client.WireMock.deleteRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.noContent;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(VercelResource.class)
class CreateProjectTest {

    private static final String KEY = EffectKey.named(Attempts.DEPLOYMENT, "docs", "step", "project");
    private static final String PROJECT = "/v9/projects/summit-docs?teamId=team_hub";
    private static final String BY_ID = "/v9/projects/prj_1?teamId=team_hub";
    private static final String OWNERS = "/v1/integrations/git-namespaces?provider=github";
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

    @Test
    void aPlanOfAFreeNameIsToMakeTheProject() {
        vercel.stubFor(get(PROJECT).willReturn(jsonResponse(MISSING, 404)));
        vercel.stubFor(get(OWNERS).willReturn(jsonResponse("[{\"slug\":\"Hub-Org\"}]", 200)));

        var plan = plan(Attempts.planning());

        assertThat(plan.kind()).isEqualTo(Finding.Kind.CREATE);
        assertThat(plan.name()).isEqualTo("summit-docs");
    }

    @Test
    void aPlanTellsThatVercelCannotReachTheRepositorysOwner() {
        vercel.stubFor(get(PROJECT).willReturn(jsonResponse(MISSING, 404)));
        vercel.stubFor(get(OWNERS).willReturn(jsonResponse("[{\"slug\":\"another\"}]", 200)));

        var plan = plan(Attempts.planning());

        assertThat(plan.code()).isEqualTo("needs-link");
        assertThat(plan.fixedBy()).isEqualTo(Finding.FixedBy.HUB);
        assertThat(plan.link()).isEqualTo(URI.create("https://github.com/apps/vercel"));
        assertThat(plan.message()).contains("hub-org/docs");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 404})
    void aPlanDoesNotGuessWhatVercelDoesNotTellOfOwners(int status) {
        vercel.stubFor(get(PROJECT).willReturn(jsonResponse(MISSING, 404)));
        vercel.stubFor(get(OWNERS).willReturn(jsonResponse("{}", status)));

        assertThat(plan(Attempts.planning()).kind()).isEqualTo(Finding.Kind.CREATE);
    }

    @Test
    void aPlanWithoutTheNameMakesNoCall() {
        assertThat(plan(Attempts.planning().without("name")).kind()).isEqualTo(Finding.Kind.CREATE);
        assertThat(vercel.getAllServeEvents()).isEmpty();
    }

    @Test
    void aPlanWithoutTheRepositoryLooksAtTheNameAlone() {
        vercel.stubFor(get(PROJECT).willReturn(jsonResponse(UNLINKED, 200)));
        vercel.stubFor(get(VARIABLES).willReturn(jsonResponse(MARK, 200)));

        assertThat(plan(Attempts.planning().without("repository", "repositoryId"))
                        .kind())
                .isEqualTo(Finding.Kind.ADOPT);
    }

    @Test
    void aPlanAdoptsWhatAnEarlierAttemptMade() {
        vercel.stubFor(get(PROJECT).willReturn(jsonResponse(LINKED, 200)));
        vercel.stubFor(get(VARIABLES).willReturn(jsonResponse(MARK, 200)));

        var plan = plan(Attempts.planning());

        assertThat(plan.kind()).isEqualTo(Finding.Kind.ADOPT);
        assertThat(plan.id()).isEqualTo("prj_1");
    }

    @Test
    void aPlanTellsWhatIsInTheWay() {
        vercel.stubFor(get(PROJECT).willReturn(jsonResponse(FOREIGN, 200)));
        vercel.stubFor(get(VARIABLES).willReturn(jsonResponse("{\"envs\":[]}", 200)));

        var plan = plan(Attempts.planning());

        assertThat(plan.kind()).isEqualTo(Finding.Kind.BLOCKED);
        assertThat(plan.code()).isEqualTo("exists-and-is-not-ours");
        assertThat(plan.message()).contains("summit-docs", "prj_1", "github repository with the id 7");
    }

    @Test
    void aPlanTellsThatOurProjectHasToBeConnectedByAPerson() {
        vercel.stubFor(get(PROJECT).willReturn(jsonResponse(UNLINKED, 200)));
        vercel.stubFor(get(VARIABLES).willReturn(jsonResponse(MARK, 200)));

        assertThat(plan(Attempts.planning()).code()).isEqualTo("not-linked");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "summit-docs | 42 | true  | SAME    |",
                "renamed     | 42 | true  | MOVED   | /name",
                "summit-docs | 7  | true  | CHANGED | /link/repositoryId",
                "summit-docs | 42 | false | CHANGED | /mark",
            })
    void anObservationComparesNameLinkAndMark(
            String name, long repository, boolean marked, Finding.Kind kind, String pointer) {
        isThere(name, repository, marked);

        var seen = action.observe(attempt(Attempts.observing()), resource("team_hub"));

        assertThat(seen.kind()).isEqualTo(kind);
        assertThat(seen.changes())
                .extracting(Finding.Change::pointer)
                .containsExactlyElementsOf(pointer == null ? List.of() : List.of(pointer));
    }

    @Test
    void whatOnlyTheLedgersDigestShowsIsAChangeWithoutChanges() {
        isThere("summit-docs", 42, true);
        var given = resource("team_hub");
        var other = new Effect(
                given.key(), given.kind(), given.id(), given.name(), given.account(), given.verb(), given.mark(), "0");

        var seen = action.observe(attempt(Attempts.observing()), other);

        assertThat(seen.kind()).isEqualTo(Finding.Kind.CHANGED);
        assertThat(seen.changes()).isEmpty();
    }

    @Test
    void whatIsMadeUpInTheInputIsNotHeldAgainstTheProject() {
        isThere("summit-docs", 42, true);
        var madeUp = new VercelActions.CreateProject("summit-docs", "unknown-1/unknown-1", 1);

        var seen = action.observe(
                Attempts.observing().without("repository", "repositoryId").of(VercelActions.CREATE_PROJECT, madeUp),
                resource("team_hub"));

        assertThat(seen.kind()).isEqualTo(Finding.Kind.SAME);
    }

    @Test
    void aProjectThatIsGoneIsMissing() {
        vercel.stubFor(get(BY_ID).willReturn(jsonResponse(MISSING, 404)));

        assertThat(action.observe(attempt(Attempts.observing()), resource("team_hub"))
                        .kind())
                .isEqualTo(Finding.Kind.MISSING);
    }

    @Test
    void ofAnotherTeamsProjectNothingIsClaimedAndNothingTaken() {
        var foreign = resource("team_other");

        assertThat(action.observe(attempt(Attempts.observing()), foreign).kind())
                .isEqualTo(Finding.Kind.UNREAD);
        assertThat(undo(foreign).why()).contains("team_other");
        assertThat(vercel.getAllServeEvents()).isEmpty();
    }

    @Test
    void whatWeMadeIsDeletedByItsIdEvenIfSomebodyRenamedIt() {
        isThere("renamed", 7, true);
        vercel.stubFor(delete(BY_ID).willReturn(noContent()));

        assertThat(undo(resource("team_hub"))).isEqualTo(Undone.removed());
        vercel.verify(1, deleteRequestedFor(urlEqualTo(BY_ID)));
    }

    @Test
    void aProjectWithoutOurMarkIsLeft() {
        isThere("summit-docs", 42, false);

        assertThat(undo(resource("team_hub")).verb()).isEqualTo(Effect.Verb.LEFT);
        assertNothingWasWritten();
    }

    @Test
    void secondDeliveryOfAnUndoFindsItGone() {
        vercel.stubFor(get(BY_ID).willReturn(jsonResponse(MISSING, 404)));

        assertThat(undo(resource("team_hub"))).isEqualTo(Undone.removed());
        assertNothingWasWritten();
    }

    @Test
    void aProjectThatGoesBetweenTheLookAndTheDeletionIsGone() {
        isThere("summit-docs", 42, true);
        vercel.stubFor(delete(BY_ID).willReturn(jsonResponse(MISSING, 404)));

        assertThat(undo(resource("team_hub"))).isEqualTo(Undone.removed());
    }

    @Test
    void nothingIsDeletedOnceTheLeaseIsLost() {
        isThere("summit-docs", 42, true);

        assertThatThrownBy(() ->
                        action.undo(attempt(Attempts.undoing().withoutLease()), resource("team_hub"), Removal.DELETE))
                .isInstanceOf(LeaseLostException.class);
        assertNothingWasWritten();
    }

    @Test
    void anUndoWhoseAnswerIsLostIsUncertain() {
        isThere("summit-docs", 42, true);
        vercel.stubFor(delete(BY_ID).willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));

        assertThatThrownBy(() -> undo(resource("team_hub")))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.kind()).isEqualTo(FailureClass.UNCERTAIN));
    }

    @Test
    void withoutARepositoryTheProjectIsLinkedToNone() {
        vercel.stubFor(get(PROJECT).willReturn(jsonResponse(MISSING, 404)));
        vercel.stubFor(post(CREATE).willReturn(jsonResponse(UNLINKED, 200)));
        var unlinked = new VercelActions.CreateProject("summit-docs", null, null);

        var outcome = action.run(Attempts.first().of(VercelActions.CREATE_PROJECT, unlinked));

        assertThat(outcome.output()).isPresent();
        vercel.verify(postRequestedFor(urlEqualTo(CREATE)).withRequestBody(equalToJson("""
                        {"name": "summit-docs", "environmentVariables": [
                           {"key": "OFFSHOOT_EFFECT", "value": "%s", "type": "plain", "target": ["production"]}]}
                        """.formatted(KEY))));
    }

    private void isThere(String name, long repository, boolean marked) {
        vercel.stubFor(get(BY_ID).willReturn(jsonResponse("""
                        {"id": "prj_1", "name": "%s", "link": {"type": "github", "org": "hub-org", "repo": "docs", "repoId": %d}}
                        """.formatted(name, repository), 200)));
        vercel.stubFor(get(VARIABLES).willReturn(jsonResponse(marked ? MARK : "{\"envs\":[]}", 200)));
    }

    private static Effect resource(String team) {
        return new Effect(
                KEY,
                "project",
                "prj_1",
                "summit-docs",
                team,
                Effect.Verb.CREATED,
                "OFFSHOOT_EFFECT=" + KEY,
                SettingsDigest.of(input()));
    }

    private Finding plan(Attempts attempts) {
        return action.plan(attempt(attempts));
    }

    private Undone undo(Effect resource) {
        return action.undo(attempt(Attempts.undoing()), resource, Removal.DELETE);
    }

    private static Attempt<VercelActions.CreateProject> attempt(Attempts attempts) {
        return attempts.of(VercelActions.CREATE_PROJECT, input());
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
