package io.offshoot.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.JksOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PosterTest {

    private static final String WORD = "password";
    private static final Duration WITHIN = Duration.ofSeconds(3);

    @TempDir
    static Path folder;

    private static Vertx vertx;
    private static Path certificate;

    private final CopyOnWriteArrayList<String> hosts = new CopyOnWriteArrayList<>();
    private HttpServer server;

    @BeforeAll
    static void makeACertificate() throws Exception {
        vertx = Vertx.vertx();
        certificate = folder.resolve("hooks.p12");
        var made = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "hooks",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=hooks.example.org",
                        "-ext",
                        "SAN=dns:hooks.example.org",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        certificate.toString(),
                        "-storepass",
                        WORD)
                .redirectErrorStream(true)
                .start();
        assertThat(made.waitFor()).isZero();
    }

    @AfterAll
    static void close() {
        vertx.close();
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.stop(0);
        }
    }

    /** Answers 200 with so much of a body. */
    private int serveTls(int length) throws Exception {
        var keys = KeyStore.getInstance(certificate.toFile(), WORD.toCharArray());
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, WORD.toCharArray());
        var tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        var https = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(tls));
        server = https;
        server.createContext("/", exchange -> {
            hosts.add(exchange.getRequestHeaders().getFirst("Host"));
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, length == 0 ? -1 : length);
            try (OutputStream body = exchange.getResponseBody()) {
                var part = new byte[1024];
                for (int sent = 0; sent < length; sent += part.length) {
                    body.write(part);
                }
            } catch (IOException cut) {
                hosts.add("cut");
            }
        });
        server.start();
        return server.getAddress().getPort();
    }

    /** As if the name had led to an address of this machine, and that had been right. */
    private static Receivers.Target target(boolean tls, String host, int port) throws Exception {
        return new Receivers.Target(
                new ReceiverUrl(tls, host, port, "/hook", null, false), InetAddress.getByName("127.0.0.1"));
    }

    private static Poster.Result post(HttpClientOptions options, Receivers.Target target) throws Exception {
        var poster = new Poster(vertx, options, WITHIN);
        try {
            return poster.post(target, Map.of("webhook-id", "1"), new byte[] {'{', '}'})
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
        } finally {
            poster.close();
        }
    }

    private static HttpClientOptions trusting() {
        return new HttpClientOptions()
                .setTrustOptions(
                        new JksOptions().setPath(certificate.toString()).setPassword(WORD));
    }

    /** No name server knows this name: what is connected to is the address, and the name is only asked for there. */
    @Test
    void theCheckedAddressIsConnectedToUnderTheName() throws Exception {
        var port = serveTls(0);

        var result = post(trusting(), target(true, "hooks.example.org", port));

        assertThat(result).isEqualTo(new Poster.Result(200, null));
        assertThat(hosts).containsExactly("hooks.example.org:" + port);
    }

    @Test
    void aCertificateOfAnotherNameIsRefused() throws Exception {
        var port = serveTls(0);

        var result = post(trusting(), target(true, "other.example.org", port));

        assertThat(result).isEqualTo(new Poster.Result(null, "tls"));
        assertThat(hosts).isEmpty();
    }

    @Test
    void aCertificateThatNobodyVouchesForIsRefused() throws Exception {
        var port = serveTls(0);

        var result = post(new HttpClientOptions(), target(true, "hooks.example.org", port));

        assertThat(result).isEqualTo(new Poster.Result(null, "tls"));
        assertThat(hosts).isEmpty();
    }

    @Test
    void ofALongAnswerNoMoreIsReadThanCounts() throws Exception {
        var port = serveTls(64 * 1024 * 1024);

        var result = post(trusting(), target(true, "hooks.example.org", port));

        assertThat(result).isEqualTo(new Poster.Result(200, null));
    }

    @Test
    void aReceiverThatSaysNothingIsLeftInTime() throws Exception {
        try (var silent = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            var begin = System.nanoTime();

            var result = post(new HttpClientOptions(), target(false, "hooks.example.org", silent.getLocalPort()));

            assertThat(result).isEqualTo(new Poster.Result(null, "timeout"));
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
        }
    }

    @Test
    void nobodyThereIsAFailedTry() throws Exception {
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }

        assertThat(post(new HttpClientOptions(), target(false, "hooks.example.org", port)))
                .isEqualTo(new Poster.Result(null, "connection"));
    }
}
