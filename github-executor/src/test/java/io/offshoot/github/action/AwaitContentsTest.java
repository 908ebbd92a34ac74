package io.offshoot.github.action;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.github.tomakehurst.wiremock.WireMockServer;
import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.github.GitHubActions;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.github.Attempts;
import io.offshoot.github.GitHubResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(GitHubResource.class)
class AwaitContentsTest {

    private static final String REF = "/repos/hub-org/docs/git/ref/heads%2Fmain";
    private static final String SENTINEL = "/repos/hub-org/docs/contents/site%2Fpackage.json?ref=main";

    @Inject
    AwaitContents action;

    WireMockServer github;

    @BeforeEach
    void reset() {
        github.resetAll();
    }

    @Test
    void anEmptyRepositoryIsWaitedFor() {
        github.stubFor(get(REF).willReturn(jsonResponse("{\"message\":\"Git Repository is empty.\"}", 409)));

        var waiting = waiting(run(Attempts.first()));

        assertThat(waiting.lookAfter()).isEqualTo(Duration.ofSeconds(2));
        assertThat(waiting.checkpoint()).isNull();
        assertThat(waiting.instructions()).isNull();
    }

    @Test
    void aBranchWithoutTheSentinelIsWaitedFor() {
        headIs("aaa");
        github.stubFor(get(SENTINEL).willReturn(jsonResponse("{}", 404)));

        assertThat(waiting(run(Attempts.first())).checkpoint()).isNull();
    }

    @Test
    void theFirstLookThatFindsTheSentinelOnlyRemembersTheHead() {
        headIs("aaa");
        sentinelIsThere();

        assertThat(waiting(run(Attempts.first())).checkpoint().path("headSha").asText())
                .isEqualTo("aaa");
    }

    @Test
    void twoLooksAtTheSameHeadAreEnough() {
        headIs("aaa");
        sentinelIsThere();

        var outcome = run(Attempts.looking(JsonNodeFactory.instance.objectNode().put("headSha", "aaa")));

        assertThat(outcome.output()).contains(new GitHubActions.Contents("aaa"));
    }

    @Test
    void aHeadThatHasMovedIsLookedAtAgain() {
        headIs("bbb");
        sentinelIsThere();

        var outcome = run(Attempts.looking(JsonNodeFactory.instance.objectNode().put("headSha", "aaa")));

        assertThat(waiting(outcome).checkpoint().path("headSha").asText()).isEqualTo("bbb");
    }

    @Test
    void anotherOrganisationsRepositoryIsNotRead() {
        var foreign = new GitHubActions.AwaitContents("other-org/docs", "main", "package.json");

        assertThatThrownBy(() -> action.run(Attempts.first().of(GitHubActions.AWAIT_CONTENTS, foreign)))
                .isInstanceOfSatisfying(ProviderException.class, e -> {
                    assertThat(e.kind()).isEqualTo(FailureClass.REFUSED);
                    assertThat(e.code()).isEqualTo("other-organization");
                });
        assertThat(github.getAllServeEvents()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"429, THROTTLED", "401, CREDENTIAL", "500, RETRYABLE"})
    void whatTheProviderSaysBeforeAnyEffectIsHandedOn(int status, FailureClass kind) {
        github.resetAll();
        github.stubFor(any(anyUrl()).willReturn(jsonResponse("{}", status)));

        assertThatThrownBy(() -> run(Attempts.first()))
                .isInstanceOfSatisfying(
                        ProviderException.class, e -> assertThat(e.kind()).isEqualTo(kind));
        assertThat(github.getAllServeEvents()).hasSize(1);
    }

    private void headIs(String sha) {
        github.stubFor(get(REF).willReturn(jsonResponse("{\"object\":{\"sha\":\"%s\"}}".formatted(sha), 200)));
    }

    private void sentinelIsThere() {
        github.stubFor(get(SENTINEL).willReturn(jsonResponse("{\"type\":\"file\"}", 200)));
    }

    private Outcome<GitHubActions.Contents> run(Attempts attempts) {
        return action.run(attempts.of(
                GitHubActions.AWAIT_CONTENTS,
                new GitHubActions.AwaitContents("hub-org/docs", "main", "site/package.json")));
    }

    private static Outcome.Waiting<?> waiting(Outcome<?> outcome) {
        return (Outcome.Waiting<?>) outcome;
    }
}
