package io.offshoot.github.action;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.delete;
import static com.github.tomakehurst.wiremock.client.WireMock.deleteRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.patch;
import static com.github.tomakehurst.wiremock.client.WireMock.patchRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.action.EffectKey;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.github.GitHubActions;
import io.offshoot.contracts.github.GitHubActions.Source;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.message.Finding.Change;
import io.offshoot.contracts.message.Finding.Kind;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.action.Undone;
import io.offshoot.github.Attempts;
import io.offshoot.github.GitHubResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A repository that the ledger has, looked at and taken back. */
@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(GitHubResource.class)
class OwnedRepositoryTest {

    private static final String KEY = EffectKey.named(Attempts.DEPLOYMENT, "docs", "step", "repository");
    private static final String MARKED = "Made by Offshoot for docs · offshoot:" + KEY;
    private static final String DOCS = "/repos/hub-org/docs";
    private static final String BY_ID = "/repositories/42";

    @Inject
    CreateRepository action;

    WireMockServer github;

    @BeforeEach
    void repository() {
        github.resetAll();
        github.stubFor(get(BY_ID).willReturn(jsonResponse(copy("hub-org/docs", MARKED, false), 200)));
        github.stubFor(get(urlPathEqualTo("/repos/offshoot/docs-site/commits")).willReturn(jsonResponse("[]", 200)));
        github.stubFor(patch(urlEqualTo(DOCS)).willReturn(jsonResponse(copy("hub-org/docs", MARKED, true), 200)));
        github.stubFor(delete(DOCS).willReturn(aResponse().withStatus(204)));
    }

    @Test
    void whatIsAsWeLeftItIsTheSame() {
        assertThat(observed().kind()).isEqualTo(Kind.SAME);
    }

    @Test
    void whatIsGoneIsMissing() {
        github.stubFor(get(BY_ID).willReturn(jsonResponse("{}", 404)));

        assertThat(observed().kind()).isEqualTo(Kind.MISSING);
    }

    @Test
    void whatHasAnotherOwnerOrNameHasMoved() {
        github.stubFor(get(BY_ID).willReturn(jsonResponse(copy("other-org/docs", MARKED, false), 200)));

        var finding = observed();

        assertThat(finding.kind()).isEqualTo(Kind.MOVED);
        assertThat(finding.changes()).containsExactly(new Change("/full_name", "hub-org/docs", "other-org/docs"));
    }

    @Test
    void everyChangedSettingIsNamed() {
        github.stubFor(get(BY_ID).willReturn(jsonResponse(copy("hub-org/docs", "Mine", true), 200)));

        var finding = observed();

        assertThat(finding.kind()).isEqualTo(Kind.CHANGED);
        assertThat(finding.changes())
                .containsExactly(
                        new Change("/description", "offshoot:" + KEY, "Mine"),
                        new Change("/archived", "false", "true"));
    }

    @Test
    void aForkIsBehindByTheCommitsThatItHasNot() {
        github.stubFor(get(BY_ID).willReturn(jsonResponse(fork("offshoot"), 200)));
        github.stubFor(get(urlPathEqualTo(DOCS + "/compare/main...offshoot:trunk"))
                .willReturn(jsonResponse("{\"ahead_by\":3,\"behind_by\":1}", 200)));

        var finding = observed();

        assertThat(finding.kind()).isEqualTo(Kind.BEHIND);
        assertThat(finding.message()).contains("offshoot/docs-site", "3 commits");
    }

    @Test
    void anUpstreamInTheSameOrganisationIsNotMistakenForTheForksOwnBranch() {
        github.stubFor(get(BY_ID).willReturn(jsonResponse(fork("hub-org"), 200)));

        var finding = action.observe(
                Attempts.observing().of(GitHubActions.CREATE_REPOSITORY, input("hub-org/docs-site")),
                resource(Effect.Verb.CREATED));

        assertThat(finding.kind()).isEqualTo(Kind.SAME);
        assertThat(github.getAllServeEvents()).hasSize(1);
    }

