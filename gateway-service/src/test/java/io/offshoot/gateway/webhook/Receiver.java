package io.offshoot.gateway.webhook;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.offshoot.backends.FreePorts;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A receiver of webhooks that may be called, beside one that must not be: the trap counts who connects. And the keys that
 * a gateway needs.
 */
public final class Receiver implements QuarkusTestResourceLifecycleManager {

    record Arrival(String path, Map<String, List<String>> headers, byte[] body) {

        String header(String name) {
            return headers.entrySet().stream()
                    .filter(header -> header.getKey().equalsIgnoreCase(name))
                    .map(header -> header.getValue().get(0))
                    .findFirst()
                    .orElse(null);
        }
    }

    private static final List<Arrival> ARRIVALS = new CopyOnWriteArrayList<>();
    private static final Map<String, List<Integer>> ANSWERS = new ConcurrentHashMap<>();
    private static final Map<String, CountDownLatch> HELD = new ConcurrentHashMap<>();
    private static final AtomicInteger TRAPPED = new AtomicInteger();
    private static int port;
    private static int trapPort;

    private HttpServer server;
    private ServerSocket trap;

    static String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    static int trapPort() {
        return trapPort;
    }

    /** How many connections came to where none may come. */
    static int trapped() {
        return TRAPPED.get();
    }

    static List<Arrival> arrivals(String path) {
        return ARRIVALS.stream().filter(arrival -> arrival.path().equals(path)).toList();
    }

    /** Answers with these statuses in turn, and with the last from then on. */
    static void answers(String path, Integer... statuses) {
        ANSWERS.put(path, new CopyOnWriteArrayList<>(statuses));
    }

    /** Does not answer before the latch is open. */
    static CountDownLatch holds(String path) {
        return HELD.computeIfAbsent(path, none -> new CountDownLatch(1));
    }

    @Override
    public Map<String, String> start() {
        try {
            port = FreePorts.next();
            server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
            server.setExecutor(Executors.newCachedThreadPool());
            server.createContext("/", this::take);
            server.start();
            trap = new ServerSocket(0, 50, InetAddress.getByName("0.0.0.0"));
            trapPort = trap.getLocalPort();
            var counting = new Thread(this::count, "trap");
            counting.setDaemon(true);
            counting.start();
            var folder = Files.createTempDirectory("webhook-keys");
            return Map.ofEntries(
                    Map.entry(
                            "offshoot.webhooks.secret-key-file",
                            secretKey(folder).toString()),
                    Map.entry(
                            "offshoot.webhooks.signing-key-file",
                            signingKey(folder).toString()),
                    Map.entry("offshoot.webhooks.allow", "127.0.0.1:" + port),
                    Map.entry("offshoot.webhooks.ports", "443,8443," + trapPort),
                    Map.entry("offshoot.webhooks.schedule", "0s,50ms,50ms"),
                    Map.entry("offshoot.webhooks.within", "10s"),
                    Map.entry("offshoot.webhooks.tick", "100ms"),
                    Map.entry("offshoot.hooks.github.secret", "github-new"),
                    Map.entry("offshoot.hooks.github.previous-secret", "github-old"),
                    Map.entry("offshoot.hooks.vercel.secret", "vercel-new"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path secretKey(Path folder) throws IOException {
        var bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return Files.writeString(
                folder.resolve("webhook-secrets.key"), Base64.getEncoder().encodeToString(bytes));
    }

    static Path signingKey(Path folder) throws IOException {
        return Files.writeString(
                folder.resolve("webhook-signing.pem"),
                io.offshoot.proof.key.SigningKey.generate().toPem());
    }

    private void take(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        ARRIVALS.add(new Arrival(
                path,
                Map.copyOf(exchange.getRequestHeaders()),
                exchange.getRequestBody().readAllBytes()));
        try {
            if (HELD.containsKey(path)) {
                HELD.get(path).await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        var statuses = ANSWERS.getOrDefault(path, List.of(200));
        var status = statuses.size() > 1 ? statuses.remove(0) : statuses.get(0);
        exchange.getResponseHeaders().add("Location", url("/followed"));
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    private void count() {
        try {
            while (true) {
                trap.accept().close();
                TRAPPED.incrementAndGet();
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    @Override
    public void stop() {
        if (server != null) {
            server.stop(0);
        }
        try {
            if (trap != null) {
                trap.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
