package io.offshoot.gateway.limit;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.offshoot.backends.KafkaResource;
import io.offshoot.backends.PostgresResource;
import io.offshoot.contracts.message.StepState;
import io.offshoot.gateway.FakeOrchestrator;
import io.offshoot.gateway.Health;
import io.offshoot.gateway.Http;
import io.offshoot.gateway.Surroundings;
import io.offshoot.gateway.TopicReader;
import io.offshoot.gateway.credential.Forged;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway with narrow limits, called as no client library would. */
@QuarkusTest
@WithTestResource(KafkaResource.class)
@WithTestResource(PostgresResource.class)
@WithTestResource(
        value = Surroundings.class,
        initArgs = {
            @ResourceArg(name = "offshoot.limits.bad-tries", value = "5"),
            @ResourceArg(name = "offshoot.limits.bad-tries-of-token", value = "3"),
            @ResourceArg(name = "offshoot.limits.tries-within", value = "1h"),
            @ResourceArg(name = "offshoot.limits.address.per-second", value = "0.01"),
            @ResourceArg(name = "offshoot.limits.address.burst", value = "400"),
            @ResourceArg(name = "offshoot.limits.hub.per-second", value = "0.01"),
            @ResourceArg(name = "offshoot.limits.hub.burst", value = "200"),
            @ResourceArg(name = "offshoot.limits.body-within", value = "1s"),
            @ResourceArg(name = "offshoot.browser.origins", value = "https://app.example.org"),
            @ResourceArg(name = "offshoot.browser.strict-transport-security", value = "max-age=31536000"),
        })
class LimitsTest {

    private static final String ACTION = "/api/v1/deployments/" + FakeOrchestrator.ID + "/apps/docs/actions/repository";
    private static final String WORKFLOWS = "/api/v1/workflows";

    /** Whoever is let in hears that it is not there, without anybody else being asked. */
    private static final String NOWHERE = "/api/v1/hubs/nowhere";

    private static final String HOST = "Host: gateway\r\n";
    private static final String OWNER = HOST + "Authorization: Bearer north-owner\r\n";

    /** What must not run: it would be seen at the orchestrator, and on the topic. */
    private static final String SMUGGLED = "POST " + ACTION + " HTTP/1.1\r\n" + OWNER + "Content-Length: 0\r\n\r\n";

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String kafka;

    private final FakeOrchestrator orchestrator = Surroundings.orchestrator();
    private TopicReader topic;

    @BeforeEach
    void begin() {
        await().atMost(Duration.ofSeconds(20)).until(() -> Health.ready() == 200);
        orchestrator.reset();
        topic = new TopicReader(kafka);
    }

    @AfterEach
    void end() {
        topic.close();
    }

    private static RawHttp.Answer get(String from, String path, String token) throws Exception {
        return RawHttp.send(
                from,
                "GET " + path + " HTTP/1.1\r\n" + HOST + "Authorization: Bearer " + token
                        + "\r\nConnection: close\r\n\r\n");
    }

    private static String wrong(int number) {
        return "wrong-" + number;
    }

    private void nothingHappened() {
        assertThat(orchestrator.calls()).isEmpty();
        assertThat(topic.published()).isEmpty();
    }

    // Bad tries

