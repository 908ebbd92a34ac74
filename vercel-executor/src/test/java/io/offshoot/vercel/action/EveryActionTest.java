package io.offshoot.vercel.action;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.delete;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.RequestMethod;
import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.action.EffectClass;
import io.offshoot.contracts.action.EffectKey;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.claim.AttemptRef;
import io.offshoot.contracts.claim.ClaimAnswer;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.vercel.VercelActions;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.LeaseLostException;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.secret.Keyset;
import io.offshoot.executorkit.secret.Vault;
import io.offshoot.sealing.Secret;
import io.offshoot.vercel.Attempts;
import io.offshoot.vercel.VercelResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every action promises, in one table: its effect class, and what it writes when it is run a second time. */
@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(VercelResource.class)
class EveryActionTest {

    private static final String KEY = EffectKey.of(Attempts.DEPLOYMENT, "docs", "step", 1, "deployment");
    private static final String PROJECT_KEY = EffectKey.named(Attempts.DEPLOYMENT, "docs", "step", "project");
    private static final String PROJECT = "/v9/projects/summit-docs?teamId=team_hub";
    private static final String LINKED =
            "{\"id\":\"prj_1\",\"name\":\"summit-docs\",\"link\":{\"type\":\"github\",\"repoId\":42}}";
    private static final String LIST = "/v7/deployments?teamId=team_hub&projectId=prj_1&target=production&limit=100";
    private static final String BUILD = "{\"id\":\"dpl_1\",\"readyState\":\"QUEUED\"}";
    private static final String DEPLOYMENT = "/v13/deployments/dpl_1?teamId=team_hub";
    private static final String SERVED = """
            {"id": "dpl_1", "readyState": "READY", "aliasAssigned": true, "alias": ["a.vercel.app"],
             "meta": {"offshootEffect": "%s"}}
            """.formatted(KEY);
    private static final String BY_ID = "/v9/projects/prj_1?teamId=team_hub";
    private static final String VARIABLES = "/v10/projects/prj_1/env?teamId=team_hub";
    private static final String MARK = "OFFSHOOT_EFFECT=" + PROJECT_KEY;
    private static final String OWNERS = "/v1/integrations/git-namespaces?provider=github";
    private static final String DOMAIN = "/v9/projects/prj_1/domains/docs.summit.example?teamId=team_hub";
    private static final String CONFIG = "/v6/domains/docs.summit.example/config?teamId=team_hub";
    private static final String VERIFIED =
            "{\"name\":\"docs.summit.example\",\"projectId\":\"prj_1\",\"apexName\":\"summit.example\",\"verified\":true}";

    @Inject
    @Any
    Instance<ActionHandler<?, ?>> handlers;

    WireMockServer vercel;

    private final AtomicInteger checks = new AtomicInteger();
    private int checksToPass = Integer.MAX_VALUE;

    @BeforeEach
    void reset() {
        vercel.resetAll();
    }

    /** Effect class; writes of a first and a second run; of a plan, an observation and an undo of what there is. */
    private static Stream<Arguments> everyAction() {
        return Stream.of(
                arguments("vercel/create-project/1", EffectClass.NATURAL, 1, 0, 0, 0, 1),
                arguments("vercel/set-environment/1", EffectClass.UPSERT, 1, 1, 0, 0, 1),
                arguments("vercel/deploy-production/1", EffectClass.MARKED, 1, 0, 0, 0, 1),
                arguments("vercel/connect-domain/1", EffectClass.NATURAL, 1, 0, 0, 0, 1),
                arguments("vercel/preflight/1", EffectClass.UPSERT, 0, 0, 0, 0, 0),
                arguments("vercel/deploy-files/1", EffectClass.MARKED, 3, 0, 0, 0, 1),
                arguments("vercel/offer-project/1", EffectClass.UPSERT, 1, 1, 0, 0, 0),
                arguments("vercel/accept-project/1", EffectClass.NATURAL, 1, 0, 0, 0, 0),
                arguments("vercel/relink-project/1", EffectClass.UPSERT, 0, 0, 0, 0, 0),
                arguments("vercel/verify-site/1", EffectClass.UPSERT, 0, 0, 0, 0, 0));
    }

