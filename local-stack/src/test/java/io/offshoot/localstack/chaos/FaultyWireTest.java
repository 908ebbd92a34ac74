package io.offshoot.localstack.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultyWireTest {

    private final AtomicInteger effects = new AtomicInteger();
    private final HttpClient client = HttpClient.newHttpClient();
    private HttpServer provider;

    @BeforeEach
    void start() throws IOException {
        provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        provider.createContext("/", call -> {
            var body = call.getRequestBody().readAllBytes();
            effects.incrementAndGet();
            // Without a known length the answer is chunked.
            call.sendResponseHeaders(200, call.getRequestURI().getPath().equals("/chunked") ? 0 : body.length);
            try (var out = call.getResponseBody()) {
                out.write(body);
            }
        });
        provider.start();
    }

    @AfterEach
    void stop() {
        provider.stop(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/chunked"})
    void aCallThatNothingHappensToPassesWhole(String path) throws Exception {
        try (var wire = wire(CallFault.NONE)) {
            assertThat(send(wire, path)).isEqualTo("one effect");
            assertThat(send(wire, path)).isEqualTo("one effect");
        }
    }

    @Test
    void aCallThatIsResetBeforehandHasNoEffect() throws Exception {
        try (var wire = wire(CallFault.RESET_BEFORE)) {
            assertThatThrownBy(() -> send(wire, "/")).isInstanceOf(IOException.class);
            assertThat(effects).hasValue(0);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DROP_ANSWER", "CUT_BODY"})
    void aCallWhoseAnswerIsLostHasHadItsEffect(CallFault fault) throws Exception {
        try (var wire = wire(fault)) {
            assertThatThrownBy(() -> send(wire, "/")).isInstanceOf(IOException.class);
            assertThat(effects).hasValue(1);
        }
    }

    @Test
    void onceHealedNothingGoesWrong() throws Exception {
        try (var wire = wire(CallFault.RESET_BEFORE)) {
            wire.heal();

            assertThat(send(wire, "/")).isEqualTo("one effect");
        }
    }

    private FaultyWire wire(CallFault fault) throws IOException {
        return FaultyWire.to(() -> provider.getAddress().getPort(), call -> fault, Duration.ofMillis(100));
    }

    private String send(FaultyWire wire, String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + wire.port() + path))
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(Duration.ofSeconds(5))
                .POST(BodyPublishers.ofString("one effect", StandardCharsets.UTF_8))
                .build();
        return client.send(request, BodyHandlers.ofString()).body();
    }
}
