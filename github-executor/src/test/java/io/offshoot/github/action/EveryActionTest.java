package io.offshoot.github.action;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.delete;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.patch;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.RequestMethod;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.action.EffectClass;
import io.offshoot.contracts.action.EffectKey;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.claim.AttemptRef;
import io.offshoot.contracts.claim.ClaimAnswer;
import io.offshoot.contracts.github.GitHubActions;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.message.Finding.Kind;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.LeaseLostException;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.action.Undone;
import io.offshoot.github.Attempts;
import io.offshoot.github.GitHubResource;
import io.offshoot.github.api.GitHub;
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
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    private static final String MARK = "offshoot:0123456789abcdef0123456789abcdef";
    private static final String PULL_REQUEST = """
            {"number": 5, "html_url": "https://github.com/hub-org/docs/pull/5", "state": "open", "body": "%s"}""".formatted(MARK);
    private static final String GIT = "/repos/hub-org/docs/git";

    /** Writes of the first run, of a second, of a plan, an observation and an undo. */
    private static final String TABLE = """
            # action,                    class,   first, second, plan, observe, undo
            github/create-repository/1, NATURAL, 1, 0, 0, 0, 1
            github/await-contents/1,    UPSERT,  0, 0, 0, 0, 0
            github/commit-files/1,      UPSERT,  3, 1, 0, 0, 0
            github/set-secrets/1,       UPSERT,  1, 1, 0, 0, 1
            github/set-variables/1,     UPSERT,  1, 0, 0, 0, 1
            github/mark-repository/1,   UPSERT,  2, 0, 0, 0, 0
            github/preflight/1,         UPSERT,  0, 0, 0, 0, 0
            github/propose-update/1,    NATURAL, 1, 0, 0, 0, 1
            github/offer-repository/1,  UPSERT,  1, 0, 0, 0, 0
            github/await-repository/1,  UPSERT,  0, 0, 0, 0, 1
            """;

    @Inject
    @Any
    Instance<ActionHandler<?, ?>> handlers;

    WireMockServer github;

    /** Of all tests: a machine that is busy may be late by more than one. */
    private static final Set<UUID> EARLIER = ConcurrentHashMap.newKeySet();

    private final AtomicInteger checks = new AtomicInteger();
    private int checksToPass = Integer.MAX_VALUE;

    @BeforeEach
    void reset() {
        forgetAll();
        checks.set(0);
    }

    @Test
    void everyActionHasOneHandlerAndARowOfTheTable() {
        var declared = Arrays.stream(GitHubActions.class.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == Action.class)
                .map(EveryActionTest::valueOf)
                .map(Action::name)
                .toList();

        assertThat(TABLE.lines().filter(row -> !row.startsWith("#")).map(row -> row.split(",")[0]))
                .containsExactlyInAnyOrderElementsOf(declared);
        assertThat(handlers.stream().map(handler -> handler.action().name()))
                .containsExactlyInAnyOrderElementsOf(declared);
    }

    /** Every write is preceded by a look at the lease. */
    @ParameterizedTest
    @CsvSource(textBlock = TABLE)
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
    @CsvSource(textBlock = TABLE)
    void aLostLeaseIsFollowedByNoWrite(String action, EffectClass effectClass, int first) {
        for (checksToPass = 0; checksToPass < first; checksToPass++) {
            nothingIsThere();
            checks.set(0);

            assertThatThrownBy(() -> run(handler(action))).isInstanceOf(LeaseLostException.class);

            assertThat(writes()).isEqualTo(checksToPass);
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = TABLE)
    void aPlanOrAnObservationWritesNothing(
            String action, EffectClass effectClass, int first, int second, int plan, int observe) {
        for (Runnable world : List.<Runnable>of(this::nothingIsThere, this::allIsThere)) {
            world.run();
            plan(handler(action), null);

            assertThat(writes()).isEqualTo(plan);

            world.run();
            observe(handler(action));

            assertThat(writes()).isEqualTo(observe);
        }
        assertThat(checks.get()).isZero();
    }

    /** Costs are added up from what plans say. */
    @ParameterizedTest
    @CsvSource(textBlock = TABLE)
    void aPlanForetellsTheCallsOfTheRun(String action) {
        for (Runnable world : List.<Runnable>of(this::nothingIsThere, this::allIsThere)) {
            world.run();
            var finding = plan(handler(action), null);
            world.run();
            runToItsEnd(handler(action));

            assertThat(finding.kind()).isIn(Kind.CREATE, Kind.ADOPT, Kind.CHANGE, Kind.LEAVE);
            assertThat(finding.reads()).isEqualTo(reads());
            assertThat(finding.writes()).isEqualTo(writes());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "github/commit-files/1",
                "github/set-secrets/1",
                "github/set-variables/1",
                "github/mark-repository/1"
            })
    void whatLivesInARepositoryThatIsYetToBeMadeIsPlannedWithoutACall(String action) {
        nothingIsThere();
        var finding = plan(handler(action), List.of("repository", "repositoryId", "branch"));

        assertThat(calls()).isEmpty();
        assertThat(finding.kind()).isEqualTo(Kind.CREATE);

        runToItsEnd(handler(action));

        assertThat(finding.reads()).isEqualTo(reads());
        assertThat(finding.writes()).isEqualTo(writes());
    }

    /** Every write of it is preceded by a look at the lease, too. */
    @ParameterizedTest
    @CsvSource(textBlock = TABLE)
    void anUndoThatComesTwiceTakesBackOnce(
            String action, EffectClass effectClass, int first, int second, int plan, int observe, int undo) {
        allIsThere();
        var undone = undo(handler(action));

        assertThat(writes()).isEqualTo(undo);
        assertThat(checks.get()).isEqualTo(undo);

        allIsGone();
        var again = undo(handler(action));

        assertThat(writes()).isZero();
        if (undo > 0) {
            assertThat(undone.verb()).isIn(Effect.Verb.REMOVED, Effect.Verb.RETIRED);
            assertThat(again.verb()).isEqualTo(Effect.Verb.REMOVED);
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = TABLE)
    void anUndoWithoutALeaseWritesNothing(
            String action, EffectClass effectClass, int first, int second, int plan, int observe, int undo) {
        allIsThere();
        checksToPass = 0;

        var thrown = catchThrowable(() -> undo(handler(action)));

        assertThat(thrown instanceof LeaseLostException).isEqualTo(undo > 0);
        assertThat(writes()).isZero();
    }

    /** What cannot be read is not guessed: the kit makes of it what it is. */
    @ParameterizedTest
    @CsvSource(textBlock = TABLE)
    void aLookThatDoesNotGetThroughSaysSo(String action) {
        for (var refusal : Map.of(
                        429, FailureClass.THROTTLED,
                        500, FailureClass.RETRYABLE,
                        401, FailureClass.CREDENTIAL,
                        403, FailureClass.REFUSED)
                .entrySet()) {
            for (Runnable look : List.<Runnable>of(
                    () -> plan(handler(action), null), () -> observe(handler(action)), () -> undo(handler(action)))) {
                forgetAll();
                github.stubFor(any(anyUrl()).willReturn(jsonResponse("{}", refusal.getKey())));

                var thrown = catchThrowable(look::run);

                assertThat(writes()).isZero();
                if (calls().isEmpty()) {
                    assertThat(thrown).isNull();
                } else {
                    assertThat(thrown).isInstanceOfSatisfying(ProviderException.class, e -> assertThat(e.kind())
                            .isEqualTo(refusal.getValue()));
                    assertThat(calls()).hasSize(1);
                }
            }
        }
    }

    private void nothingIsThere() {
        forgetAll();
        github.stubFor(get("/repos/hub-org/summit-docs").willReturn(jsonResponse("{}", 404)));
        github.stubFor(get("/repositories/42").willReturn(jsonResponse("{}", 404)));
        github.stubFor(post("/repos/offshoot/docs-site/generate").willReturn(jsonResponse(REPOSITORY, 201)));
        theOrganisationAndUpstreamAreThere();
        branchIs("tree", "{}", 404);
        docsAre("Old");
        github.stubFor(get("/repos/hub-org/docs/topics").willReturn(jsonResponse("{\"names\":[]}", 200)));
        github.stubFor(get("/repos/hub-org/docs/actions/variables/SITE").willReturn(jsonResponse("{}", 404)));
        settingsAre("", 201);
        pullRequestsAre("[]");
        offeredIs("hub-org", "new-org");
    }

    private void allIsThere() {
        forgetAll();
        github.stubFor(get("/repos/hub-org/summit-docs").willReturn(jsonResponse(REPOSITORY, 200)));
        github.stubFor(get("/repositories/42").willReturn(jsonResponse(REPOSITORY, 200)));
        github.stubFor(patch(urlEqualTo("/repos/hub-org/summit-docs")).willReturn(jsonResponse(REPOSITORY, 200)));
        theOrganisationAndUpstreamAreThere();
        branchIs(
                "new-tree",
                "{\"sha\":\"%s\"}".formatted(GitHub.File.text("c.txt", "C").blob()),
                200);
        docsAre("Docs");
        github.stubFor(get("/repos/hub-org/docs/topics").willReturn(jsonResponse("{\"names\":[\"summit\"]}", 200)));
        github.stubFor(get("/repos/hub-org/docs/actions/variables/SITE")
                .willReturn(jsonResponse("{\"name\":\"SITE\",\"value\":\"https://docs.test\"}", 200)));
        settingsAre("{\"name\":\"API_TOKEN\"}", 204);
        pullRequestsAre("[%s]".formatted(PULL_REQUEST));
        offeredIs("new-org", "new-org");
    }

    /** As an undo leaves it, or somebody who was first. */
    private void allIsGone() {
        forgetAll();
        checks.set(0);
        github.stubFor(any(anyUrl()).willReturn(jsonResponse("{}", 404)));
    }

    private void settingsAre(String secrets, int status) {
        github.stubFor(get("/repos/hub-org/docs/actions/secrets/public-key")
                .willReturn(jsonResponse("{\"key_id\":\"1\",\"key\":\"%s\"}".formatted(SECRETS_KEY), 200)));
        github.stubFor(get("/repos/hub-org/docs/actions/secrets?per_page=100")
                .willReturn(jsonResponse("{\"secrets\":[%s]}".formatted(secrets), 200)));
        github.stubFor(put("/repos/hub-org/docs/actions/secrets/API_TOKEN")
                .willReturn(aResponse().withStatus(status)));
        github.stubFor(delete("/repos/hub-org/docs/actions/secrets/API_TOKEN")
                .willReturn(aResponse().withStatus(204)));
        github.stubFor(post("/repos/hub-org/docs/actions/variables").willReturn(jsonResponse("{}", 201)));
        github.stubFor(delete("/repos/hub-org/docs/actions/variables/SITE")
                .willReturn(aResponse().withStatus(204)));
        github.stubFor(put("/repos/hub-org/docs/topics").willReturn(jsonResponse("{\"names\":[\"summit\"]}", 200)));
        github.stubFor(patch(urlEqualTo("/repos/hub-org/docs")).willReturn(jsonResponse(docs("Docs"), 200)));
    }

    private void pullRequestsAre(String open) {
        github.stubFor(get(urlPathEqualTo("/repos/hub-org/docs/pulls")).willReturn(jsonResponse(open, 200)));
        github.stubFor(get("/repos/hub-org/docs/pulls/5").willReturn(jsonResponse(PULL_REQUEST, 200)));
        github.stubFor(patch(urlEqualTo("/repos/hub-org/docs/pulls/5")).willReturn(jsonResponse(PULL_REQUEST, 200)));
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
        github.stubFor(get(urlPathEqualTo("/repos/offshoot/docs-site/commits")).willReturn(jsonResponse("[]", 200)));
    }

    private void docsAre(String description) {
        github.stubFor(get("/repos/hub-org/docs").willReturn(jsonResponse(docs(description), 200)));
        github.stubFor(get("/repositories/7").willReturn(jsonResponse(docs(description), 200)));
    }

    private static String docs(String description) {
        return """
                {"id": 7, "full_name": "hub-org/docs", "html_url": "https://github.com/hub-org/docs",
                 "default_branch": "main", "description": "%s · %s"}""".formatted(description, MARK);
    }

    /** A repository that is offered, until it is: then it is at its new owner. */
    private void offeredIs(String owner, String then) {
        github.stubFor(get("/repos/new-org/offered").willReturn(jsonResponse("{}", 404)));
        github.stubFor(get("/repositories/8").inScenario("offer").willReturn(jsonResponse(offered(owner), 200)));
        github.stubFor(post("/repos/hub-org/offered/transfer")
                .inScenario("offer")
                .willReturn(jsonResponse(offered(owner), 202))
                .willSetStateTo("accepted"));
        github.stubFor(get("/repositories/8")
                .inScenario("offer")
                .whenScenarioStateIs("accepted")
                .willReturn(jsonResponse(offered(then), 200)));
    }

    private static String offered(String owner) {
        return """
                {"id": 8, "full_name": "%1$s/offered", "html_url": "https://github.com/%1$s/offered",
                 "default_branch": "main", "description": "%2$s"}""".formatted(owner, MARK);
    }

    /** A tree is known by its contents: making the same again makes nothing. */
    private void branchIs(String tree, String file, int fileStatus) {
        github.stubFor(get(GIT + "/ref/heads%2Fmain").willReturn(jsonResponse("{\"object\":{\"sha\":\"head\"}}", 200)));
        github.stubFor(get(GIT + "/commits/head")
                .willReturn(jsonResponse("{\"sha\":\"head\",\"tree\":{\"sha\":\"%s\"}}".formatted(tree), 200)));
        github.stubFor(get("/repos/hub-org/docs/contents/site.json?ref=main")
                .willReturn(jsonResponse("{\"type\":\"file\"}", 200)));
        github.stubFor(get("/repos/hub-org/docs/contents/c.txt?ref=main").willReturn(jsonResponse(file, fileStatus)));
        github.stubFor(post(GIT + "/trees").willReturn(jsonResponse("{\"sha\":\"new-tree\"}", 201)));
        github.stubFor(post(GIT + "/commits")
                .willReturn(jsonResponse("{\"sha\":\"new\",\"tree\":{\"sha\":\"new-tree\"}}", 201)));
        github.stubFor(
                patch(GIT + "/refs/heads%2Fmain").willReturn(jsonResponse("{\"object\":{\"sha\":\"new\"}}", 200)));
        github.stubFor(get(urlPathEqualTo("/repos/hub-org/docs/compare/new...main"))
                .willReturn(jsonResponse("{\"ahead_by\":0,\"behind_by\":0}", 200)));
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
            case "github/offer-repository/1" -> new GitHubActions.OfferRepository(8, MARK, "new-org");
            case "github/await-repository/1" -> new GitHubActions.AwaitRepository(7, "docs", MARK);
            default -> throw new AssertionError("No input for " + action);
        };
    }

    /** What the ledger has of it. */
    private static Effect resource(String action) {
        return switch (action) {
            case "github/create-repository/1" -> resource("repository", "42", "hub-org/summit-docs", "offshoot:" + KEY);
            case "github/commit-files/1" -> resource("commit", "new", "hub-org/docs", "Offshoot-Effect: " + KEY);
            case "github/set-secrets/1" -> resource("secret", "API_TOKEN", "hub-org/docs", null);
            case "github/set-variables/1" -> resource("variable", "SITE", "hub-org/docs", null);
            case "github/mark-repository/1" -> resource("repository-mark", "7", "hub-org/docs", null);
            case "github/propose-update/1" -> resource("pull-request", "5", "hub-org/docs", MARK);
            case "github/offer-repository/1" -> resource("repository-offer", "8", "hub-org/offered", null);
            case "github/await-repository/1" -> resource("repository", "7", "hub-org/docs", MARK);
            default -> resource("nothing", "1", "nothing", null);
        };
    }

    private static Effect resource(String kind, String id, String name, String mark) {
        return new Effect(KEY, kind, id, name, "hub-org", Effect.Verb.CREATED, mark, null);
    }

    private ActionHandler<?, ?> handler(String action) {
        return handlers.stream()
                .filter(candidate -> candidate.action().name().equals(action))
                .findFirst()
                .orElseThrow();
    }

    private <I extends Record> void run(ActionHandler<I, ?> handler) {
        handler.run(attempt(handler, AttemptMode.EXECUTE, null, null, this::check));
    }

    /** With as many looks as it asks for. */
    private <I extends Record, O extends Record> void runToItsEnd(ActionHandler<I, O> handler) {
        Outcome<O> outcome = handler.run(attempt(handler, AttemptMode.EXECUTE, null, null, () -> {}));
        while (outcome instanceof Outcome.Waiting<O> waiting) {
            outcome = handler.run(attempt(handler, AttemptMode.LOOK, waiting.checkpoint(), null, () -> {}));
        }
        assertThat(outcome.output()).isPresent();
    }

    private <I extends Record> Finding plan(ActionHandler<I, ?> handler, List<String> unknown) {
        return handler.plan(attempt(handler, AttemptMode.PLAN, null, unknown, this::check));
    }

    private <I extends Record> Finding observe(ActionHandler<I, ?> handler) {
        return handler.observe(
                attempt(handler, AttemptMode.OBSERVE, null, null, this::check),
                resource(handler.action().name()));
    }

    private <I extends Record> Undone undo(ActionHandler<I, ?> handler) {
        return handler.undo(
                attempt(handler, AttemptMode.UNDO, null, null, this::check),
                resource(handler.action().name()),
                Removal.ARCHIVE);
    }

    private static <I extends Record> Attempt<I> attempt(
            ActionHandler<I, ?> handler,
            AttemptMode mode,
            JsonNode checkpoint,
            List<String> unknown,
            Runnable beforeWrite) {
        var action = handler.action();
        var env = Map.of("API_TOKEN", "planted-secret");
        var context = new ClaimAnswer.Context(
                "hub-a",
                action.name(),
                mode,
                1,
                "main",
                null,
                env,
                checkpoint,
                null,
                unknown,
                null,
                null,
                null,
                null,
                null,
                null);
        var ref = new AttemptRef(Attempts.DEPLOYMENT, "docs", "step", 1);
        var input = action.input().cast(input(action.name()));
        return new Attempt<>(action, ref, context, input, beforeWrite, () -> {});
    }

    private void check() {
        if (checks.getAndIncrement() >= checksToPass) {
            throw new LeaseLostException();
        }
    }

    /** The end of a call can come into the journal after that was emptied: it is not to count for the next. */
    private void forgetAll() {
        github.getAllServeEvents().forEach(event -> EARLIER.add(event.getId()));
        github.resetAll();
    }

    private List<ServeEvent> calls() {
        return github.getAllServeEvents().stream()
                .filter(event -> !EARLIER.contains(event.getId()))
                // The orchestrator is at the same address.
                .filter(event -> !event.getRequest().getUrl().startsWith("/internal/"))
                .toList();
    }

    private int reads() {
        return calls().size() - writes();
    }

    private int writes() {
        return (int) calls().stream()
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
