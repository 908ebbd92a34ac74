package io.offshoot.vercel.action;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.delete;
import static com.github.tomakehurst.wiremock.client.WireMock.deleteRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.vercel.VercelActions;
import io.offshoot.contracts.vercel.VercelActions.Target;
import io.offshoot.contracts.vercel.VercelActions.VariableType;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.action.Undone;
import io.offshoot.vercel.Attempts;
import io.offshoot.vercel.VercelResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
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
class SetEnvironmentTest {

    private static final String VARIABLES = "/v10/projects/prj_1/env?teamId=team_hub&upsert=true";
    private static final String LIST = "/v10/projects/prj_1/env?teamId=team_hub";
    private static final Map<String, String> ENVIRONMENT = Map.of("SITE_NAME", "Summit", "API_URL", "planted-value");

    @Inject
    SetEnvironment action;

    WireMockServer vercel;

    @BeforeEach
    void reset() {
        vercel.resetAll();
    }

    @Test
    void everyVariableIsSetOrReplacedInOneCall() {
        vercel.stubFor(post(VARIABLES).willReturn(jsonResponse("{\"created\":[],\"failed\":[]}", 201)));

        var outcome = run(ENVIRONMENT);

        assertThat(outcome.output()).contains(new VercelActions.Environment(List.of("API_URL", "SITE_NAME")));
        vercel.verify(postRequestedFor(urlEqualTo(VARIABLES)).withRequestBody(equalToJson("""
                        [{"key": "API_URL", "value": "planted-value", "type": "plain", "target": ["production", "preview"]},
                         {"key": "SITE_NAME", "value": "Summit", "type": "plain", "target": ["production", "preview"]}]
                        """)));
    }

    @Test
    void whatIsSecretHereIsNeverPlainThere() {
        vercel.stubFor(post(VARIABLES).willReturn(jsonResponse("{\"created\":[],\"failed\":[]}", 201)));

        var outcome = run(Map.of("BOT_TOKEN", "secret:hunter2-the-token"));

        vercel.verify(postRequestedFor(urlEqualTo(VARIABLES)).withRequestBody(equalToJson("""
                        [{"key": "BOT_TOKEN", "value": "hunter2-the-token", "type": "sensitive",
                          "target": ["production", "preview"]}]""")));
        assertThat(outcome.toString()).doesNotContain("hunter2");
    }

    @Test
    void secondDeliverySetsTheSameAgain() {
        vercel.stubFor(post(VARIABLES).willReturn(jsonResponse("{\"created\":[],\"failed\":[]}", 201)));
        var first = run(ENVIRONMENT);

        var second = run(ENVIRONMENT);

        assertThat(second).isEqualTo(first);
        vercel.verify(2, postRequestedFor(urlEqualTo(VARIABLES)));
    }

    @Test
    void theLedgerIsToldTheNamesAndNothingThatFollowsFromAValue() {
        vercel.stubFor(post(VARIABLES).willReturn(jsonResponse("{\"created\":[],\"failed\":[]}", 201)));

        var settings = run(Map.of("A", "one")).effects().get(0).settings();

        assertThat(settings).matches("[0-9a-f]{64}");
        assertThat(run(Map.of("A", "two")).effects().get(0).settings()).isEqualTo(settings);
        assertThat(run(Map.of("B", "one")).effects().get(0).settings()).isNotEqualTo(settings);
    }

    @Test
    void withoutVariablesThereIsNoCall() {
        assertThat(run(Map.of()).output()).contains(new VercelActions.Environment(List.of()));
        assertThat(vercel.getAllServeEvents()).isEmpty();
    }

    @Test
    void aVariableThatWasNotTakenIsAFailureThatNamesItAndNotItsValue() {
        vercel.stubFor(post(VARIABLES).willReturn(jsonResponse("""
                        {"created": [], "failed": [{"error": {"code": "X", "message": "planted-value is bad",
                          "envVarKey": "API_URL", "value": "planted-value"}}]}
                        """, 201)));

        var failure = failure(run(ENVIRONMENT));

        assertThat(failure.kind()).isEqualTo(FailureClass.REFUSED);
        assertThat(failure.message()).contains("API_URL").doesNotContain("planted-value");
    }

    @Test
    void aRefusalDoesNotQuoteWhatTheProviderSays() {
        vercel.stubFor(post(VARIABLES)
                .willReturn(jsonResponse("{\"error\":{\"code\":\"bad_request\",\"message\":\"planted-value\"}}", 400)));

        assertThatThrownBy(() -> run(ENVIRONMENT))
                .hasMessageContaining("API_URL")
                .hasMessageNotContaining("planted-value");
    }

