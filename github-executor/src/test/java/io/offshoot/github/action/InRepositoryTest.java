package io.offshoot.github.action;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.delete;
import static com.github.tomakehurst.wiremock.client.WireMock.deleteRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.patch;
import static com.github.tomakehurst.wiremock.client.WireMock.patchRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlMatching;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.github.GitHubActions;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.message.Finding.Change;
import io.offshoot.contracts.message.Finding.Kind;
import io.offshoot.contracts.message.Messages;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.action.Undone;
import io.offshoot.github.Attempts;
import io.offshoot.github.GitHubResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is in a repository, looked at and taken back: it is ours as long as the repository is. */
@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(GitHubResource.class)
class InRepositoryTest {

    private static final String MARK = "offshoot:0123456789abcdef0123456789abcdef";
    private static final String DOCS = "/repos/hub-org/docs";
    private static final String BY_ID = "/repositories/42";

    @Inject
    SetSecrets secrets;

    @Inject
    SetVariables variables;

    @Inject
    ProposeUpdate updates;

    @Inject
    CommitFiles commits;

    @Inject
    MarkRepository marks;

    WireMockServer github;

    @BeforeEach
    void allIsThere() {
        github.resetAll();
        repositoryIs("hub-org/docs", MARK, false);
        secretsAre("API_TOKEN");
        variableIs("https://docs.test");
        pullRequestIs("open", "null", MARK);
        github.stubFor(delete(DOCS + "/actions/secrets/API_TOKEN")
                .willReturn(aResponse().withStatus(204)));
        github.stubFor(
                delete(DOCS + "/actions/variables/SITE").willReturn(aResponse().withStatus(204)));
        github.stubFor(patch(urlEqualTo(DOCS + "/pulls/5"))
                .willReturn(jsonResponse(pullRequest("closed", "null", MARK), 200)));
    }

    @Test
    void aSecretIsLookedForByItsName() {
        assertThat(secretObserved().kind()).isEqualTo(Kind.SAME);

        secretsAre("OTHER");

        assertThat(secretObserved().kind()).isEqualTo(Kind.MISSING);
    }

    @Test
    void aVariableThatSomebodyChangedIsNamedAndItsValueIsNot() throws Exception {
        variableIs("planted");

        var finding = variableObserved();

        assertThat(finding.kind()).isEqualTo(Kind.CHANGED);
        assertThat(finding.changes()).containsExactly(new Change("/variables/SITE", null, null));
        assertThat(Messages.json().writeValueAsString(finding)).doesNotContain("planted", "docs.test");
    }

    @Test
    void aVariableIsTheSameOrMissing() {
        assertThat(variableObserved().kind()).isEqualTo(Kind.SAME);

        github.stubFor(get(DOCS + "/actions/variables/SITE").willReturn(jsonResponse("{}", 404)));

        assertThat(variableObserved().kind()).isEqualTo(Kind.MISSING);
    }

    @ParameterizedTest
    @CsvSource({
        "open, null, SAME, ''",
        "closed, null, CHANGED, closed",
        "closed, '\"2026-11-21T10:00:00Z\"', CHANGED, merged"
    })
    void aPullRequestIsOpenOrSaysWhatBecameOfIt(String state, String mergedAt, Kind kind, String word) {
        pullRequestIs(state, mergedAt, MARK);

        var finding = updateObserved();

        assertThat(finding.kind()).isEqualTo(kind);
        assertThat(finding.message()).contains(word);
    }

    @ParameterizedTest
    @CsvSource({"0, SAME", "2, MISSING"})
    void aCommitIsThereAsLongAsItsBranchHasIt(int behind, Kind kind) {
        github.stubFor(get(urlPathEqualTo(DOCS + "/compare/new...main"))
                .willReturn(jsonResponse("{\"ahead_by\":4,\"behind_by\":%d}".formatted(behind), 200)));

        assertThat(commitObserved().kind()).isEqualTo(kind);
    }

