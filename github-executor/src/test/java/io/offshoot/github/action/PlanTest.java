package io.offshoot.github.action;

import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.patch;
import static com.github.tomakehurst.wiremock.client.WireMock.patchRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.action.EffectKey;
import io.offshoot.contracts.github.GitHubActions;
import io.offshoot.contracts.github.GitHubActions.Source;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.message.Finding.Change;
import io.offshoot.contracts.message.Finding.FixedBy;
import io.offshoot.contracts.message.Finding.Kind;
import io.offshoot.contracts.message.Messages;
import io.offshoot.executorkit.action.NeedsPersonException;
import io.offshoot.github.Attempts;
import io.offshoot.github.GitHubResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What plans say would keep a run from its end, and what a run would change. */
@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(GitHubResource.class)
class PlanTest {

    private static final String KEY = EffectKey.named(Attempts.DEPLOYMENT, "docs", "step", "repository");
    private static final String TARGET = "/repos/hub-org/summit-docs";
    private static final String UPSTREAM = "/repos/offshoot/docs-site";

    @Inject
    CreateRepository create;

    @Inject
    CommitFiles commit;

    @Inject
    SetSecrets secrets;

    @Inject
    SetVariables variables;

    @Inject
    MarkRepository mark;

    @Inject
    ProposeUpdate propose;

    @Inject
    Preflight preflight;

    WireMockServer github;

    @BeforeEach
    void theNameIsFree() {
        github.resetAll();
        github.stubFor(get(TARGET).willReturn(jsonResponse("{}", 404)));
        github.stubFor(get("/repos/other-org/summit-docs").willReturn(jsonResponse("{}", 404)));
        upstreamIs("\"is_template\":true,\"allow_forking\":true");
        github.stubFor(
                get("/repos/hub-org/docs").willReturn(jsonResponse(repository("hub-org/docs", "Docs", ""), 200)));
    }

    @Test
    void aFreeNameIsToBeMade() {
        var plan = created(Source.TEMPLATE);

        assertThat(plan.kind()).isEqualTo(Kind.CREATE);
        assertThat(plan.name()).isEqualTo("hub-org/summit-docs");
        assertThat(plan.reads()).isEqualTo(1);
        assertThat(plan.writes()).isEqualTo(1);
    }

    @Test
    void aNameThatOnlyTheRunBringsIsNotLookedFor() {
        var plan = create.plan(
                Attempts.planning().notKnowing("name").of(GitHubActions.CREATE_REPOSITORY, input(Source.TEMPLATE)));

        assertThat(plan.kind()).isEqualTo(Kind.CREATE);
        assertThat(github.getAllServeEvents()).isEmpty();
    }

    @Test
    void aForkTakesOneWriteMoreForItsMarkAndSoDoesItsRun() {
        github.stubFor(
                post(UPSTREAM + "/forks").willReturn(jsonResponse(repository("hub-org/summit-docs", "", ""), 202)));
        github.stubFor(
                patch(urlEqualTo(TARGET)).willReturn(jsonResponse(repository("hub-org/summit-docs", "", ""), 200)));

        var plan = created(Source.FORK);
        var before = github.getAllServeEvents().size();
        create.run(Attempts.first().of(GitHubActions.CREATE_REPOSITORY, input(Source.FORK)));

        assertThat(plan.reads()).isEqualTo(1);
        assertThat(plan.writes()).isEqualTo(2);
        assertThat(github.getAllServeEvents()).hasSize(before + 3);
    }

