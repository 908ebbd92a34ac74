package io.offshoot.vercel.action;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.RequestMethod;
import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.action.EffectClass;
import io.offshoot.contracts.action.EffectKey;
import io.offshoot.contracts.claim.AttemptRef;
import io.offshoot.contracts.claim.ClaimAnswer;
import io.offshoot.contracts.vercel.VercelActions;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.LeaseLostException;
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
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    private static final String DOMAIN = "/v9/projects/prj_1/domains/docs.summit.example?teamId=team_hub";
    private static final String CONFIG = "/v6/domains/docs.summit.example/config?teamId=team_hub";
    private static final String VERIFIED =
            "{\"name\":\"docs.summit.example\",\"apexName\":\"summit.example\",\"verified\":true}";

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

    @Test
    void everyActionHasOneHandlerAndARowOfTheTable() throws Exception {
        var rows = getClass()
                .getDeclaredMethod(
                        "aSecondRunWritesWhatItsClassAllows", String.class, EffectClass.class, int.class, int.class)
                .getAnnotation(CsvSource.class)
                .value();

        var declared = Arrays.stream(VercelActions.class.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == Action.class)
                .map(EveryActionTest::valueOf)
                .map(Action::name)
                .toList();

        assertThat(Arrays.stream(rows).map(row -> row.split(",")[0])).containsExactlyInAnyOrderElementsOf(declared);
        assertThat(handlers.stream().map(handler -> handler.action().name()))
                .containsExactlyInAnyOrderElementsOf(declared);
    }

    /** Every write is preceded by a look at the lease. */
    @ParameterizedTest
    @CsvSource({
        "vercel/create-project/1,    NATURAL, 1, 0",
        "vercel/set-environment/1,   UPSERT,  1, 1",
        "vercel/deploy-production/1, MARKED,  1, 0",
        "vercel/connect-domain/1,    NATURAL, 1, 0"
    })
    void aSecondRunWritesWhatItsClassAllows(String action, EffectClass effectClass, int first, int second) {
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
    @CsvSource({
        "vercel/create-project/1,    NATURAL, 1, 0",
        "vercel/set-environment/1,   UPSERT,  1, 1",
        "vercel/deploy-production/1, MARKED,  1, 0",
        "vercel/connect-domain/1,    NATURAL, 1, 0"
    })
    void aLostLeaseIsFollowedByNoWrite(String action, EffectClass effectClass, int first, int second) {
        for (checksToPass = 0; checksToPass < first; checksToPass++) {
            nothingIsThere();
            checks.set(0);

            assertThatThrownBy(() -> run(handler(action))).isInstanceOf(LeaseLostException.class);

            assertThat(writes()).isEqualTo(checksToPass);
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
    }

    private void allIsThere() {
        vercel.resetAll();
        vercel.stubFor(post("/v10/projects/prj_1/env?teamId=team_hub&upsert=true")
                .willReturn(jsonResponse("{\"created\":[],\"failed\":[]}", 201)));
        vercel.stubFor(get(CONFIG).willReturn(jsonResponse("{\"misconfigured\":false}", 200)));
        vercel.stubFor(get(PROJECT).willReturn(jsonResponse(LINKED, 200)));
        vercel.stubFor(get("/v10/projects/prj_1/env?teamId=team_hub")
                .willReturn(jsonResponse("""
                        {"envs": [{"key": "OFFSHOOT_EFFECT", "value": "%s"}]}""".formatted(PROJECT_KEY), 200)));
        vercel.stubFor(get(LIST).willReturn(jsonResponse("""
                        {"deployments": [{"uid": "dpl_1", "readyState": "BUILDING", "created": 1,
                          "meta": {"offshootEffect": "%s"}}]}""".formatted(KEY), 200)));
        vercel.stubFor(get("/v13/deployments/dpl_1?teamId=team_hub").willReturn(jsonResponse(BUILD, 200)));
        vercel.stubFor(get(DOMAIN).willReturn(jsonResponse(VERIFIED, 200)));
    }

    private static Record input(String action) {
        return switch (action) {
            case "vercel/create-project/1" -> new VercelActions.CreateProject("summit-docs", "hub-org/docs", 42);
            case "vercel/set-environment/1" -> new VercelActions.SetEnvironment("prj_1");
            case "vercel/deploy-production/1" ->
                new VercelActions.DeployProduction("prj_1", "summit-docs", 42, "main", "abc");
            case "vercel/connect-domain/1" ->
                new VercelActions.ConnectDomain(
                        "prj_1", "docs.summit.example", "a.vercel.app", URI.create("https://a.vercel.app"));
            default -> throw new AssertionError("No input for " + action);
        };
    }

    private ActionHandler<?, ?> handler(String action) {
        return handlers.stream()
                .filter(candidate -> candidate.action().name().equals(action))
                .findFirst()
                .orElseThrow();
    }

    private <I extends Record> void run(ActionHandler<I, ?> handler) {
        var action = handler.action();
        var context = new ClaimAnswer.Context(
                "hub-a", action.name(), AttemptMode.EXECUTE, 1, "main", null, Map.of("A", "b"), null);
        var ref = new AttemptRef(Attempts.DEPLOYMENT, "docs", "step", 1);
        var input = action.input().cast(input(action.name()));
        handler.run(new Attempt<>(action, ref, context, input, this::check, () -> {}));
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