    @Test
    void aCopyIsBehindByTheCommitsThatItsTemplateGotSinceItsBirth() {
        github.stubFor(get(urlPathEqualTo("/repos/offshoot/docs-site/commits"))
                .withQueryParam("since", equalTo("2026-11-21T10:00:06Z"))
                .willReturn(jsonResponse("[{},{}]", 200)));

        var finding = observed();

        assertThat(finding.kind()).isEqualTo(Kind.BEHIND);
        assertThat(finding.message()).contains("2 commits");
    }

    @Test
    void anUndoArchivesWhatIsOurs() {
        assertThat(undone(Removal.ARCHIVE)).isEqualTo(Undone.retired());
        github.verify(patchRequestedFor(urlEqualTo(DOCS)).withRequestBody(equalToJson("{\"archived\":true}")));
    }

    @Test
    void whatIsArchivedAlreadyIsNotArchivedAgain() {
        github.stubFor(get(BY_ID).willReturn(jsonResponse(copy("hub-org/docs", MARKED, true), 200)));

        assertThat(undone(Removal.ARCHIVE)).isEqualTo(Undone.retired());
        assertNothingWasWritten();
    }

    @Test
    void anUndoDeletesUnderTheNameThatItHasNow() {
        github.stubFor(get(BY_ID).willReturn(jsonResponse(copy("hub-org/handbook", MARKED, false), 200)));
        github.stubFor(delete("/repos/hub-org/handbook").willReturn(aResponse().withStatus(204)));

        assertThat(undone(Removal.DELETE)).isEqualTo(Undone.removed());
        github.verify(1, deleteRequestedFor(urlEqualTo("/repos/hub-org/handbook")));
    }

    @ParameterizedTest
    @EnumSource(Removal.class)
    void whatIsGoneAlreadyIsDone(Removal how) {
        github.stubFor(get(BY_ID).willReturn(jsonResponse("{}", 404)));

        assertThat(undone(how)).isEqualTo(Undone.removed());
        assertNothingWasWritten();
    }

    @Test
    void whatSomebodyDeletesInBetweenIsDone() {
        github.stubFor(delete(DOCS).willReturn(jsonResponse("{}", 404)));

        assertThat(undone(Removal.DELETE)).isEqualTo(Undone.removed());
    }

    @Test
    void whereTheOrganisationForbidsDeletingItIsArchived() {
        github.stubFor(delete(DOCS)
                .willReturn(jsonResponse("{\"message\":\"Organization members cannot delete repositories.\"}", 403)));

        assertThat(undone(Removal.DELETE)).isEqualTo(Undone.retired());
        github.verify(patchRequestedFor(urlEqualTo(DOCS)).withRequestBody(equalToJson("{\"archived\":true}")));
    }

