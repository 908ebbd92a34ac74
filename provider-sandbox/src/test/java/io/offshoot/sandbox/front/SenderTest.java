package io.offshoot.sandbox.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.offshoot.sandbox.control.Sandbox;
import io.offshoot.sandbox.outgoing.Delivery;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is in the outbox really arrives. */
@QuarkusTest
class SenderTest {

    @Inject
    Sandbox sandbox;

    private final List<String> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger status = new AtomicInteger(204);
    private HttpServer server;

    @BeforeEach
    void listen() throws IOException {
        sandbox.reset();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes());
            received.add(exchange.getRequestHeaders().getFirst("X-GitHub-Event") + " " + body);
            exchange.sendResponseHeaders(status.get(), -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void messageArrivesWithItsHeaders() {
        put("github");

        await().until(() -> outcome().equals("answered 204"));
        assertThat(received).containsExactly("push {}");
    }

    @Test
    void messageThatIsNotTakenArrivesAgain() {
        status.set(500);
        put("vercel");

        await().until(() -> received.size() > 1);
        status.set(200);
        await().until(() -> outcome().equals("answered 200"));
    }

    private void put(String provider) {
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
        sandbox.store().write(() -> sandbox.outbox()
                .put(
                        provider,
                        "push",
                        "x",
                        url,
                        Map.of("X-GitHub-Event", "push"),
                        "{}",
                        sandbox.clock().instant()));
    }

    private String outcome() {
        List<Delivery> all = sandbox.store().read(() -> sandbox.outbox().all());
        return String.valueOf(all.get(0).outcome());
    }
}