    @Test
    void aCommitIsMissingWhereItsBranchIs() {
        github.stubFor(get(urlPathEqualTo(DOCS + "/compare/new...main")).willReturn(jsonResponse("{}", 404)));

        assertThat(commitObserved().kind()).isEqualTo(Kind.MISSING);
    }

    @Test
    void aDescriptionOrTopicThatSomebodyTookAwayIsNamed() {
        github.stubFor(get(DOCS).willReturn(jsonResponse(repository("hub-org/docs", "Mine · " + MARK, false), 200)));
        github.stubFor(get(DOCS + "/topics").willReturn(jsonResponse("{\"names\":[\"theirs\"]}", 200)));

        var finding = marks.observe(
                Attempts.observing()
                        .of(
                                GitHubActions.MARK_REPOSITORY,
                                new GitHubActions.MarkRepository("hub-org/docs", 42, "Docs", List.of("summit"))),
                resource("repository-mark", "42", null));

        assertThat(finding.kind()).isEqualTo(Kind.CHANGED);
        assertThat(finding.changes())
                .containsExactly(
                        new Change("/topics", "theirs, summit", "theirs"),
                        new Change("/description", "Docs · " + MARK, "Mine · " + MARK));
    }

    @Test
    void whatIsInARepositoryThatIsGoneOrElsewhereIsNotLookedFor() {
        repositoryIs("other-org/docs", MARK, false);

        assertThat(secretObserved().kind()).isEqualTo(Kind.MOVED);
        assertThat(variableObserved().kind()).isEqualTo(Kind.MOVED);

        github.stubFor(get(BY_ID).willReturn(jsonResponse("{}", 404)));

        assertThat(updateObserved().kind()).isEqualTo(Kind.MISSING);
        assertThat(github.getAllServeEvents()).hasSize(3);
    }

    @Test
    void secretsAndVariablesAreDeletedByName() {
        assertThat(secretUndone()).isEqualTo(Undone.removed());
        assertThat(variableUndone()).isEqualTo(Undone.removed());
        github.verify(1, deleteRequestedFor(urlEqualTo(DOCS + "/actions/secrets/API_TOKEN")));
        github.verify(1, deleteRequestedFor(urlEqualTo(DOCS + "/actions/variables/SITE")));
    }

    @Test
    void whatIsGoneAlreadyIsDone() {
        github.stubFor(delete(DOCS + "/actions/secrets/API_TOKEN").willReturn(jsonResponse("{}", 404)));
        github.stubFor(delete(DOCS + "/actions/variables/SITE").willReturn(jsonResponse("{}", 404)));
        github.stubFor(get(DOCS + "/pulls/5").willReturn(jsonResponse("{}", 404)));

        assertThat(secretUndone()).isEqualTo(Undone.removed());
        assertThat(variableUndone()).isEqualTo(Undone.removed());
        assertThat(updateUndone()).isEqualTo(Undone.removed());
    }

    @Test
    void whatWasInARepositoryThatIsGoneIsGone() {
        github.stubFor(get(BY_ID).willReturn(jsonResponse("{}", 404)));

        assertThat(List.of(secretUndone(), variableUndone(), updateUndone())).containsOnly(Undone.removed());
        assertNothingWasWritten();
    }

    @ParameterizedTest
    @CsvSource({
        "other-org/docs, offshoot:0123456789abcdef0123456789abcdef, false, now other-org/docs",
        "hub-org/docs, Mine, false, no longer has a mark",
        "hub-org/docs, offshoot:0123456789abcdef0123456789abcdef, true, archived"
    })
    void whatIsInARepositoryThatIsNotOursOrOnlyReadIsLeft(
            String fullName, String description, boolean archived, String why) {
        repositoryIs(fullName, description, archived);

        assertThat(List.of(secretUndone(), variableUndone(), updateUndone())).allSatisfy(undone -> {
            assertThat(undone.verb()).isEqualTo(Effect.Verb.LEFT);
            assertThat(undone.why()).contains(why);
        });
        assertNothingWasWritten();
    }

    @Test
    void ourOpenPullRequestIsClosed() {
        assertThat(updateUndone()).isEqualTo(Undone.retired());
        github.verify(patchRequestedFor(urlEqualTo(DOCS + "/pulls/5"))
                .withRequestBody(equalToJson("{\"state\":\"closed\"}")));
    }