    @Test
    void anArchivedRepositoryWithOurMarkIsTakenOutOfTheArchive() {
        github.stubFor(get(TARGET).willReturn(jsonResponse(ours(true), 200)));
        github.stubFor(patch(urlEqualTo(TARGET)).willReturn(jsonResponse(ours(false), 200)));

        var plan = created(Source.TEMPLATE);
        var before = github.getAllServeEvents().size();
        var outcome = create.run(Attempts.first().of(GitHubActions.CREATE_REPOSITORY, input(Source.TEMPLATE)));

        assertThat(plan.kind()).isEqualTo(Kind.ADOPT);
        assertThat(plan.changes()).containsExactly(new Change("/archived", "true", "false"));
        assertThat(plan.reads() + plan.writes())
                .isEqualTo(github.getAllServeEvents().size() - before);
        assertThat(outcome.effects()).extracting(Effect::verb).containsExactly(Effect.Verb.ADOPTED);
        github.verify(patchRequestedFor(urlEqualTo(TARGET)).withRequestBody(equalToJson("{\"archived\":false}")));
    }

    @Test
    void aRepositoryInTheWayBlocksAndIsShown() {
        github.stubFor(get(TARGET).willReturn(jsonResponse(repository("hub-org/summit-docs", "Theirs", ""), 200)));

        assertThatItIsBlocked(created(Source.TEMPLATE), "exists-and-is-not-ours", FixedBy.HUB, "Theirs");
        assertThat(created(Source.TEMPLATE).link()).isEqualTo(URI.create("https://github.com/hub-org/summit-docs"));
    }

    @Test
    void anUpstreamThatCannotBeUsedBlocks() {
        upstreamIs("\"is_template\":false,\"allow_forking\":false");

        assertThatItIsBlocked(created(Source.TEMPLATE), "not-a-template", FixedBy.OPERATOR, "offshoot/docs-site");
        assertThatItIsBlocked(created(Source.FORK), "forking-forbidden", FixedBy.OPERATOR, "offshoot/docs-site");

        github.stubFor(get(UPSTREAM).willReturn(jsonResponse("{}", 404)));

        assertThatItIsBlocked(created(Source.FORK), "upstream-not-visible", FixedBy.OPERATOR, "offshoot/docs-site");
    }

    @Test
    void anAppsMissingRightBlocksWithThePageWhereItIsGiven() {
        installationIs("\"administration\":\"read\",\"contents\":\"write\"", "all", "null");

        assertThatItIsBlocked(withApp(), "permission-missing", FixedBy.HUB, "administration");
        assertThat(withApp().link()).hasToString("https://github.com/organizations/other-org/settings/installations/7");

        installationIs("\"administration\":\"write\"", "selected", "null");

        assertThatItIsBlocked(withApp(), "repository-not-covered", FixedBy.HUB, "all repositories");
    }

    @Test
    void aFileOfAWorkflowNeedsARightOfItsOwn() {
        installationIs("\"contents\":\"write\"", "all", "null");
        var input =
                new GitHubActions.CommitFiles("other-org/docs", "main", "CI", Map.of(".github/workflows/a.yml", "x"));

        var plan = commit.plan(Attempts.planning().over("app").forHub("hub-b", GitHubActions.COMMIT_FILES, input));

        assertThatItIsBlocked(plan, "permission-missing", FixedBy.HUB, "workflows");
    }

    /** The kit makes a finding of it, with its link. */
    @Test
    void aSuspendedInstallationIsForAPerson() {
        installationIs("\"administration\":\"write\"", "all", "\"2026-11-20T00:00:00Z\"");

        assertThatThrownBy(this::withApp).isInstanceOf(NeedsPersonException.class);
    }