    @Test
    void everyActionHasOneHandlerAndARowOfTheTable() {
        var declared = Arrays.stream(VercelActions.class.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == Action.class)
                .map(EveryActionTest::valueOf)
                .map(Action::name)
                .toList();

        assertThat(everyAction().map(row -> row.get()[0])).containsExactlyInAnyOrderElementsOf(declared);
        assertThat(handlers.stream().map(handler -> handler.action().name()))
                .containsExactlyInAnyOrderElementsOf(declared);
    }

    /** Every write is preceded by a look at the lease. */
    @ParameterizedTest
    @MethodSource("everyAction")
    void aSecondRunWritesWhatItsClassAllows(
            String action, EffectClass effectClass, int first, int second, int plan, int observation, int undo) {
        nothingIsThere();
        run(handler(action));
        var written = writes();
        var looked = checks.getAndSet(0);
        allIsThere();
        run(handler(action));

        assertThat(handler(action).action().effectClass()).isEqualTo(effectClass);
        assertThat(written).isEqualTo(first);
        assertThat(looked).isEqualTo(first);
        assertThat(writes()).isEqualTo(second);
        assertThat(checks.get()).isEqualTo(second);
    }

    @ParameterizedTest
    @MethodSource("everyAction")
    void aLostLeaseIsFollowedByNoWrite(
            String action, EffectClass effectClass, int first, int second, int plan, int observation, int undo) {
        for (checksToPass = 0; checksToPass < first; checksToPass++) {
            nothingIsThere();
            checks.set(0);

            assertThatThrownBy(() -> run(handler(action))).isInstanceOf(LeaseLostException.class);

            assertThat(writes()).isEqualTo(checksToPass);
        }
    }

    @ParameterizedTest
    @MethodSource("everyAction")
    void plansAndObservationsWriteNothingAndAnUndoWhatIsThere(
            String action, EffectClass effectClass, int first, int second, int plan, int observation, int undo) {
        for (Runnable world : List.<Runnable>of(this::nothingIsThere, this::allIsThere)) {
            world.run();
            plan(handler(action));
            assertThat(writes()).isEqualTo(plan);
            observe(handler(action));
            assertThat(writes()).isEqualTo(observation);
        }
        nothingIsThere();
        undo(handler(action));
        assertThat(writes()).isZero();
        allIsThere();
        undo(handler(action));
        assertThat(writes()).isEqualTo(undo);
        assertThat(checks.get()).isEqualTo(undo);
    }

    /** A run is what its attempt does and what the looks do that its wait leads to; here one look, as all is served. */
    @ParameterizedTest
    @MethodSource("everyAction")
    void aPlanForetellsTheCallsOfARun(
            String action, EffectClass effectClass, int first, int second, int plan, int observation, int undo) {
        for (Runnable world : List.<Runnable>of(this::nothingIsThere, this::allIsThere)) {
            world.run();
            var forecast = plan(handler(action));
            vercel.resetRequests();

            var outcome = run(handler(action));
            if (outcome instanceof Outcome.Waiting<?> waiting) {
                vercel.stubFor(get(DEPLOYMENT).willReturn(jsonResponse(SERVED, 200)));
                outcome = look(handler(action), waiting.checkpoint());
            }

            assertThat(outcome).isInstanceOf(Outcome.Done.class);
            assertThat(writes()).isEqualTo(forecast.writes());
            assertThat(vercel.getAllServeEvents()).hasSize(forecast.reads() + forecast.writes());
        }
    }

    private void nothingIsThere() {
        vercel.resetAll();
        vercel.stubFor(post("/v10/projects/prj_1/env?teamId=team_hub&upsert=true")
                .willReturn(jsonResponse("{\"created\":[],\"failed\":[]}", 201)));
        vercel.stubFor(get(CONFIG).willReturn(jsonResponse("{\"misconfigured\":false}", 200)));
        vercel.stubFor(get(PROJECT).willReturn(jsonResponse("{}", 404)));
        vercel.stubFor(post("/v11/projects?teamId=team_hub").willReturn(jsonResponse(LINKED, 200)));
        vercel.stubFor(get(LIST).willReturn(jsonResponse("{\"deployments\":[]}", 200)));
        vercel.stubFor(post("/v13/deployments?teamId=team_hub&skipAutoDetectionConfirmation=1")
                .willReturn(jsonResponse(BUILD, 200)));
        vercel.stubFor(get(DOMAIN).willReturn(jsonResponse("{\"error\":{\"code\":\"not_found\"}}", 404)));
        vercel.stubFor(post("/v10/projects/prj_1/domains?teamId=team_hub").willReturn(jsonResponse(VERIFIED, 200)));
        aroundIt();
        vercel.stubFor(get(BY_ID).willReturn(jsonResponse("{}", 404)));
        vercel.stubFor(put("/projects/transfer-request/code?teamId=team_hub")
                .inScenario("handover")
                .willReturn(jsonResponse("{}", 202))
                .willSetStateTo("accepted"));
        vercel.stubFor(get(BY_ID)
                .inScenario("handover")
                .whenScenarioStateIs("accepted")
                .willReturn(jsonResponse(LINKED, 200)));
        vercel.stubFor(get(VARIABLES).willReturn(jsonResponse("{}", 404)));
        vercel.stubFor(get(DEPLOYMENT).willReturn(jsonResponse("{}", 404)));
    }

