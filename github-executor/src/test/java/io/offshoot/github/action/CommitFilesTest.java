package io.offshoot.github.action;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.patch;
import static com.github.tomakehurst.wiremock.client.WireMock.patchRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.action.EffectKey;
import io.offshoot.contracts.github.GitHubActions;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.action.SettingsDigest;
import io.offshoot.github.Attempts;
import io.offshoot.github.GitHubResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(GitHubResource.class)
class CommitFilesTest {

    private static final String KEY = EffectKey.of(Attempts.DEPLOYMENT, "docs", "step", 1, "commit");
    private static final String GIT = "/repos/hub-org/docs/git";
    private static final String HEAD = GIT + "/ref/heads%2Frelease%2F1";
    private static final String BRANCH = GIT + "/refs/heads%2Frelease%2F1";

    private static final GitHubActions.CommitFiles INPUT = new GitHubActions.CommitFiles(
            "hub-org/docs", "release/1", "Customise", Map.of("c.txt", "C", "a/b.txt", "B"));

    @Inject
    CommitFiles action;

    WireMockServer github;

    @BeforeEach
    void repository() {
        github.resetAll();
        github.stubFor(get(HEAD).willReturn(jsonResponse("{\"object\":{\"sha\":\"head\"}}", 200)));
        github.stubFor(get(GIT + "/commits/head")
                .willReturn(jsonResponse("{\"sha\":\"head\",\"tree\":{\"sha\":\"tree\"},\"message\":\"Begin\"}", 200)));
        github.stubFor(post(GIT + "/trees").willReturn(jsonResponse("{\"sha\":\"new-tree\"}", 201)));
        github.stubFor(post(GIT + "/commits")
                .willReturn(jsonResponse("{\"sha\":\"new\",\"tree\":{\"sha\":\"new-tree\"}}", 201)));
        github.stubFor(patch(urlEqualTo(BRANCH)).willReturn(jsonResponse("{\"object\":{\"sha\":\"new\"}}", 200)));
    }

    @Test
    void firstRunWritesAllFilesInOneMarkedCommit() {
        var outcome = run();

        assertThat(outcome.output()).contains(new GitHubActions.Commit("new", "release/1"));
        assertThat(outcome.effects())
                .containsExactly(new Effect(
                        KEY,
                        "commit",
                        "new",
                        "hub-org/docs",
                        "hub-org",
                        Effect.Verb.CREATED,
                        "Offshoot-Effect: " + KEY,
                        SettingsDigest.of(INPUT)));
        github.verify(postRequestedFor(urlEqualTo(GIT + "/trees")).withRequestBody(equalToJson("""
                        {"base_tree": "tree", "tree": [
                          {"path": "a/b.txt", "mode": "100644", "type": "blob", "content": "B"},
                          {"path": "c.txt", "mode": "100644", "type": "blob", "content": "C"}]}
                        """)));
        github.verify(postRequestedFor(urlEqualTo(GIT + "/commits")).withRequestBody(equalToJson("""
                        {"message": "Customise\\n\\nOffshoot-Effect: %s", "tree": "new-tree", "parents": ["head"]}
                        """.formatted(KEY))));
        github.verify(patchRequestedFor(urlEqualTo(BRANCH))
                .withRequestBody(equalToJson("{\"sha\":\"new\",\"force\":false}")));
    }

    @Test
    void secondDeliveryFindsTheFilesAndCommitsNothing() {
        github.stubFor(get(GIT + "/commits/head")
                .willReturn(jsonResponse(
                        "{\"sha\":\"head\",\"tree\":{\"sha\":\"new-tree\"},\"message\":\"Customise\\n\\nOffshoot-Effect: %s\"}"
                                .formatted(KEY),
                        200)));

        var outcome = run();

        assertThat(outcome.output()).contains(new GitHubActions.Commit("head", "release/1"));
        assertThat(outcome.effects()).extracting(Effect::verb).containsExactly(Effect.Verb.ADOPTED);
        github.verify(0, postRequestedFor(urlEqualTo(GIT + "/commits")));
        github.verify(0, patchRequestedFor(urlEqualTo(BRANCH)));
    }

    @Test
    void filesThatOthersBroughtAreObservedOnly() {
        github.stubFor(get(GIT + "/commits/head")
                .willReturn(jsonResponse(
                        "{\"sha\":\"head\",\"tree\":{\"sha\":\"new-tree\"},\"message\":\"Theirs\"}", 200)));

        assertThat(run().effects())
                .containsExactly(new Effect(KEY, "commit", "head", "hub-org/docs", "hub-org", Effect.Verb.OBSERVED));
    }

    @Test
    void aBranchThatMovedIsReadAgainAndBuiltUpon() {
        github.stubFor(patch(urlEqualTo(BRANCH))
                .inScenario("moving")
                .willReturn(jsonResponse("{\"message\":\"Update is not a fast forward\"}", 422))
                .willSetStateTo("moved"));
        github.stubFor(patch(urlEqualTo(BRANCH))
                .inScenario("moving")
                .whenScenarioStateIs("moved")
                .willReturn(jsonResponse("{\"object\":{\"sha\":\"new\"}}", 200)));

        var outcome = run();

        assertThat(outcome.output()).isPresent();
        github.verify(2, postRequestedFor(urlEqualTo(GIT + "/trees")));
    }

    @Test
    void aBranchThatKeepsMovingIsLeftToTheNextAttempt() {
        github.stubFor(patch(urlEqualTo(BRANCH))
                .willReturn(jsonResponse("{\"message\":\"Update is not a fast forward\"}", 422)));

        assertThatThrownBy(this::run).isInstanceOfSatisfying(ProviderException.class, e -> assertThat(e.kind())
                .isEqualTo(FailureClass.RETRYABLE));
        github.verify(3, patchRequestedFor(urlEqualTo(BRANCH)));
    }

    @Test
    void anEmptyRepositoryIsLeftToTheNextAttempt() {
        github.stubFor(get(HEAD).willReturn(jsonResponse("{\"message\":\"Git Repository is empty.\"}", 409)));

        assertThatThrownBy(this::run).isInstanceOfSatisfying(ProviderException.class, e -> assertThat(e.kind())
                .isEqualTo(FailureClass.RETRYABLE));
    }

    @ParameterizedTest
    @CsvSource({"429, THROTTLED", "401, CREDENTIAL", "500, RETRYABLE"})
    void whatTheProviderSaysBeforeAnyEffectIsHandedOn(int status, FailureClass kind) {
        github.resetAll();
        github.stubFor(any(anyUrl()).willReturn(jsonResponse("{}", status)));

        assertThatThrownBy(() -> run()).isInstanceOfSatisfying(ProviderException.class, e -> assertThat(e.kind())
                .isEqualTo(kind));
        assertThat(github.getAllServeEvents()).hasSize(1);
    }

    private Outcome<GitHubActions.Commit> run() {
        return action.run(Attempts.first().of(GitHubActions.COMMIT_FILES, INPUT));
    }
}