    @Test
    void filesThatDifferAreNamedByWhatGitCallsTheirContents() {
        github.stubFor(get("/repos/hub-org/docs/git/ref/heads%2Fmain")
                .willReturn(jsonResponse("{\"object\":{\"sha\":\"head\"}}", 200)));
        github.stubFor(get("/repos/hub-org/docs/git/commits/head")
                .willReturn(jsonResponse("{\"sha\":\"head\",\"tree\":{\"sha\":\"tree\"}}", 200)));
        github.stubFor(get("/repos/hub-org/docs/contents/same.txt?ref=main")
                .willReturn(jsonResponse("{\"sha\":\"8c7e5a667f1b771847fe88c01c3de34413a1b220\"}", 200)));
        github.stubFor(get("/repos/hub-org/docs/contents/other.txt?ref=main")
                .willReturn(jsonResponse("{\"sha\":\"old\"}", 200)));
        github.stubFor(get("/repos/hub-org/docs/contents/new.txt?ref=main").willReturn(jsonResponse("{}", 404)));

        var plan = commit.plan(Attempts.planning()
                .of(
                        GitHubActions.COMMIT_FILES,
                        new GitHubActions.CommitFiles(
                                "hub-org/docs",
                                "main",
                                "C",
                                Map.of("same.txt", "A", "other.txt", "A", "new.txt", "A"))));

        assertThat(plan.kind()).isEqualTo(Kind.CHANGE);
        assertThat(plan.changes())
                .containsExactly(
                        new Change("/files/new.txt", null, "8c7e5a667f1b771847fe88c01c3de34413a1b220"),
                        new Change("/files/other.txt", "old", "8c7e5a667f1b771847fe88c01c3de34413a1b220"));
    }

    @Test
    void secretsAreNamedAndTheirValuesAreNot() throws Exception {
        github.stubFor(get(urlPathEqualTo("/repos/hub-org/docs/actions/secrets"))
                .willReturn(jsonResponse("{\"secrets\":[{\"name\":\"API_TOKEN\"}]}", 200)));
        var input = new GitHubActions.SetSecrets("hub-org/docs", 42, List.of("API_TOKEN", "BOT_TOKEN"));
        var attempts = Attempts.planning().with(Map.of("API_TOKEN", "planted", "BOT_TOKEN", "planted"));

        var plan = secrets.plan(attempts.of(GitHubActions.SET_SECRETS, input));

        assertThat(plan.kind()).isEqualTo(Kind.CHANGE);
        assertThat(plan.changes())
                .extracting(Change::pointer)
                .containsExactly("/secrets/API_TOKEN", "/secrets/BOT_TOKEN");
        assertThat(Messages.json().writeValueAsString(plan)).doesNotContain("planted");
    }

    @Test
    void aSecretWithoutAValueBlocksBeforeAnyCall() {
        var input = new GitHubActions.SetSecrets("hub-org/docs", 42, List.of("API_TOKEN"));

        var plan = secrets.plan(Attempts.planning().of(GitHubActions.SET_SECRETS, input));

        assertThatItIsBlocked(plan, "value-missing", FixedBy.HUB, "API_TOKEN");
        assertThat(github.getAllServeEvents()).isEmpty();
    }

    @Test
    void onlyVariablesThatDifferAreToBeSet() throws Exception {
        github.stubFor(get("/repos/hub-org/docs/actions/variables/A")
                .willReturn(jsonResponse("{\"name\":\"A\",\"value\":\"planted-1\"}", 200)));
        github.stubFor(get("/repos/hub-org/docs/actions/variables/B")
                .willReturn(jsonResponse("{\"name\":\"B\",\"value\":\"planted-1\"}", 200)));
        github.stubFor(get("/repos/hub-org/docs/actions/variables/C").willReturn(jsonResponse("{}", 404)));
        var input = new GitHubActions.SetVariables(
                "hub-org/docs", 42, Map.of("A", "planted-1", "B", "planted-2", "C", "planted-3"));

        var plan = variables.plan(Attempts.planning().of(GitHubActions.SET_VARIABLES, input));

        assertThat(plan.kind()).isEqualTo(Kind.CHANGE);
        assertThat(plan.changes())
                .containsExactly(new Change("/variables/B", null, null), new Change("/variables/C", null, null));
        assertThat(plan.reads()).isEqualTo(4);
        assertThat(plan.writes()).isEqualTo(2);
        assertThat(Messages.json().writeValueAsString(plan)).doesNotContain("planted");
    }