    private void allIsThere() {
        vercel.resetAll();
        vercel.stubFor(post("/v10/projects/prj_1/env?teamId=team_hub&upsert=true")
                .willReturn(jsonResponse("{\"created\":[],\"failed\":[]}", 201)));
        vercel.stubFor(get(CONFIG).willReturn(jsonResponse("{\"misconfigured\":false}", 200)));
        vercel.stubFor(get(PROJECT).willReturn(jsonResponse(LINKED, 200)));
        aroundIt();
        vercel.stubFor(get(BY_ID).willReturn(jsonResponse(LINKED, 200)));
        vercel.stubFor(get(VARIABLES).willReturn(jsonResponse("""
                        {"envs": [{"id": "e0", "key": "OFFSHOOT_EFFECT", "value": "%s", "target": "production"},
                          {"id": "e1", "key": "A", "value": "b", "type": "plain", "target": ["production", "preview"]}]}
                        """.formatted(PROJECT_KEY), 200)));
        vercel.stubFor(get(LIST).willReturn(jsonResponse("""
                        {"deployments": [{"uid": "dpl_1", "readyState": "BUILDING", "created": 1,
                          "meta": {"offshootEffect": "%s"}}]}""".formatted(KEY), 200)));
        vercel.stubFor(get(DEPLOYMENT).willReturn(jsonResponse(SERVED, 200)));
        vercel.stubFor(get(DOMAIN).willReturn(jsonResponse(VERIFIED, 200)));
        vercel.stubFor(delete(anyUrl()).willReturn(jsonResponse("{}", 200)));
    }

    private Record input(String action) {
        return switch (action) {
            case "vercel/create-project/1" -> new VercelActions.CreateProject("summit-docs", "hub-org/docs", 42);
            case "vercel/set-environment/1" -> new VercelActions.SetEnvironment("prj_1");
            case "vercel/deploy-production/1" ->
                new VercelActions.DeployProduction("prj_1", "summit-docs", 42, "main", "abc");
            case "vercel/connect-domain/1" ->
                new VercelActions.ConnectDomain(
                        "prj_1", "docs.summit.example", "a.vercel.app", URI.create("https://a.vercel.app"));
            case "vercel/preflight/1" ->
                new VercelActions.Preflight("summit-docs", "step", "hub-org", "docs.summit.example");
            case "vercel/deploy-files/1" ->
                new VercelActions.DeployFiles("prj_1", "summit-docs", Map.of("index.html", "a", "b.html", "b"));
            case "vercel/offer-project/1" -> new VercelActions.OfferProject("prj_0", MARK);
            case "vercel/accept-project/1" ->
                new VercelActions.AcceptProject("prj_1", MARK, "summit-docs", sealed(), "main");
            case "vercel/relink-project/1" -> new VercelActions.RelinkProject("prj_0", "hub-org/docs", 42);
            case "vercel/verify-site/1" -> new VercelActions.VerifySite("docs.summit.example", null);
            default -> throw new AssertionError("No input for " + action);
        };
    }

    private ActionHandler<?, ?> handler(String action) {
        return handlers.stream()
                .filter(candidate -> candidate.action().name().equals(action))
                .findFirst()
                .orElseThrow();
    }

    private String sealed() {
        var giver = Attempts.first().of(VercelActions.OFFER_PROJECT, new VercelActions.OfferProject("prj_1", MARK));
        return giver.sealFor("vercel", Secret.of("code"), "prj_1");
    }