    @Test
    void anUpdateThatIsStillGoingOnIsWorthAnotherTry() {
        vercel.stubFor(post(VARIABLES)
                .willReturn(jsonResponse("{\"error\":{\"message\":\"There is an ongoing update\"}}", 400)));

        assertThatThrownBy(() -> run(ENVIRONMENT))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.kind()).isEqualTo(FailureClass.RETRYABLE));
    }

    @ParameterizedTest
    @CsvSource({"429, THROTTLED", "401, CREDENTIAL", "500, UNCERTAIN"})
    void whatTheProviderSaysBeforeAnyEffectIsHandedOn(int status, FailureClass kind) {
        vercel.resetAll();
        vercel.stubFor(any(anyUrl()).willReturn(jsonResponse("{}", status)));

        assertThatThrownBy(() -> run(ENVIRONMENT))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.kind()).isEqualTo(kind));
        assertThat(vercel.getAllServeEvents()).hasSize(1);
    }

    @Test
    void eachVariableIsKeptAsItsTypeSaysAndForTheTargetsThatAreNamed() {
        vercel.stubFor(post(VARIABLES).willReturn(jsonResponse("{\"created\":[],\"failed\":[]}", 201)));
        var input = new VercelActions.SetEnvironment(
                "prj_1", Map.of("API_URL", VariableType.SENSITIVE), List.of(Target.PRODUCTION));

        run(ENVIRONMENT, input);

        vercel.verify(postRequestedFor(urlEqualTo(VARIABLES)).withRequestBody(equalToJson("""
                        [{"key": "API_URL", "value": "planted-value", "type": "sensitive", "target": ["production"]},
                         {"key": "SITE_NAME", "value": "Summit", "type": "plain", "target": ["production"]}]
                        """)));
    }

    @Test
    void aSensitiveVariableForDevelopmentIsRefusedBeforeAnyCallAndInThePlan() {
        var input = new VercelActions.SetEnvironment(
                "prj_1", Map.of("API_URL", VariableType.SENSITIVE), List.of(Target.DEVELOPMENT));

        assertThat(failure(run(ENVIRONMENT, input)).code()).isEqualTo("sensitive-in-development");
        assertThat(action.plan(Attempts.planning().with(ENVIRONMENT).of(VercelActions.SET_ENVIRONMENT, input))
                        .code())
                .isEqualTo("sensitive-in-development");
        assertThat(vercel.getAllServeEvents()).isEmpty();
    }

    @Test
    void noVariableReplacesTheMarkOfTheProject() {
        assertThat(failure(run(Map.of("OFFSHOOT_EFFECT", "x"))).code()).isEqualTo("reserved-name");
        assertThat(vercel.getAllServeEvents()).isEmpty();
    }

    @Test
    void aPlanTellsByNameWhatWouldChangeAndNoValue() {
        areThere(variable("e1", "API_URL", "old-value", "plain", "preview", "production"));

        var plan = action.plan(attempt(Attempts.planning()));

        assertThat(plan.kind()).isEqualTo(Finding.Kind.CHANGE);
        assertThat(plan.changes())
                .containsExactly(
                        new Finding.Change("/variables/API_URL", null, null),
                        new Finding.Change("/variables/SITE_NAME", null, null));
        assertThat(plan.toString()).doesNotContain("planted-value", "old-value", "Summit");
    }

    @Test
    void aPlanLeavesWhatIsSetAlready() {
        areThere(
                variable("e1", "API_URL", "planted-value", "plain", "preview", "production"),
                variable("e2", "SITE_NAME", "Summit", "plain", "production", "preview"));

        assertThat(action.plan(attempt(Attempts.planning())).kind()).isEqualTo(Finding.Kind.LEAVE);
    }

    @Test
    void aPlanCreatesWhereNoneIsThere() {
        areThere();

        var plan = action.plan(attempt(Attempts.planning()));

        assertThat(plan.kind()).isEqualTo(Finding.Kind.CREATE);
        assertThat(plan.message()).contains("API_URL", "SITE_NAME").doesNotContain("planted-value");
    }

    @Test
    void aPlanWithoutTheProjectMakesNoCall() {
        assertThat(action.plan(attempt(Attempts.planning().without("projectId")))
                        .kind())
                .isEqualTo(Finding.Kind.CREATE);
        assertThat(vercel.getAllServeEvents()).isEmpty();
    }

    @Test
    void anObservationComparesNamesAndTargetsAndNoValues() {
        areThere(
                variable("e1", "API_URL", "another-value", "plain", "production", "preview"),
                variable("e2", "SITE_NAME", "Summit", "plain", "preview"));

        var seen = action.observe(attempt(Attempts.observing()), resource("team_hub"));

        assertThat(seen.kind()).isEqualTo(Finding.Kind.CHANGED);
        assertThat(seen.changes())
                .containsExactly(new Finding.Change("/variables/SITE_NAME", "preview, production", "preview"));
    }

    @Test
    void whatIsAsItWasSetIsTheSame() {
        areThere(
                variable("e1", "API_URL", "another-value", "plain", "production", "preview"),
                variable("e2", "SITE_NAME", "Summit", "plain", "production", "preview"));

        assertThat(action.observe(attempt(Attempts.observing()), resource("team_hub"))
                        .kind())
                .isEqualTo(Finding.Kind.SAME);
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 404})
    void withoutAnyOfThemOrTheProjectTheyAreMissing(int status) {
        vercel.stubFor(get(LIST).willReturn(jsonResponse("{\"envs\":[]}", status)));

        assertThat(action.observe(attempt(Attempts.observing()), resource("team_hub"))
                        .kind())
                .isEqualTo(Finding.Kind.MISSING);
    }

    @Test
    void anUndoTakesOursByNameAndTargetsAndNoOthers() {
        areThere(
                variable("e1", "API_URL", "x", "plain", "production", "preview"),
                variable("e2", "API_URL", "x", "plain", "development"),
                variable("e3", "THEIRS", "x", "plain", "production", "preview"),
                variable("e4", "OFFSHOOT_EFFECT", "mark", "plain", "production"));
        vercel.stubFor(delete(urlMatching("/v9/projects/prj_1/env/.*")).willReturn(jsonResponse("{}", 200)));

        assertThat(undo(resource("team_hub"))).isEqualTo(Undone.removed());
        vercel.verify(1, deleteRequestedFor(anyUrl()));
        vercel.verify(deleteRequestedFor(urlEqualTo("/v9/projects/prj_1/env/e1?teamId=team_hub")));
    }

    @Test
    void variablesOfAProjectThatIsNotOursAnyMoreAreLeft() {
        areThere(variable("e1", "API_URL", "x", "plain", "production", "preview"));

        assertThat(undo(resource("team_hub")).verb()).isEqualTo(Effect.Verb.LEFT);
        assertThat(undo(resource("team_other")).verb()).isEqualTo(Effect.Verb.LEFT);
        vercel.verify(0, deleteRequestedFor(anyUrl()));
    }

    @Test
    void secondDeliveryOfAnUndoFindsNothingToTake() {
        areThere(variable("e4", "OFFSHOOT_EFFECT", "mark", "plain", "production"));

        assertThat(undo(resource("team_hub"))).isEqualTo(Undone.removed());
        vercel.verify(0, deleteRequestedFor(anyUrl()));
    }

    @Test
    void withTheProjectGoneTheyAreGone() {
        vercel.stubFor(get(LIST).willReturn(jsonResponse("{}", 404)));

        assertThat(undo(resource("team_hub"))).isEqualTo(Undone.removed());
    }

    private void areThere(String... variables) {
        vercel.stubFor(
                get(LIST).willReturn(jsonResponse("{\"envs\": [%s]}".formatted(String.join(",", variables)), 200)));
    }

    private static String variable(String id, String key, String value, String type, String... targets) {
        return "{\"id\": \"%s\", \"key\": \"%s\", \"value\": \"%s\", \"type\": \"%s\", \"target\": [\"%s\"]}"
                .formatted(id, key, value, type, String.join("\",\"", targets));
    }

    private Effect resource(String team) {
        vercel.stubFor(post(VARIABLES).willReturn(jsonResponse("{\"created\":[],\"failed\":[]}", 201)));
        var made = run(ENVIRONMENT).effects().get(0);
        return new Effect(
                made.key(), made.kind(), made.id(), made.name(), team, made.verb(), made.mark(), made.settings());
    }

    private Undone undo(Effect resource) {
        return action.undo(attempt(Attempts.undoing()), resource, Removal.DELETE);
    }

    private static Attempt<VercelActions.SetEnvironment> attempt(Attempts attempts) {
        return attempts.with(ENVIRONMENT).of(VercelActions.SET_ENVIRONMENT, new VercelActions.SetEnvironment("prj_1"));
    }

    private Outcome<VercelActions.Environment> run(Map<String, String> environment) {
        return run(environment, new VercelActions.SetEnvironment("prj_1"));
    }

    private Outcome<VercelActions.Environment> run(
            Map<String, String> environment, VercelActions.SetEnvironment input) {
        return action.run(Attempts.first().with(environment).of(VercelActions.SET_ENVIRONMENT, input));
    }

    private static Failure failure(Outcome<?> outcome) {
        return ((Outcome.Failed<?>) outcome).failure();
    }
}