    @Test
    void aPullRequestThatIsClosedAlreadyIsNotClosedAgain() {
        pullRequestIs("closed", "null", MARK);

        assertThat(updateUndone()).isEqualTo(Undone.retired());
        assertNothingWasWritten();
    }

    @Test
    void aPullRequestThatWasMergedOrIsNotOursIsLeft() {
        pullRequestIs("closed", "\"2026-11-21T10:00:00Z\"", MARK);
        var merged = updateUndone();
        pullRequestIs("open", "null", "By hand");
        var theirs = updateUndone();

        assertThat(List.of(merged.verb(), theirs.verb())).containsOnly(Effect.Verb.LEFT);
        assertNothingWasWritten();
    }

    @Test
    void whatWasThereBeforeIsLeftWithoutALook() {
        var found = new Effect("key", "secret", "API_TOKEN", "hub-org/docs", "hub-org", Effect.Verb.OBSERVED);

        assertThat(secrets.undo(secretsAttempt(Attempts.undoing()), found, Removal.DELETE)
                        .verb())
                .isEqualTo(Effect.Verb.LEFT);
        assertThat(github.getAllServeEvents()).isEmpty();
    }

    /** The number is made up where the steps before are to run again: nothing is concluded from it. */
    @Test
    void whatIsInARepositoryThatIsNotKnownAnyMoreIsLeftWithoutALook() {
        var undone = secrets.undo(
                secretsAttempt(Attempts.undoing().notKnowing("repositoryId")),
                resource("secret", "API_TOKEN", null),
                Removal.DELETE);
        var observed = variables.observe(
                variablesAttempt(Attempts.observing().notKnowing("repository")), resource("variable", "SITE", null));
        var commit = commits.observe(
                Attempts.observing().notKnowing("branch").of(GitHubActions.COMMIT_FILES, files()),
                resource("commit", "new", null));

        assertThat(undone.verb()).isEqualTo(Effect.Verb.LEFT);
        assertThat(List.of(observed.kind(), commit.kind())).containsOnly(Kind.UNREAD);
        assertThat(github.getAllServeEvents()).isEmpty();
    }

    @Test
    void aVariableWhoseValueOnlyARunBringsIsLookedForByItsName() {
        variableIs("other");

        var observed = variables.observe(
                variablesAttempt(Attempts.observing().notKnowing("variables")), resource("variable", "SITE", null));

        assertThat(observed.kind()).isEqualTo(Kind.SAME);
    }

    @Test
    void aCommitAndADescriptionGoWithTheirRepository() {
        var commit = commits.undo(
                Attempts.undoing().of(GitHubActions.COMMIT_FILES, files()),
                resource("commit", "new", null),
                Removal.DELETE);
        var mark = marks.undo(
                Attempts.undoing()
                        .of(
                                GitHubActions.MARK_REPOSITORY,
                                new GitHubActions.MarkRepository("hub-org/docs", 42, "Docs", List.of())),
                resource("repository-mark", "42", null),
                Removal.DELETE);

        assertThat(List.of(commit.verb(), mark.verb())).containsOnly(Effect.Verb.LEFT);
        assertThat(commit.why()).contains("goes with the repository");
        assertThat(github.getAllServeEvents()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"429, THROTTLED", "401, CREDENTIAL", "403, REFUSED", "500, UNCERTAIN"})
    void whatTheProviderSaysToTheWriteIsHandedOn(int status, FailureClass kind) {
        github.stubFor(delete(urlMatching(DOCS + "/actions/.*")).willReturn(jsonResponse("{}", status)));
        github.stubFor(patch(urlEqualTo(DOCS + "/pulls/5")).willReturn(jsonResponse("{}", status)));

        for (Runnable undo : List.<Runnable>of(this::secretUndone, this::variableUndone, this::updateUndone)) {
            assertThatThrownBy(undo::run).isInstanceOfSatisfying(ProviderException.class, e -> assertThat(e.kind())
                    .isEqualTo(kind));
        }
    }