    @Test
    void aMissingPermissionIsNoRuleOfTheOrganisation() {
        github.stubFor(delete(DOCS)
                .willReturn(jsonResponse("{\"message\":\"Resource not accessible by personal access token\"}", 403)));

        assertThatThrownBy(() -> undone(Removal.DELETE))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.code()).isEqualTo("permission-missing"));
        github.verify(0, patchRequestedFor(urlEqualTo(DOCS)));
    }

    @ParameterizedTest
    @EnumSource(Removal.class)
    void whatHasLostItsMarkIsLeft(Removal how) {
        github.stubFor(
                get(BY_ID).willReturn(jsonResponse(copy("hub-org/docs", "offshoot:" + "0".repeat(32), false), 200)));

        var undone = undone(how);

        assertThat(undone.verb()).isEqualTo(Effect.Verb.LEFT);
        assertThat(undone.why()).contains("hub-org/docs", "mark");
        assertNothingWasWritten();
    }

    @ParameterizedTest
    @EnumSource(Removal.class)
    void whatBelongsToAnotherIsLeft(Removal how) {
        github.stubFor(get(BY_ID).willReturn(jsonResponse(copy("other-org/docs", MARKED, false), 200)));

        var undone = undone(how);

        assertThat(undone.verb()).isEqualTo(Effect.Verb.LEFT);
        assertThat(undone.why()).contains("other-org/docs");
        assertNothingWasWritten();
    }

    @Test
    void whatWasOnlySeenIsLeftWithoutALook() {
        var undone = undone(resource(Effect.Verb.OBSERVED), Removal.DELETE);

        assertThat(undone.verb()).isEqualTo(Effect.Verb.LEFT);
        assertThat(github.getAllServeEvents()).isEmpty();
    }

    @Test
    void whatWasTakenUpByItsMarkIsTakenBackAndWithoutOneIsNot() {
        var marked = resource(Effect.Verb.ADOPTED);
        var unmarked = new Effect(KEY, "repository", "42", "hub-org/docs", "hub-org", Effect.Verb.ADOPTED);

        assertThat(undone(marked, Removal.DELETE)).isEqualTo(Undone.removed());
        assertThat(undone(unmarked, Removal.DELETE).verb()).isEqualTo(Effect.Verb.LEFT);
    }

    @Test
    void aRowOfTheFirstReleaseIsKnownByItsKey() {
        var row = new Effect(KEY, "repository", "42", "hub-org/docs", "hub-org", Effect.Verb.CREATED);

        assertThat(undone(row, Removal.ARCHIVE)).isEqualTo(Undone.retired());
    }

    @Test
    void whatTheLedgerHasOfAnotherAccountIsLeftWithoutALook() {
        var elsewhere =
                new Effect(KEY, "repository", "42", "a/docs", "a", Effect.Verb.CREATED, "offshoot:" + KEY, null);

        assertThat(undone(elsewhere, Removal.DELETE).verb()).isEqualTo(Effect.Verb.LEFT);
        assertThat(github.getAllServeEvents()).isEmpty();
    }

    @Test
    void anUndoWhoseAnswerIsLostIsUncertainAndCanBeRepeated() {
        github.stubFor(delete(DOCS).willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));

        assertThatThrownBy(() -> undone(Removal.DELETE))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.kind()).isEqualTo(FailureClass.UNCERTAIN));

        github.stubFor(get(BY_ID).willReturn(jsonResponse("{}", 404)));

        assertThat(undone(Removal.DELETE)).isEqualTo(Undone.removed());
    }

    @ParameterizedTest
    @CsvSource({"429, THROTTLED", "401, CREDENTIAL", "500, UNCERTAIN"})
    void whatTheProviderSaysToTheWriteIsHandedOn(int status, FailureClass kind) {
        github.stubFor(any(urlEqualTo(DOCS)).willReturn(jsonResponse("{}", status)));

        for (Removal how : Removal.values()) {
            assertThatThrownBy(() -> undone(how))
                    .isInstanceOfSatisfying(
                            ProviderException.class, e -> assertThat(e.kind()).isEqualTo(kind));
        }
    }

    private Finding observed() {
        return action.observe(
                Attempts.observing().of(GitHubActions.CREATE_REPOSITORY, input("offshoot/docs-site")),
                resource(Effect.Verb.CREATED));
    }

    private Undone undone(Removal how) {
        return undone(resource(Effect.Verb.CREATED), how);
    }

    private Undone undone(Effect resource, Removal how) {
        return action.undo(
                Attempts.undoing().of(GitHubActions.CREATE_REPOSITORY, input("offshoot/docs-site")), resource, how);
    }

    private static GitHubActions.CreateRepository input(String upstream) {
        return new GitHubActions.CreateRepository(Source.FORK, upstream, "docs");
    }

    private static Effect resource(Effect.Verb verb) {
        return new Effect(KEY, "repository", "42", "hub-org/docs", "hub-org", verb, "offshoot:" + KEY, null);
    }

    private void assertNothingWasWritten() {
        assertThat(github.getAllServeEvents())
                .allSatisfy(call ->
                        assertThat(call.getRequest().getMethod().value()).isEqualTo("GET"));
    }

    private static String copy(String fullName, String description, boolean archived) {
        return """
                {"id": 42, "full_name": "%1$s", "description": "%2$s", "archived": %3$s, "default_branch": "main",
                 "html_url": "https://github.com/%1$s", "created_at": "2026-11-21T10:00:05Z",
                 "template_repository": {"full_name": "offshoot/docs-site"}}""".formatted(fullName, description, archived);
    }

    private static String fork(String owner) {
        return """
                {"id": 42, "full_name": "hub-org/docs", "description": "%s", "default_branch": "main",
                 "html_url": "https://github.com/hub-org/docs", "created_at": "2026-11-21T10:00:05Z",
                 "parent": {"full_name": "%s/docs-site", "default_branch": "trunk"}}""".formatted(MARKED, owner);
    }
}
