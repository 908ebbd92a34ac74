package io.offshoot.github.action;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.patch;
import static com.github.tomakehurst.wiremock.client.WireMock.patchRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.putRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.github.GitHubActions;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.github.Attempts;
import io.offshoot.github.GitHubResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(GitHubResource.class)
class MarkRepositoryTest {

    private static final String DOCS = "/repos/hub-org/docs";
    private static final String TOPICS = DOCS + "/topics";
    private static final String MARK = "offshoot:0123456789abcdef0123456789abcdef";

    @Inject
    MarkRepository action;

    WireMockServer github;

    @BeforeEach
    void repository() {
        github.resetAll();
        describedAs("Made by Offshoot for docs · " + MARK);
        topicsAre("\"theirs\"");
        github.stubFor(patch(urlEqualTo(DOCS)).willReturn(jsonResponse(described("whatever"), 200)));
        github.stubFor(put(TOPICS).willReturn(jsonResponse("{\"names\":[\"theirs\",\"summit\"]}", 200)));
    }

    @Test
    void ourTopicsComeBesideTheirsAndTheMarkStaysBehindTheDescription() {
        var outcome = run();

        assertThat(outcome.output()).contains(new GitHubActions.Topics(List.of("theirs", "summit")));
        assertThat(outcome.effects()).extracting(Effect::verb).containsExactly(Effect.Verb.CREATED);
        github.verify(putRequestedFor(urlEqualTo(TOPICS))
                .withRequestBody(equalToJson("{\"names\":[\"theirs\",\"summit\"]}")));
        github.verify(patchRequestedFor(urlEqualTo(DOCS))
                .withRequestBody(equalToJson("{\"description\":\"The summit's docs · %s\"}".formatted(MARK))));
    }

    @Test
    void secondDeliveryFindsItSoAndWritesNothing() {
        describedAs("The summit's docs · " + MARK);
        topicsAre("\"summit\",\"theirs\"");

        var outcome = run();

        assertThat(outcome.effects()).extracting(Effect::verb).containsExactly(Effect.Verb.OBSERVED);
        github.verify(0, putRequestedFor(urlEqualTo(TOPICS)));
        github.verify(0, patchRequestedFor(urlEqualTo(DOCS)));
    }

    @Test
    void moreTopicsThanGitHubAllowsAreRefusedAndTheirsAreNotDropped() {
        topicsAre(IntStream.range(0, 20).mapToObj("\"t%d\""::formatted).collect(Collectors.joining(",")));

        assertThat(failure(run()).code()).isEqualTo("too-many-topics");
        github.verify(0, putRequestedFor(urlEqualTo(TOPICS)));
    }

    @Test
    void anotherRepositoryOfTheSameNameIsLeftAlone() {
        github.stubFor(get(DOCS).willReturn(jsonResponse(described("Theirs").replace("42", "43"), 200)));

        assertThatThrownBy(this::run).isInstanceOfSatisfying(ProviderException.class, e -> assertThat(e.code())
                .isEqualTo("other-repository"));
        assertThat(github.getAllServeEvents()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"429, THROTTLED", "401, CREDENTIAL", "500, RETRYABLE"})
    void whatTheProviderSaysBeforeAnyEffectIsHandedOn(int status, FailureClass kind) {
        github.resetAll();
        github.stubFor(any(anyUrl()).willReturn(jsonResponse("{}", status)));

        assertThatThrownBy(this::run).isInstanceOfSatisfying(ProviderException.class, e -> assertThat(e.kind())
                .isEqualTo(kind));
        assertThat(github.getAllServeEvents()).hasSize(1);
    }

    private void describedAs(String description) {
        github.stubFor(get(DOCS).willReturn(jsonResponse(described(description), 200)));
    }

    private static String described(String description) {
        return """
                {"id": 42, "full_name": "hub-org/docs", "html_url": "https://github.com/hub-org/docs",
                 "description": "%s"}""".formatted(description);
    }

    private void topicsAre(String names) {
        github.stubFor(get(TOPICS).willReturn(jsonResponse("{\"names\":[%s]}".formatted(names), 200)));
    }

    private Outcome<GitHubActions.Topics> run() {
        return action.run(Attempts.first()
                .of(
                        GitHubActions.MARK_REPOSITORY,
                        new GitHubActions.MarkRepository("hub-org/docs", 42, "The summit's docs", List.of("summit"))));
    }

    private static Failure failure(Outcome<?> outcome) {
        return ((Outcome.Failed<?>) outcome).failure();
    }
}