    private Finding secretObserved() {
        return secrets.observe(secretsAttempt(Attempts.observing()), resource("secret", "API_TOKEN", null));
    }

    private Undone secretUndone() {
        return secrets.undo(secretsAttempt(Attempts.undoing()), resource("secret", "API_TOKEN", null), Removal.ARCHIVE);
    }

    private static Attempt<GitHubActions.SetSecrets> secretsAttempt(Attempts attempts) {
        return attempts.of(
                GitHubActions.SET_SECRETS, new GitHubActions.SetSecrets("hub-org/docs", 42, List.of("API_TOKEN")));
    }

    private Finding variableObserved() {
        return variables.observe(variablesAttempt(Attempts.observing()), resource("variable", "SITE", null));
    }

    private Undone variableUndone() {
        return variables.undo(
                variablesAttempt(Attempts.undoing()), resource("variable", "SITE", null), Removal.ARCHIVE);
    }

    private static Attempt<GitHubActions.SetVariables> variablesAttempt(Attempts attempts) {
        return attempts.of(
                GitHubActions.SET_VARIABLES,
                new GitHubActions.SetVariables("hub-org/docs", 42, Map.of("SITE", "https://docs.test")));
    }

    private Finding updateObserved() {
        return updates.observe(
                Attempts.observing().of(GitHubActions.PROPOSE_UPDATE, update()), resource("pull-request", "5", MARK));
    }

    private Undone updateUndone() {
        return updates.undo(
                Attempts.undoing().of(GitHubActions.PROPOSE_UPDATE, update()),
                resource("pull-request", "5", MARK),
                Removal.ARCHIVE);
    }

    private static GitHubActions.ProposeUpdate update() {
        return new GitHubActions.ProposeUpdate("hub-org/docs", 42, "main", "offshoot/docs-site", "main");
    }

    private Finding commitObserved() {
        return commits.observe(
                Attempts.observing().of(GitHubActions.COMMIT_FILES, files()), resource("commit", "new", null));
    }

    private static GitHubActions.CommitFiles files() {
        return new GitHubActions.CommitFiles("hub-org/docs", "main", "Customise", Map.of("a.txt", "A"));
    }

    private static Effect resource(String kind, String id, String mark) {
        return new Effect("key", kind, id, "hub-org/docs", "hub-org", Effect.Verb.CREATED, mark, null);
    }

    private void repositoryIs(String fullName, String description, boolean archived) {
        github.stubFor(get(BY_ID).willReturn(jsonResponse(repository(fullName, description, archived), 200)));
    }

    private static String repository(String fullName, String description, boolean archived) {
        return """
                {"id": 42, "full_name": "%1$s", "html_url": "https://github.com/%1$s", "description": "%2$s",
                 "archived": %3$s}""".formatted(fullName, description, archived);
    }

    private void secretsAre(String name) {
        github.stubFor(get(urlPathEqualTo(DOCS + "/actions/secrets"))
                .willReturn(jsonResponse("{\"secrets\":[{\"name\":\"%s\"}]}".formatted(name), 200)));
    }

    private void variableIs(String value) {
        github.stubFor(get(DOCS + "/actions/variables/SITE")
                .willReturn(jsonResponse("{\"name\":\"SITE\",\"value\":\"%s\"}".formatted(value), 200)));
    }

    private void pullRequestIs(String state, String mergedAt, String body) {
        github.stubFor(get(DOCS + "/pulls/5").willReturn(jsonResponse(pullRequest(state, mergedAt, body), 200)));
    }

    private static String pullRequest(String state, String mergedAt, String body) {
        return """
                {"number": 5, "html_url": "https://github.com/hub-org/docs/pull/5", "state": "%s", "merged_at": %s,
                 "body": "%s"}""".formatted(state, mergedAt, body);
    }

    private void assertNothingWasWritten() {
        assertThat(github.getAllServeEvents())
                .allSatisfy(call ->
                        assertThat(call.getRequest().getMethod().value()).isEqualTo("GET"));
    }
}
