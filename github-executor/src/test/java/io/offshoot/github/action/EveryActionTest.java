package io.offshoot.github.action;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.patch;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
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
import io.offshoot.contracts.github.GitHubActions;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.LeaseLostException;
import io.offshoot.github.Attempts;
import io.offshoot.github.GitHubResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every action promises, in one table: its effect class, and what it writes when it is run a second time. */
@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(GitHubResource.class)
class EveryActionTest {

    private static final String KEY = EffectKey.named(Attempts.DEPLOYMENT, "docs", "step", "repository");
    private static final String REPOSITORY = """
            {"id": 42, "full_name": "hub-org/summit-docs", "default_branch": "main", "owner": {"login": "hub-org"},
             "html_url": "https://github.com/hub-org/summit-docs", "description": "offshoot:%s",
             "template_repository": {"full_name": "offshoot/docs-site"}}""".formatted(KEY);
    /** X25519's base point: any key does that a message can be sealed with. */
    private static final String SECRETS_KEY = "CQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    private static final String PULL_REQUEST = "{\"number\":5,\"html_url\":\"https://github.com/hub-org/docs/pull/5\"}";
    private static final String GIT = "/repos/hub-org/docs/git";

    @Inject
    @Any
    Instance<ActionHandler<?, ?>> handlers;

    WireMockServer github;

    private final AtomicInteger checks = new AtomicInteger();
    private int checksToPass = Integer.MAX_VALUE;

    @BeforeEach
    void reset() {
        github.resetAll();
    }

    @Test
    void everyActionHasOneHandlerAndARowOfTheTable() throws Exception {
        var rows = getClass()
                .getDeclaredMethod(
                        "aSecondRunWritesWhatItsClassAllows", String.class, EffectClass.class, int.class, int.class)
                .getAnnotation(CsvSource.class)
                .value();

        var declared = Arrays.stream(GitHubActions.class.getFields())
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
        "github/create-repository/1, NATURAL, 1, 0",
        "github/await-contents/1,    UPSERT,  0, 0",
        "github/commit-files/1,      UPSERT,  3, 1",
        "github/set-secrets/1,       UPSERT,  1, 1",
        "github/set-variables/1,     UPSERT,  1, 0",
        "github/mark-repository/1,   UPSERT,  2, 0",
        "github/preflight/1,         UPSERT,  0, 0",
        "github/propose-update/1,    NATURAL, 1, 0"
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
        "github/create-repository/1, NATURAL, 1, 0",
        "github/await-contents/1,    UPSERT,  0, 0",
        "github/commit-files/1,      UPSERT,  3, 1",
        "github/set-secrets/1,       UPSERT,  1, 1",
        "github/set-variables/1,     UPSERT,  1, 0",
        "github/mark-repository/1,   UPSERT,  2, 0",
        "github/preflight/1,         UPSERT,  0, 0",
        "github/propose-update/1,    NATURAL, 1, 0"
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
        github.resetAll();
        github.stubFor(get("/repos/hub-org/summit-docs").willReturn(jsonResponse("{}", 404)));
        github.stubFor(post("/repos/offshoot/docs-site/generate").willReturn(jsonResponse(REPOSITORY, 201)));
        theOrganisationAndUpstreamAreThere();
        branchIs("tree");
        github.stubFor(get("/repos/hub-org/docs").willReturn(jsonResponse(docs("Old"), 200)));
        github.stubFor(get("/repos/hub-org/docs/topics").willReturn(jsonResponse("{\"names\":[]}", 200)));
        github.stubFor(get("/repos/hub-org/docs/actions/variables/SITE").willReturn(jsonResponse("{}", 404)));
        settingsAreTaken(201);
        pullRequestsAre("[]");
    }

    private void allIsThere() {
        github.resetAll();
        github.stubFor(get("/repos/hub-org/summit-docs").willReturn(jsonResponse(REPOSITORY, 200)));
        theOrganisationAndUpstreamAreThere();
        branchIs("new-tree");
        github.stubFor(get("/repos/hub-org/docs").willReturn(jsonResponse(docs("Docs"), 200)));
        github.stubFor(get("/repos/hub-org/docs/topics").willReturn(jsonResponse("{\"names\":[\"summit\"]}", 200)));
        github.stubFor(get("/repos/hub-org/docs/actions/variables/SITE")
                .willReturn(jsonResponse("{\"name\":\"SITE\",\"value\":\"https://docs.test\"}", 200)));
        settingsAreTaken(204);
        pullRequestsAre("[%s]".formatted(PULL_REQUEST));
    }

    private void settingsAreTaken(int status) {
        github.stubFor(get("/repos/hub-org/docs/actions/secrets/public-key")
                .willReturn(jsonResponse("{\"key_id\":\"1\",\"key\":\"%s\"}".formatted(SECRETS_KEY), 200)));
        github.stubFor(put("/repos/hub-org/docs/actions/secrets/API_TOKEN")
                .willReturn(aResponse().withStatus(status)));
        github.stubFor(post("/repos/hub-org/docs/actions/variables").willReturn(jsonResponse("{}", 201)));
        github.stubFor(put("/repos/hub-org/docs/topics").willReturn(jsonResponse("{\"names\":[\"summit\"]}", 200)));
        github.stubFor(patch("/repos/hub-org/docs").willReturn(jsonResponse(docs("Docs"), 200)));
    }

    private void pullRequestsAre(String open) {
        github.stubFor(get(urlPathEqualTo("/repos/hub-org/docs/pulls")).willReturn(jsonResponse(open, 200)));
        github.stubFor(get(urlPathEqualTo("/repos/hub-org/docs/compare/main...offshoot:main"))
                .willReturn(jsonResponse("{\"ahead_by\":1}", 200)));
        github.stubFor(post("/repos/hub-org/docs/pulls").willReturn(jsonResponse(PULL_REQUEST, 201)));
    }

    private void theOrganisationAndUpstreamAreThere() {
        github.stubFor(get("/user").willReturn(jsonResponse("{\"login\":\"robot\"}", 200)));
        github.stubFor(get("/orgs/hub-org/repos?per_page=1").willReturn(jsonResponse("[]", 200)));
        github.stubFor(get("/repos/offshoot/docs-site").willReturn(jsonResponse("""
                        {"id": 1, "full_name": "offshoot/docs-site", "is_template": true,
                         "html_url": "https://github.com/offshoot/docs-site"}""", 200)));
    }

    private static String docs(String description) {
        return """
                {"id": 7, "full_name": "hub-org/docs", "html_url": "https://github.com/hub-org/docs",
                 "description": "%s"}""".formatted(description);
    }

    /** A tree is known by its contents: making the same again makes nothing. */
    private void branchIs(String tree) {
        github.stubFor(get(GIT + "/ref/heads%2Fmain").willReturn(jsonResponse("{\"object\":{\"sha\":\"head\"}}", 200)));
        github.stubFor(get(GIT + "/commits/head")
                .willReturn(jsonResponse("{\"sha\":\"head\",\"tree\":{\"sha\":\"%s\"}}".formatted(tree), 200)));
        github.stubFor(get("/repos/hub-org/docs/contents/site.json?ref=main")
                .willReturn(jsonResponse("{\"type\":\"file\"}", 200)));
        github.stubFor(post(GIT + "/trees").willReturn(jsonResponse("{\"sha\":\"new-tree\"}", 201)));
        github.stubFor(post(GIT + "/commits")
                .willReturn(jsonResponse("{\"sha\":\"new\",\"tree\":{\"sha\":\"new-tree\"}}", 201)));
        github.stubFor(
                patch(GIT + "/refs/heads%2Fmain").willReturn(jsonResponse("{\"object\":{\"sha\":\"new\"}}", 200)));
    }

    private static Record input(String action) {
        return switch (action) {
            case "github/create-repository/1" ->
                new GitHubActions.CreateRepository(GitHubActions.Source.TEMPLATE, "offshoot/docs-site", "summit-docs");
            case "github/await-contents/1" -> new GitHubActions.AwaitContents("hub-org/docs", "main", "site.json");
            case "github/commit-files/1" ->
                new GitHubActions.CommitFiles("hub-org/docs", "main", "Customise", Map.of("c.txt", "C"));
            case "github/set-secrets/1" -> new GitHubActions.SetSecrets("hub-org/docs", 7, List.of("API_TOKEN"));
            case "github/set-variables/1" ->
                new GitHubActions.SetVariables("hub-org/docs", 7, Map.of("SITE", "https://docs.test"));
            case "github/mark-repository/1" ->
                new GitHubActions.MarkRepository("hub-org/docs", 7, "Docs", List.of("summit"));
            case "github/preflight/1" ->
                new GitHubActions.Preflight(
                        GitHubActions.Source.TEMPLATE, "offshoot/docs-site", "summit-docs", "step", List.of());
            case "github/propose-update/1" ->
                new GitHubActions.ProposeUpdate("hub-org/docs", 7, "main", "offshoot/docs-site", "main");
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
        var env = Map.of("API_TOKEN", "planted-secret");
        var context = new ClaimAnswer.Context("hub-a", action.name(), AttemptMode.EXECUTE, 1, "main", null, env, null);
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
        return (int) github.getAllServeEvents().stream()
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