    @Test
    void aDescriptionIsPlannedFieldByField() {
        github.stubFor(get("/repos/hub-org/docs/topics").willReturn(jsonResponse("{\"names\":[\"theirs\"]}", 200)));
        var input = new GitHubActions.MarkRepository("hub-org/docs", 42, "New", List.of("ours"));

        var plan = mark.plan(Attempts.planning().of(GitHubActions.MARK_REPOSITORY, input));

        assertThat(plan.changes())
                .containsExactly(
                        new Change("/topics", "theirs", "theirs, ours"), new Change("/description", "Docs", "New"));
    }

    @Test
    void anUpdateThatCannotBeBlocks() {
        github.stubFor(get(urlPathEqualTo("/repos/hub-org/docs/pulls")).willReturn(jsonResponse("[]", 200)));
        github.stubFor(get(urlPathEqualTo("/repos/hub-org/docs/compare/main...offshoot:main"))
                .willReturn(jsonResponse("{}", 404)));
        var input = new GitHubActions.ProposeUpdate("hub-org/docs", 42, "main", "offshoot/docs-site", "main");

        var plan = propose.plan(Attempts.planning().of(GitHubActions.PROPOSE_UPDATE, input));

        assertThatItIsBlocked(plan, "no-common-history", FixedBy.OPERATOR, "hub-org/docs");
    }

    @Test
    void aPreflightThatWouldFailBlocks() {
        github.stubFor(get("/user").willReturn(jsonResponse("{\"login\":\"robot\"}", 200)));
        github.stubFor(get("/orgs/hub-org/repos?per_page=1").willReturn(jsonResponse("[]", 200)));
        github.stubFor(get(TARGET).willReturn(jsonResponse(repository("hub-org/summit-docs", "Theirs", ""), 200)));
        var input =
                new GitHubActions.Preflight(Source.TEMPLATE, "offshoot/docs-site", "summit-docs", "step", List.of());

        var plan = preflight.plan(Attempts.planning().of(GitHubActions.PREFLIGHT, input));

        assertThatItIsBlocked(plan, "name-taken", FixedBy.HUB, "hub-org/summit-docs");
    }

    private Finding created(Source source) {
        return create.plan(Attempts.planning().of(GitHubActions.CREATE_REPOSITORY, input(source)));
    }

    private Finding withApp() {
        return create.plan(Attempts.planning()
                .over("app")
                .forHub("hub-b", GitHubActions.CREATE_REPOSITORY, input(Source.TEMPLATE)));
    }

    private static GitHubActions.CreateRepository input(Source source) {
        return new GitHubActions.CreateRepository(source, "offshoot/docs-site", "summit-docs");
    }

    private void upstreamIs(String flags) {
        github.stubFor(get(UPSTREAM).willReturn(jsonResponse(repository("offshoot/docs-site", "", "," + flags), 200)));
    }

    private void installationIs(String permissions, String selection, String suspendedAt) {
        github.stubFor(get("/app/installations/7")
                .willReturn(jsonResponse("""
                        {"id": 7, "account": {"login": "other-org"}, "permissions": {%s},
                         "repository_selection": "%s", "suspended_at": %s}""".formatted(permissions, selection, suspendedAt), 200)));
    }

    private static String ours(boolean archived) {
        return repository(
                "hub-org/summit-docs",
                "offshoot:" + KEY,
                ", \"archived\": %s, \"template_repository\": {\"full_name\": \"offshoot/docs-site\"}"
                        .formatted(archived));
    }

    private static String repository(String fullName, String description, String more) {
        return """
                {"id": 42, "full_name": "%1$s", "html_url": "https://github.com/%1$s", "default_branch": "main",
                 "description": "%2$s"%3$s}""".formatted(fullName, description, more);
    }

    private static void assertThatItIsBlocked(Finding plan, String code, FixedBy who, String words) {
        assertThat(plan.kind()).isEqualTo(Kind.BLOCKED);
        assertThat(plan.code()).isEqualTo(code);
        assertThat(plan.fixedBy()).isEqualTo(who);
        assertThat(plan.message()).contains(words);
    }
}