    /** What the actions need that only read, and what is offered, in either world. */
    private void aroundIt() {
        vercel.stubFor(get(OWNERS).willReturn(jsonResponse("[{\"slug\":\"hub-org\"}]", 200)));
        vercel.stubFor(get(urlPathMatching("/v1/domains/.*")).willReturn(jsonResponse("{}", 404)));
        vercel.stubFor(get("/v2/user").willReturn(jsonResponse("{\"user\":{\"username\":\"bot\"}}", 200)));
        vercel.stubFor(get("/v2/teams/team_hub").willReturn(jsonResponse("{\"id\":\"team_hub\"}", 200)));
        vercel.stubFor(get("/v9/projects/prj_0?teamId=team_hub")
                .willReturn(jsonResponse(LINKED.replace("prj_1", "prj_0"), 200)));
        vercel.stubFor(get("/v10/projects/prj_0/env?teamId=team_hub")
                .willReturn(jsonResponse("""
                        {"envs": [{"key": "OFFSHOOT_EFFECT", "value": "%s"}]}
                        """.formatted(PROJECT_KEY), 200)));
        vercel.stubFor(post("/projects/prj_0/transfer-request?teamId=team_hub")
                .willReturn(jsonResponse("{\"code\":\"code\"}", 200)));
        vercel.stubFor(post("/v2/files?teamId=team_hub").willReturn(jsonResponse("{\"urls\":[]}", 200)));
        vercel.stubFor(get("/sites/docs.summit.example/").willReturn(ok("here")));
    }

    private static Effect resource(String action) {
        return switch (action) {
            case "vercel/create-project/1", "vercel/accept-project/1" -> made(PROJECT_KEY, "project", "prj_1", MARK);
            case "vercel/set-environment/1" -> made("key", "environment", "prj_1", null);
            case "vercel/deploy-production/1", "vercel/deploy-files/1" ->
                made(KEY, "deployment", "dpl_1", "offshootEffect=" + KEY);
            case "vercel/connect-domain/1" -> made("key", "domain", "docs.summit.example", null);
            // These make nothing that the ledger has; one that is asked for is not theirs.
            default -> made("key", "other", "other", null);
        };
    }

    private static Effect made(String key, String kind, String id, String mark) {
        return new Effect(key, kind, id, "summit-docs", "team_hub", Effect.Verb.CREATED, mark, null);
    }

    private <I extends Record> Outcome<?> run(ActionHandler<I, ?> handler) {
        return handler.run(attempt(handler, AttemptMode.EXECUTE, null));
    }

    private <I extends Record> Outcome<?> look(ActionHandler<I, ?> handler, JsonNode checkpoint) {
        return handler.run(attempt(handler, AttemptMode.LOOK, checkpoint));
    }

    private <I extends Record> Finding plan(ActionHandler<I, ?> handler) {
        return handler.plan(attempt(handler, AttemptMode.PLAN, null));
    }

    private <I extends Record> void observe(ActionHandler<I, ?> handler) {
        var resource = resource(handler.action().name());
        handler.observe(attempt(handler, AttemptMode.OBSERVE, null), resource);
    }

    private <I extends Record> void undo(ActionHandler<I, ?> handler) {
        var resource = resource(handler.action().name());
        handler.undo(attempt(handler, AttemptMode.UNDO, null), resource, Removal.DELETE);
    }

    private <I extends Record> Attempt<I> attempt(ActionHandler<I, ?> handler, AttemptMode mode, JsonNode checkpoint) {
        var action = handler.action();
        var context = new ClaimAnswer.Context(
                "hub-a",
                action.name(),
                mode,
                1,
                "main",
                null,
                Map.of("A", "b"),
                checkpoint,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(Attempts.OPENER.recipient().published()),
                null);
        var ref = new AttemptRef(Attempts.DEPLOYMENT, "docs", "step", 1);
        var input = action.input().cast(input(action.name()));
        return new Attempt<>(
                action, ref, context, input, Keyset.of(Attempts.OPENER), Vault.none(), this::check, () -> {});
    }

    private void check() {
        if (checks.getAndIncrement() >= checksToPass) {
            throw new LeaseLostException();
        }
    }

    private int writes() {
        return (int) vercel.getAllServeEvents().stream()
                .filter(event -> !event.getRequest().getMethod().equals(RequestMethod.GET))
                .count();
    }

    private static Action<?, ?> valueOf(Field field) {
        try {
            return (Action<?, ?>) field.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }
}
