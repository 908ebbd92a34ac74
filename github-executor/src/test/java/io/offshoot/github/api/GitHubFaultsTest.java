package io.offshoot.github.api;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.permanentRedirect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import io.offshoot.backends.FreePorts;
import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.attempt.Time;
import io.offshoot.github.GitHubResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(GitHubResource.class)
class GitHubFaultsTest {

    private static final Duration TIMEOUT = Duration.ofMillis(1_500);

    @Inject
    Time time;

    WireMockServer server;
    private GitHub github;

    @BeforeEach
    void connect() {
        server.resetAll();
        github = new GitHub.Client(URI.create(server.baseUrl()), TIMEOUT, time)
                .account("hub-org", GitHubResource.TOKEN)
                .during(() -> {});
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"CONNECTION_RESET_BY_PEER", "EMPTY_RESPONSE"})
    void aReadWithoutAnswerIsRetryableAndAWriteIsUncertain(Fault fault) {
        answer(aResponse().withFault(fault));

        assertThat(read().kind()).isEqualTo(FailureClass.RETRYABLE);
        assertThat(write().kind()).isEqualTo(FailureClass.UNCERTAIN);
    }

    @Test
    void anAnswerThatComesTooLateIsNoAnswer() {
        answer(aResponse().withFixedDelay(3_000));

        assertThat(read().kind()).isEqualTo(FailureClass.RETRYABLE);
        assertThat(write().kind()).isEqualTo(FailureClass.UNCERTAIN);
    }

    @Test
    void aCallThatNeverGotThroughIsRetryableEvenForAWrite() throws Exception {
        var nobody = URI.create("http://127.0.0.1:" + FreePorts.next());
        github = new GitHub.Client(nobody, TIMEOUT, time)
                .account("hub-org", GitHubResource.TOKEN)
                .during(() -> {});

        assertThat(write().kind()).isEqualTo(FailureClass.RETRYABLE);
        assertThat(write().code()).isEqualTo("provider-unreachable");
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503})
    void aPageFromAProxyIsNotReadAsAnAnswer(int status) {
        answer(aResponse()
                .withStatus(status)
                .withHeader("Content-Type", "text/html")
                .withBody("<html>"));

        assertThat(read().kind()).isEqualTo(FailureClass.RETRYABLE);
        assertThat(write().kind()).isEqualTo(FailureClass.UNCERTAIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>", "", "null", "[]", "{}", "{\"id\": 1}", "{\"id\": 0, \"full_name\": \"a/b\"}"})
    void anAnswerOfAnotherFormIsUnusableAndNotTriedAgain(String body) {
        answer(aResponse().withStatus(200).withBody(body));

        assertThat(read().kind()).isEqualTo(FailureClass.REFUSED);
        assertThat(read().code()).isEqualTo("provider-answer-unusable");
    }

    @Test
    void anAnswerWithoutEndIsNotReadToItsEnd() {
        answer(aResponse().withStatus(200).withBody(new byte[10 * 1024 * 1024]));
        // The stand-in takes its time to make so much of it.
        github = new GitHub.Client(URI.create(server.baseUrl()), Duration.ofSeconds(30), time)
                .account("hub-org", GitHubResource.TOKEN)
                .during(() -> {});

        assertThat(read().code()).isEqualTo("provider-answer-unusable");
    }

    @Test
    void aRedirectIsNotFollowed() {
        answer(permanentRedirect(server.baseUrl() + "/elsewhere"));

        assertThat(read().code()).isEqualTo("moved");
        assertThat(server.getAllServeEvents()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "429,      17, , ,        17000",
        "429,      -5, , ,        60000",
        "429,       0, , ,         1000",
        "403,        , 0, 1,       1000",
        "429, nonsense, , ,       60000",
        "403,       9, , ,         9000",
    })
    void aPauseIsReadFromWhatThereIsAndIsNeverNothing(
            int status, String retryAfter, String remaining, String reset, long pause) {
        var response = jsonResponse("{\"message\":\"API rate limit exceeded\"}", status);
        answer(with(
                with(with(response, "Retry-After", retryAfter), "X-RateLimit-Remaining", remaining),
                "X-RateLimit-Reset",
                reset));

        var failure = read().failure();

        assertThat(failure.kind()).isEqualTo(FailureClass.THROTTLED);
        assertThat(failure.retryAfterMs()).isEqualTo(pause);
    }

    @Test
    void aMissingPermissionIsNotARateLimit() {
        answer(jsonResponse("{\"message\":\"Resource not accessible by integration\"}", 403)
                .withHeader("X-RateLimit-Remaining", "4999"));

        assertThat(read().kind()).isEqualTo(FailureClass.REFUSED);
        assertThat(read().code()).isEqualTo("permission-missing");
    }

    @Test
    void noFailureTellsTheToken() {
        answer(jsonResponse("{\"message\":\"no\"}", 403));

        assertThat(read().getMessage()).doesNotContain("planted");
        assertThat(github.toString()).doesNotContain("planted");
    }

    private void answer(ResponseDefinitionBuilder response) {
        server.stubFor(any(anyUrl()).willReturn(response));
    }

    private static ResponseDefinitionBuilder with(ResponseDefinitionBuilder response, String header, String value) {
        return value == null ? response : response.withHeader(header, value);
    }

    private ProviderException read() {
        return catchThrowableOfType(ProviderException.class, () -> github.repository("docs"));
    }

    private ProviderException write() {
        return catchThrowableOfType(ProviderException.class, () -> github.describe("docs", "text"));
    }
}