    @Test
    void tooManyWrongTokensShutOutTheirAddressAndNoOther() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertThat(get("127.0.0.3", NOWHERE, wrong(i)).status()).isEqualTo(401);
        }

        var refused = get("127.0.0.3", NOWHERE, "north-owner");

        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("Retry-After")).matches("3[56][0-9]{2}");
        assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"bad-tries\";q=5;w=3600");
        assertThat(refused.header("RateLimit")).matches("\"bad-tries\";r=0;t=3[56][0-9]{2}");
        assertThat(refused.body()).contains("\"code\":\"too-many-tries\"").doesNotContain("north-owner");
        nothingHappened();
        assertThat(get("127.0.0.4", NOWHERE, "north-owner").status()).isEqualTo(404);
    }

    @Test
    void whoWasGoodFromThereBeforeGoesOn() throws Exception {
        assertThat(get("127.0.0.5", NOWHERE, "north-owner").status()).isEqualTo(404);
        for (int i = 0; i < 5; i++) {
            get("127.0.0.5", NOWHERE, wrong(i));
        }

        assertThat(get("127.0.0.5", NOWHERE, wrong(9)).status()).isEqualTo(429);
        assertThat(get("127.0.0.5", NOWHERE, "north-owner").status()).isEqualTo(404);
    }

    @Test
    void wrongTriesOfOneTokenAreRefusedFromEverywhereAndItsHolderGoesOn() throws Exception {
        String key = await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> given().header("Authorization", "Bearer north-owner")
                                .contentType("application/json")
                                .body("{\"name\":\"x\",\"role\":\"member\"}")
                                .post("/api/v1/hubs/north/api-keys")
                                .path("key"),
                        made -> made != null);
        String other = given().header("Authorization", "Bearer north-owner")
                .contentType("application/json")
                .body("{\"name\":\"y\",\"role\":\"member\"}")
                .post("/api/v1/hubs/north/api-keys")
                .path("key");
        var forged = Forged.withIdOf(key, other);

        var statuses = new ArrayList<Integer>();
        for (int i = 0; i < 4; i++) {
            statuses.add(get("127.0.1." + (i + 1), NOWHERE, forged).status());
        }

        assertThat(statuses).containsExactly(401, 401, 429, 429);
        assertThat(get("127.0.1.9", NOWHERE, key).status()).isEqualTo(404);
    }

    // Requests

    @Test
    void anAddressSendsSoManyRequestsAndAnotherIsNotAffected() throws Exception {
        var path = "/problems/unauthenticated";
        var request = "GET " + path + " HTTP/1.1\r\n" + HOST + "\r\n";

        var answers = RawHttp.send("127.0.0.6", request.repeat(401));

        assertThat(answers.statuses()).hasSize(401);
        assertThat(answers.statuses().subList(0, 400)).containsOnly(200);
        assertThat(answers.statuses().get(400)).isEqualTo(429);
        assertThat(answers.text())
                .contains("\"code\":\"too-many-requests\"")
                .contains("RateLimit-Policy: \"address\";q=400;w=40000")
                .contains("Retry-After: ");
        assertThat(RawHttp.send("127.0.0.7", request).status()).isEqualTo(200);
    }

    @Test
    void aHubSendsSoManyRequestsAndAnotherIsNotAffected() throws Exception {
        var request = "GET /api/v1/hubs/nowhere HTTP/1.1\r\n" + HOST + "Authorization: Bearer south-owner\r\n\r\n";

        var answers = RawHttp.send("127.0.0.8", request.repeat(201));

        assertThat(answers.statuses()).hasSize(201);
        assertThat(answers.statuses().subList(0, 200)).containsOnly(404);
        assertThat(answers.statuses().get(200)).isEqualTo(429);
        assertThat(answers.text()).contains("RateLimit-Policy: \"hub\";q=200;w=20000");
        assertThat(get("127.0.0.8", NOWHERE, "north-owner").status()).isEqualTo(404);
    }

    // Sizes and times

    @Test
    void aBodyInChunksThatIsFarTooLargeIsRefusedAsAProblem() throws Exception {
        var large = "{\"mode\":\"init\",\"config\":{\"a\":\"" + "x".repeat(600_000) + "\"}}";

        var answer = Http.CLIENT.send(
                Http.to("/api/deploy", "north-owner")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofInputStream(
                                () -> new ByteArrayInputStream(large.getBytes(StandardCharsets.UTF_8))))
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(answer.body()).contains("\"code\":\"body-too-large\"").doesNotContain("xxx");
        nothingHappened();
    }

    @Test
    void tooManyHeadersTooLargeAHeadAndTooLongALineAreRefused() throws Exception {
        var get = "GET " + WORKFLOWS + " HTTP/1.1\r\n" + OWNER;

        var many = RawHttp.send("127.0.0.10", get + "X-A: b\r\n".repeat(100) + "\r\n");
        var large = RawHttp.send("127.0.0.10", get + "X-A: " + "b".repeat(20_000) + "\r\n\r\n");
        var line = RawHttp.send("127.0.0.10", "GET /" + "a".repeat(5_000) + " HTTP/1.1\r\n" + OWNER + "\r\n");

        assertThat(many.status()).isEqualTo(431);
        assertThat(many.body()).contains("\"code\":\"too-many-headers\"");
        assertThat(large.status()).isEqualTo(431);
        assertThat(line.status()).isEqualTo(414);
        assertThat(List.of(many, large, line)).allMatch(RawHttp.Answer::closed);
        nothingHappened();
    }

    @Test
    void aBodyThatDoesNotComeIsNotWaitedFor() throws Exception {
        var answer = RawHttp.send(
                "127.0.0.11",
                "POST /api/deploy HTTP/1.1\r\n" + OWNER
                        + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"mode\":");

        assertThat(answer.closed()).isTrue();
        assertThat(answer.statuses()).doesNotContain(200, 202);
        nothingHappened();
    }

    @Test
    void aPollThatIsHeldIsNotCutOffForHavingNoMoreToSay() throws Exception {
        orchestrator.logs("repository", StepState.RUNNING);

        var answer = RawHttp.send(
                "127.0.0.20", "GET " + ACTION + "?wait=2 HTTP/1.1\r\n" + OWNER + "Connection: close\r\n\r\n");

        assertThat(answer.status()).isEqualTo(200);
    }

    // Smuggling

    static List<String> smuggling() {
        var post = "POST /api/v1/deployments HTTP/1.1\r\n" + OWNER + "Content-Type: application/json\r\n";
        var chunked = "0\r\n\r\n" + SMUGGLED;
        return List.of(
                // Both lengths: to a proxy that goes by the first, all that follows is the body.
                post + "Content-Length: " + chunked.length() + "\r\nTransfer-Encoding: chunked\r\n\r\n" + chunked,
                post + "Transfer-Encoding: chunked\r\nContent-Length: " + chunked.length() + "\r\n\r\n" + chunked,
                // Two lengths, which differ, or do not, or stand in one field.
                post + "Content-Length: 0\r\nContent-Length: " + SMUGGLED.length() + "\r\n\r\n" + SMUGGLED,
                post + "Content-Length: 0, " + SMUGGLED.length() + "\r\n\r\n" + SMUGGLED,
                post + "Content-Length: +0\r\n\r\n" + SMUGGLED,
                post + "Content-Length: -1\r\n\r\n" + SMUGGLED,
                // Encodings that one of two does not recognise.
                post + "Transfer-Encoding: xchunked\r\n\r\n" + SMUGGLED,
                post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n" + chunked,
                post + "Transfer-Encoding:\u000bchunked\r\n\r\n" + chunked,
                post + "Transfer-Encoding : chunked\r\n\r\n" + chunked,
                // A folded field.
                post + "Transfer-Encoding:\r\n chunked\r\n\r\n" + chunked,
                post + "X-A: b\r\n Content-Length: " + SMUGGLED.length() + "\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + chunked,
                // Sizes of chunks that are none.
                post + "Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n" + SMUGGLED,
                post + "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n" + SMUGGLED,
                post + "Transfer-Encoding: chunked\r\n\r\n0;a=b\nc\r\n\r\n" + SMUGGLED,
                post + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\n\r\n" + SMUGGLED,
                // Whatever stands behind a body in chunks.
                post + "Transfer-Encoding: chunked\r\n\r\n2\r\n[]\r\n0\r\n\r\n" + SMUGGLED,
                // HTTP/1.0 knows no chunks.
                post.replace("HTTP/1.1", "HTTP/1.0") + "Transfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n"
                        + chunked,
                // A line end within a line.
                "POST /api/v1/deployments HTTP/1.1\r\n" + HOST
                        + "X-A: b\rContent-Length: 0\r\nTransfer-Encoding: chunked" + "\r\n\r\n" + chunked);
    }

    @ParameterizedTest
    @MethodSource("smuggling")
    void whatIsSmuggledInABodyNeverRuns(String bytes) throws Exception {
        var answer = RawHttp.send("127.0.0.12", bytes);

        assertThat(answer.closed()).isTrue();
        assertThat(answer.statuses()).doesNotContain(200, 201, 202);
        nothingHappened();
    }

    @Test
    void twoRequestsOneBehindTheOtherAreTwo() throws Exception {
        var answer = RawHttp.send("127.0.0.12", ("GET " + NOWHERE + " HTTP/1.1\r\n" + OWNER + "\r\n").repeat(2));

        assertThat(answer.statuses()).containsExactly(404, 404);
    }

    // Browsers

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/problems/forbidden",
                "/q/openapi",
                "/q/nothing",
                WORKFLOWS,
                "/api/v1/nothing",
                "/api/v1/deployments/x",
                "/nothing"
            })
    void everyAnswerTellsBrowsersWhatToMakeOfIt(String path) throws Exception {
        for (String token : List.of("north-owner", "wrong")) {
            var answer = get("127.0.2." + (Math.abs(path.hashCode()) % 250 + 1), path, token);

            assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
            assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
            assertThat(answer.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
            assertThat(answer.header("Strict-Transport-Security")).isEqualTo("max-age=31536000");
            assertThat(answer.header("Content-Security-Policy"))
                    .contains("default-src 'none'")
                    .contains("frame-ancestors 'none'")
                    .doesNotContain("unsafe-");
            assertThat(answer.header("Server")).isNull();
        }
    }

    @Test
    void onlyOriginsOnTheListReadAnswers() throws Exception {
        var listed = RawHttp.send(
                "127.0.0.13", "GET " + WORKFLOWS + " HTTP/1.1\r\n" + OWNER + "Origin: https://app.example.org\r\n\r\n");
        var other = RawHttp.send(
                "127.0.0.13",
                "GET " + WORKFLOWS + " HTTP/1.1\r\n" + OWNER + "Origin: https://app.example.org.evil.example\r\n\r\n");

        assertThat(listed.header("Access-Control-Allow-Origin")).isEqualTo("https://app.example.org");
        assertThat(listed.header("Access-Control-Allow-Credentials")).isNull();
        assertThat(listed.header("Vary")).contains("Origin");
        assertThat(other.header("Access-Control-Allow-Origin")).isNull();
    }

    @Test
    void onlyOriginsOnTheListMayAskForMoreThanSimpleRequests() throws Exception {
        var ask = "OPTIONS /api/deploy HTTP/1.1\r\n" + HOST + "Access-Control-Request-Method: POST\r\n"
                + "Access-Control-Request-Headers: authorization\r\nConnection: close\r\nOrigin: ";

        var listed = RawHttp.send("127.0.0.14", ask + "https://app.example.org\r\n\r\n");
        var other = RawHttp.send("127.0.0.14", ask + "https://evil.example\r\n\r\n");
        var simple = RawHttp.send(
                "127.0.0.14",
                "POST /api/deploy HTTP/1.1\r\n" + HOST
                        + "Origin: https://evil.example\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}");

        assertThat(listed.status()).isEqualTo(204);
        assertThat(listed.header("Access-Control-Allow-Headers")).contains("Authorization");
        assertThat(other.status()).isEqualTo(401);
        assertThat(other.text()).doesNotContain("Access-Control-Allow");
        assertThat(simple.status()).isEqualTo(401);
        nothingHappened();
    }

    // Ports

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/q/health",
                "/q/health/live",
                "/q/health/ready",
                "/q/metrics",
                "/q/dev",
                "/q/dev-ui",
                "/q/dev/",
                "/q/dev-ui/welcome",
                "/q/arc/beans",
                "/q/info"
            })
    void whatIsForOperatorsIsNotOnThePublicPort(String path) throws Exception {
        assertThat(get("127.0.0.15", path, "north-owner").status()).isEqualTo(404);
    }

    // Addresses and log lines that were made to mislead

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/hubs/north/../south",
                "/api/v1/hubs/%2e%2e/south",
                "/api/v1/hubs/north/%2e%2e/south/api-keys",
                "/api/v1/hubs/north%2f..%2fsouth",
                "/api/v1/hubs/south%00",
                "/api/v1/hubs/south;a=b",
                "/api/v1/hubs/%252e%252e%252fsouth",
                "/api/v1/hubs/north/api-keys/..%2f..%2fsouth",
                "/api/v1/hubs/north/api-keys/%00",
                "/api/v1/hubs/north/members/%2e%2e%2fx",
                "/api/v1/deployments/..%2f..%2fhubs%2fsouth",
                "/api/v1/deployments/%0d%0aX-Forged:%201",
                "/api/v1/workflows/..%5c..%5cx",
                "/api/v1/workflows/%ff%fe",
                "/api/v1/hubs/south/./"
            })
    void anAddressThatLeadsElsewhereLeadsNowhere(String path) throws Exception {
        var answer = get("127.0.0.16", path, "north-owner");

        assertThat(answer.status()).isIn(400, 404);
        assertThat(answer.text()).doesNotContain("\"id\":\"south\"").doesNotContain("\nX-Forged");
        assertThat(orchestrator.calls()).noneMatch(call -> call.path().contains("south"));
    }

    @Test
    void whatCallersSendIsNeverALineOfTheLog() throws Exception {
        var lines = new ArrayList<String>();
        var handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                var text = new StringBuilder(String.valueOf(line.getMessage()));
                if (line.getParameters() != null) {
                    for (Object parameter : line.getParameters()) {
                        text.append(' ').append(parameter);
                    }
                }
                lines.add(text.toString());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger.getLogger("").addHandler(handler);
        try {
            for (String forged :
                    List.of("%0a12:00:00.000 INFO  forged", "%1b[31mforged", "%0d%0aforged", "%e2%80%a8forged")) {
                var path = forged.replace(" ", "%20");
                get("127.0.0.17", "/api/v1/hubs/" + path, "north-owner");
                get("127.0.0.17", "/api/v1/hubs/north/api-keys/" + path, "north-owner");
                get("127.0.0.17", "/api/v1/deployments/" + path, "north-owner");
                RawHttp.send(
                        "127.0.0.17",
                        "POST /api/v1/hubs/north/api-keys HTTP/1.1\r\n" + OWNER
                                + "User-Agent: \u001b[31mforged\r\ntraceparent: forged\r\nX-Forwarded-For: forged\r\n"
                                + "Content-Type: application/json\r\nIdempotency-Key: forged\u001b\r\nContent-Length: 42"
                                + "\r\nConnection: close\r\n\r\n{\"name\":\"a\\nforged\\u001b\",\"role\":\"member\"}");
            }
        } finally {
            Logger.getLogger("").removeHandler(handler);
        }

        assertThat(lines).noneMatch(line -> line.contains("forged"));
    }

    @Test
    void aHeaderInAHeaderIsRefused() throws Exception {
        var answer = RawHttp.send(
                "127.0.0.18",
                "GET " + WORKFLOWS + " HTTP/1.1\r\n" + OWNER + "Last-Event-ID: 1\u0000\r\nX-B: c\rd\r\n\r\n");

        assertThat(answer.status()).isEqualTo(400);
        nothingHappened();
    }
}
