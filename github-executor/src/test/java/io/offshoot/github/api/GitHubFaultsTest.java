package io.offshoot.github.api;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.jsonResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.patchRequestedFor;
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
import io.offshoot.executorkit.lane.Limits;
import io.offshoot.executorkit.lane.Pace;
import io.offshoot.github.GitHubResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
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

    private static final String REPOSITORY = """
            {"id": 42, "full_name": "hub-org/renamed", "html_url": "https://github.com/hub-org/renamed"}""";

    /** The machine that tries this may be busy. */
    private static final Duration PATIENT = Duration.ofSeconds(30);

    private static final Duration IMPATIENT = Duration.ofMillis(1_500);

    @Inject
    Time time;

    WireMockServer server;
    private GitHub github;

    @BeforeEach
    void connect() {
        server.resetAll();
        connect(URI.create(server.baseUrl()), PATIENT);
    }

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
        answer(aResponse().withStatus(200).withBody(REPOSITORY).withChunkedDribbleDelay(20, 30_000));

        assertThat(read().code()).isEqualTo("no-answer");
        assertThat(write().kind()).isEqualTo(FailureClass.UNCERTAIN);
    }

    @Test
    void anAnswerInSlowPiecesWithinItsTimeIsRead() {
        answer(aResponse().withStatus(200).withBody(REPOSITORY).withChunkedDribbleDelay(5, 300));

        assertThat(github.repository("docs")).isPresent();
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
                "{\"id\": 1}",
                "{\"id\": 0, \"full_name\": \"a/b\"}",
                "{\"id\": 1, \"full_name\": \"a/b\", \"html_url\": \"https://github.com/a/b\"",
                "{\"id\": \"one\", \"full_name\": \"a/b\", \"html_url\": \"https://github.com/a/b\"}",
                "{\"id\": 1, \"full_name\": {}, \"html_url\": \"https://github.com/a/b\"}",
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

    @ParameterizedTest
    @CsvSource({
        "400, REFUSED,    refused",
        "401, CREDENTIAL, credential-refused",
        "403, REFUSED,    forbidden",
        "408, RETRYABLE,  provider-error",
        "409, RETRYABLE,  conflict",
        "410, REFUSED,    refused",
        "422, REFUSED,    unprocessable",
        "451, REFUSED,    refused",
        "500, RETRYABLE,  provider-error",
    })
    void aRefusalOfTenMegabytesIsKnownByItsStatus(int status, FailureClass kind, String code) {
        answer(aResponse().withStatus(status).withBody(new byte[10 * 1024 * 1024]));

        var refusal = read();

        assertThat(refusal.kind()).isEqualTo(kind);
        assertThat(refusal.code()).isEqualTo(code);
    }

    @Test
    void whatGitHubSaysIsShownInOneBoundedLine() {
        answer(jsonResponse("{\"message\":\"first\\nsecond %s\"}".formatted("x".repeat(5_000)), 422));

        assertThat(read().getMessage())
                .contains("first second")
                .doesNotContain("\n")
                .hasSizeLessThan(400);
    }

    @Test
    void anAnswerWithoutEndIsNotReadToItsEnd() {
        answer(aResponse().withStatus(200).withBody(new byte[10 * 1024 * 1024]));

        assertThat(read().code()).isEqualTo("provider-answer-unusable");
        assertThat(write().kind()).isEqualTo(FailureClass.UNCERTAIN);
    }

    @Test
    void aRedirectIsNotFollowed() {
        answer(permanentRedirect(server.baseUrl() + "/elsewhere"));

        assertThat(read().code()).isEqualTo("moved");
        assertThat(server.getAllServeEvents()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "http://127.0.0.1:1"})
    void aRepositoryThatWasRenamedIsNamedByItsIdAndLeftAlone(String elsewhere) {
        answer(jsonResponse("{\"message\":\"Moved Permanently\"}", 301)
                .withHeader("Location", (elsewhere.isEmpty() ? server.baseUrl() : elsewhere) + "/repositories/42"));
        server.stubFor(get("/repositories/42").willReturn(jsonResponse(REPOSITORY, 200)));

        var refusal = read();

        assertThat(refusal.code()).isEqualTo("moved");
        assertThat(refusal).hasMessageContaining("hub-org/renamed").hasMessageContaining("42");
        assertThat(server.getAllServeEvents()).hasSize(2);
    }

    @Test
    void aWriteToARepositoryThatWasRenamedIsNotMadeUnderItsNewName() {
        answer(jsonResponse("{\"message\":\"Temporary Redirect\"}", 307)
                .withHeader("Location", server.baseUrl() + "/repositories/42"));
        server.stubFor(get("/repositories/42").willReturn(jsonResponse(REPOSITORY, 200)));

        assertThat(write().code()).isEqualTo("moved");
        server.verify(1, patchRequestedFor(anyUrl()));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 404, 500})
    void aNewNameThatCannotBeReadIsLeftOut(int status) {
        answer(jsonResponse("{}", 301).withHeader("Location", server.baseUrl() + "/repositories/42/pulls"));
        server.stubFor(get("/repositories/42").willReturn(jsonResponse("{}", status)));

        assertThat(read().code()).isEqualTo("moved");
        assertThat(server.getAllServeEvents()).hasSize(2);
    }

    @Test
    void anotherRepositoryUnderTheNameIsNotTheOneThatIsMeant() {
        answer(jsonResponse(REPOSITORY, 200));

        assertThat(github.repository("hub-org/docs", 42).id()).isEqualTo(42);
        assertThat(catchThrowableOfType(ProviderException.class, () -> github.repository("hub-org/docs", 41))
                        .code())
                .isEqualTo("other-repository");
    }

    @ParameterizedTest
    @CsvSource({
        "You have exceeded a secondary rate limit. Please wait a few minutes.",
        "You have triggered an abuse detection mechanism.",
    })
    void aSecondaryLimitIsKnownByItsWordsAndNamesNoTime(String message) {
        answer(jsonResponse("{\"message\":\"%s\"}".formatted(message), 403)
                .withHeader("X-RateLimit-Remaining", "4321")
                .withHeader("X-RateLimit-Reset", "4102444800"));

        assertThat(read().failure())
                .isEqualTo(new Failure(FailureClass.THROTTLED, "rate-limited", "GitHub asks for a pause.", null));
        assertThat(write().kind()).isEqualTo(FailureClass.THROTTLED);
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
        "429,      17, , ,        17000",
        "429,      -5, , ,             ",
        "429,       0, , ,             ",
        "403,        , 0, 1,           ",
        "403,        , 0, ,            ",
        "403,        , 0, -1,          ",
        "429,        , , ,             ",
        "429,        , 5, 4102444800,  ",
        "429,        , 0, 4102444800000, 86400000",
        "429, 99999999, , ,    86400000",
        "429, nonsense, , ,            ",
        "403,       9, , ,         9000",
    })
    void aPauseIsReadFromWhatThereIsAndOneOfNothingIsNone(
            int status, String retryAfter, String remaining, String reset, Long pause) {
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
    void aWriteWaitsForItsTimeAndLooksAtItsLeaseAgainAfterThat() {
        answer(jsonResponse(REPOSITORY, 200));
        var waits = new Waits();
        var looks = new AtomicInteger();
        var paced = paced(waits, Duration.ofSeconds(1)).during(looks::incrementAndGet);

        paced.describe("docs", "one");
        var before = looks.get();
        paced.describe("docs", "two");

        assertThat(before).isZero();
        assertThat(waits.all).containsExactly(Duration.ofSeconds(1));
        assertThat(looks).hasValue(1);
    }

    @Test
    void onceItIsKnownThatTheLimitIsUsedUpNoCallIsMade() {
        answer(jsonResponse(REPOSITORY, 200)
                .withHeader("Date", "Wed, 04 Mar 2026 10:00:00 GMT")
                .withHeader("X-RateLimit-Limit", "5000")
                .withHeader("X-RateLimit-Remaining", "0")
                .withHeader(
                        "X-RateLimit-Reset",
                        Long.toString(Instant.parse("2026-03-04T10:01:00Z").getEpochSecond()))
                .withHeader("X-RateLimit-Resource", "core"));
        var account = paced(new Waits(), Duration.ZERO);

        account.during(() -> {}).repository("docs");
        var refusal = catchThrowableOfType(
                ProviderException.class, () -> account.during(() -> {}).repository("docs"));

        assertThat(refusal.kind()).isEqualTo(FailureClass.THROTTLED);
        assertThat(refusal.failure().retryAfterMs()).isEqualTo(60_000);
        assertThat(server.getAllServeEvents()).hasSize(1);
        assertThat(account.pace().report().allowances()).singleElement().satisfies(said -> assertThat(said.remaining())
                .isZero());
    }

    @Test
    void aSecondaryLimitKeepsAllCallsOfThatCredentialBackAndOfNoOther() {
        answer(jsonResponse("{\"message\":\"secondary rate limit\"}", 403).withHeader("Retry-After", "9"));
        var account = paced(new Waits(), Duration.ZERO);
        var other = paced(new Waits(), Duration.ZERO);

        assertThatThrownBy(() -> account.during(() -> {}).repository("docs")).isInstanceOf(ProviderException.class);
        assertThatThrownBy(() -> account.during(() -> {}).repository("docs")).isInstanceOf(ProviderException.class);
        assertThatThrownBy(() -> other.during(() -> {}).repository("docs")).isInstanceOf(ProviderException.class);

        assertThat(server.getAllServeEvents()).hasSize(2);
    }

    private GitHub.Account paced(Waits waits, Duration spacing) {
        var limits = new Limits(1, spacing, List.of(), Duration.ofMinutes(1), Duration.ofHours(24));
        return new GitHub.Client(URI.create(server.baseUrl()), Duration.ofSeconds(5), waits)
                .account("hub-org", "token", new Pace(limits, waits));
    }

    /** Time that stands still but for what is waited. */
    private static final class Waits implements Time {

        private final List<Duration> all = new ArrayList<>();
        private long nanos;

        @Override
        public Instant now() {
            return Instant.parse("2026-03-04T10:00:00Z");
        }

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public void after(Duration pause, Runnable task) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void pause(Duration pause) {
            all.add(pause);
            nanos += pause.toNanos();
        }
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

    private void connect(URI url, Duration timeout) {
        github = new GitHub.Client(url, timeout, time)
                .account("hub-org", GitHubResource.TOKEN)
                .during(() -> {});
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
