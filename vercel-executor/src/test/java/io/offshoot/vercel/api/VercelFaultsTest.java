package io.offshoot.vercel.api;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.permanentRedirect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import io.offshoot.backends.FreePorts;
import io.offshoot.backends.KafkaResource;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.attempt.Time;
import io.offshoot.executorkit.lane.Pace;
import io.offshoot.vercel.VercelResource;
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
@QuarkusTestResource(VercelResource.class)
class VercelFaultsTest {

    private static final Duration TIMEOUT = Duration.ofMillis(1_500);

    @Inject
    Time time;

    WireMockServer server;
    private Vercel vercel;

    @BeforeEach
    void connect() {
        server.resetAll();
        vercel = new Vercel.Client(URI.create(server.baseUrl()), TIMEOUT, time).as("team_hub", VercelResource.TOKEN);
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
        vercel = new Vercel.Client(nobody, TIMEOUT, time).as("team_hub", VercelResource.TOKEN);

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
    @ValueSource(strings = {"<html>", "", "null", "[]", "{}", "{\"id\": \"prj_1\"}"})
    void anAnswerOfAnotherFormIsUnusableAndNotTriedAgain(String body) {
        answer(aResponse().withStatus(200).withBody(body));

        assertThat(read().kind()).isEqualTo(FailureClass.REFUSED);
        assertThat(read().code()).isEqualTo("provider-answer-unusable");
    }

    @Test
    void anAnswerWithoutEndIsNotReadToItsEnd() {
        answer(aResponse().withStatus(200).withBody(new byte[10 * 1024 * 1024]));

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
        "17,        17000",
        "-5,             ",
        "0,              ",
        "nonsense,       ",
        ",               ",
    })
    void aPauseIsReadFromWhatThereIsAndOneOfNothingIsNone(String retryAfter, Long pause) {
        answer(with(jsonResponse("{\"error\":{\"code\":\"rate_limited\"}}", 429), "Retry-After", retryAfter));

        var failure = read().failure();

        assertThat(failure.kind()).isEqualTo(FailureClass.THROTTLED);
        assertThat(failure.retryAfterMs()).isEqualTo(pause);
    }

    @Test
    void anEndpointWhoseLimitIsUsedUpIsNotCalledAndOthersAre() {
        answer(jsonResponse("{\"error\":{\"code\":\"not_found\"}}", 404)
                .withHeader("X-RateLimit-Limit", "100")
                .withHeader("X-RateLimit-Remaining", "0")
                .withHeader("X-RateLimit-Reset", Long.toString(time.now().getEpochSecond() + 60)));
        var paced = vercel.at(Pace.free(time), () -> {});

        assertThat(paced.project("docs")).isEmpty();
        assertThatThrownBy(() -> paced.project("docs"))
                .isInstanceOfSatisfying(ProviderException.class, refusal -> assertThat(refusal.kind())
                        .isEqualTo(FailureClass.THROTTLED));
        assertThat(paced.deployment("dpl_1")).isEmpty();

        assertThat(server.getAllServeEvents()).hasSize(2);
    }

    @Test
    void anEndpointThatAsksForAPauseIsNotCalledAgainAndOthersAre() {
        answer(jsonResponse("{\"error\":{\"code\":\"rate_limited\"}}", 429).withHeader("Retry-After", "17"));
        var paced = vercel.at(Pace.free(time), () -> {});

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> paced.project("docs")).isInstanceOfSatisfying(ProviderException.class, refusal -> {
                assertThat(refusal.code()).isEqualTo(Failure.ENDPOINT_LIMITED);
                assertThat(refusal.failure().retryAfterMs()).isBetween(10_000L, 17_000L);
            });
        }
        assertThatThrownBy(() -> paced.deployment("dpl_1")).isInstanceOf(ProviderException.class);

        assertThat(server.getAllServeEvents()).hasSize(2);
    }

    @Test
    void aPauseInTheBodyIsCountedFromNow() {
        var reset = time.now().getEpochSecond() + 120;
        answer(jsonResponse("{\"error\":{\"limit\":{\"reset\":%d}}}".formatted(reset), 429));

        assertThat(read().failure().retryAfterMs()).isBetween(60_000L, 120_000L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "401 | {}                                | CREDENTIAL",
                "403 | {\"error\":{\"invalidToken\":true}} | CREDENTIAL",
                "403 | {\"error\":{\"code\":\"forbidden\"}} | REFUSED",
            })
    void aRefusedTokenIsToldFromAMissingPermission(int status, String body, FailureClass kind) {
        answer(jsonResponse(body, status));

        assertThat(read().kind()).isEqualTo(kind);
    }

    @Test
    void noFailureTellsTheToken() {
        answer(jsonResponse("{}", 401));

        assertThat(read().getMessage()).doesNotContain("planted");
        assertThat(vercel.toString()).doesNotContain("planted");
    }

    private void answer(ResponseDefinitionBuilder response) {
        server.stubFor(any(anyUrl()).willReturn(response));
    }

    private static ResponseDefinitionBuilder with(ResponseDefinitionBuilder response, String header, String value) {
        return value == null ? response : response.withHeader(header, value);
    }

    private ProviderException read() {
        return catchThrowableOfType(ProviderException.class, () -> vercel.project("docs"));
    }

    private ProviderException write() {
        return catchThrowableOfType(ProviderException.class, () -> vercel.addDomain("docs", "a.example"));
    }
}
