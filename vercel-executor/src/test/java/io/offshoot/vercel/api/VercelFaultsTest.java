package io.offshoot.vercel.api;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
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

    /** Long enough for a machine that is busy with other things. */
    private static final Duration PATIENT = Duration.ofSeconds(20);

    private static final Duration IMPATIENT = Duration.ofMillis(1_500);
    private static final int TEN_MEGABYTES = 10 * 1024 * 1024;
    private static final String PROJECT = "{\"id\": \"prj_1\", \"name\": \"docs\"}";

    @Inject
    Time time;

    WireMockServer server;
    private Vercel vercel;

    @BeforeEach
    void connect() {
        server.resetAll();
        connect(URI.create(server.baseUrl()), PATIENT);
    }

    /** The request is received: whether it took effect before its answer was lost, nobody can tell. */
    @ParameterizedTest
    @EnumSource(Fault.class)
    void aReadWithoutAnswerIsRetryableAndAWriteIsUncertain(Fault fault) {
        answer(aResponse().withFault(fault));

        assertThat(read().kind()).isEqualTo(FailureClass.RETRYABLE);
        assertThat(write().kind()).isEqualTo(FailureClass.UNCERTAIN);
    }

    @Test
    void anAnswerThatComesTooLateIsNoAnswer() {
        connect(URI.create(server.baseUrl()), IMPATIENT);
        answer(aResponse().withFixedDelay(3_000));

        assertThat(read().kind()).isEqualTo(FailureClass.RETRYABLE);
        assertThat(write().kind()).isEqualTo(FailureClass.UNCERTAIN);
    }

    @Test
    void anAnswerThatTricklesInIsNotWaitedForToItsEnd() {
        connect(URI.create(server.baseUrl()), IMPATIENT);
        answer(aResponse().withStatus(200).withBody(PROJECT).withChunkedDribbleDelay(20, 30_000));

        assertThat(read().code()).isEqualTo("no-answer");
        assertThat(write().kind()).isEqualTo(FailureClass.UNCERTAIN);
    }

    @Test
    void anAnswerInSlowPiecesWithinItsTimeIsRead() {
        answer(aResponse().withStatus(200).withBody(PROJECT).withChunkedDribbleDelay(5, 300));

        assertThat(vercel.project("docs")).isPresent();
    }

    @Test
    void aCallThatNeverGotThroughIsRetryableEvenForAWrite() throws Exception {
        var nobody = URI.create("http://127.0.0.1:" + FreePorts.next());
        connect(nobody, PATIENT);

        assertThat(write().kind()).isEqualTo(FailureClass.RETRYABLE);
        assertThat(write().code()).isEqualTo("provider-unreachable");
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 504})
    void aPageFromAProxyIsNotReadAsAnAnswer(int status) {
        answer(aResponse()
                .withStatus(status)
                .withHeader("Content-Type", "text/html")
                .withBody("<html>"));

        assertThat(read().kind()).isEqualTo(FailureClass.RETRYABLE);
        assertThat(write().kind()).isEqualTo(FailureClass.UNCERTAIN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>",
                "",
                "null",
                "[]",
                "{}",
                "{\"id\": \"prj_1\"}",
                "{\"id\": \"prj_1\", \"name\": \"docs\"",
                "{\"id\": \"prj_1\", \"name\": {}}",
                "{\"id\": \"prj_1\", \"name\": \"docs\", \"link\": []}",
                "\u0000\u0001\ufffd"
            })
    void anAnswerOfAnotherFormIsUnusableAndWhatWasWrittenIsLookedFor(String body) {
        answer(aResponse().withStatus(200).withBody(body));

        assertThat(read().kind()).isEqualTo(FailureClass.REFUSED);
        assertThat(read().code()).isEqualTo("provider-answer-unusable");
        assertThat(write().kind()).isEqualTo(FailureClass.UNCERTAIN);
    }

    @Test
    void anAnswerNestedWithoutEndIsUnusable() {
        answer(aResponse().withStatus(200).withBody("[".repeat(500_000)));

        assertThat(read().code()).isEqualTo("provider-answer-unusable");
    }

    @Test
    void anAnswerWithoutEndIsNotReadToItsEnd() {
        answer(aResponse().withStatus(200).withBody(new byte[TEN_MEGABYTES]));

        assertThat(read().code()).isEqualTo("provider-answer-unusable");
        assertThat(write().kind()).isEqualTo(FailureClass.UNCERTAIN);
    }

    @ParameterizedTest
    @CsvSource({
        "400, REFUSED,    bad-request",
        "401, CREDENTIAL, credential-refused",
        "403, REFUSED,    forbidden",
        "408, RETRYABLE,  provider-error",
        "409, REFUSED,    conflict",
        "410, REFUSED,    refused",
        "429, THROTTLED,  rate-limited",
        "500, RETRYABLE,  provider-error",
    })
    void aRefusalOfTenMegabytesIsKnownByItsStatus(int status, FailureClass kind, String code) {
        answer(aResponse().withStatus(status).withBody(new byte[TEN_MEGABYTES]));

        var refusal = read();

        assertThat(refusal.kind()).isEqualTo(kind);
        assertThat(refusal.code()).isEqualTo(code);
    }

    @Test
    void whatVercelSaysIsShownInOneBoundedLine() {
        answer(jsonResponse("{\"error\":{\"message\":\"first\\nsecond %s\"}}".formatted("x".repeat(5_000)), 409));

        assertThat(read().getMessage())
                .contains("first second")
                .doesNotContain("\n")
                .hasSizeLessThan(400);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void aRedirectIsNotFollowedAndTheTokenIsNotSentOn(int status) {
        var elsewhere = new WireMockServer(options().bindAddress("127.0.0.1").dynamicPort());
        elsewhere.start();
        try {
            answer(aResponse().withStatus(status).withHeader("Location", elsewhere.baseUrl() + "/v9/projects/docs"));

            assertThat(read().code()).isEqualTo("moved");
            assertThat(write().code()).isEqualTo("moved");
            assertThat(server.getAllServeEvents()).hasSize(2);
            assertThat(elsewhere.getAllServeEvents()).isEmpty();
        } finally {
            elsewhere.stop();
        }
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
    void aPauseUntilATimeIsCountedFromTheProvidersClock() {
        answer(jsonResponse("{}", 429)
                .withHeader("Date", "Wed, 04 Mar 2026 10:00:00 GMT")
                .withHeader("Retry-After", "Wed, 04 Mar 2026 10:01:30 GMT"));

        assertThat(read().failure().retryAfterMs()).isEqualTo(90_000);
    }

    @ParameterizedTest
    @CsvSource({
        "   , 1772618490, ,            90000",
        "   , ,           1772618460, 60000",
        " 7 , 1772618490, 1772618460,  7000",
        "-7 , 1772618490, 1772618460, 90000",
        "   , 1772618390, ,",
        "   , -1,         ,",
        "   , 4102444800, ,         86400000",
    })
    void withoutARetryAfterTheLimitsOwnResetIsWaitedFor(String retryAfter, Long inBody, String inHeader, Long pause) {
        var body = inBody == null ? "{}" : "{\"error\":{\"limit\":{\"reset\":%d}}}".formatted(inBody);
        var response = jsonResponse(body, 429).withHeader("Date", "Wed, 04 Mar 2026 10:00:00 GMT");
        answer(with(with(response, "Retry-After", retryAfter), "X-RateLimit-Reset", inHeader));

        assertThat(read().failure().retryAfterMs()).isEqualTo(pause);
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

    private void connect(URI url, Duration timeout) {
        vercel = new Vercel.Client(url, timeout, time).as("team_hub", VercelResource.TOKEN);
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
        var mark = Vercel.Variable.plain("MARK", "key", "production");
        return catchThrowableOfType(ProviderException.class, () -> vercel.createProject("docs", null, mark));
    }
}
