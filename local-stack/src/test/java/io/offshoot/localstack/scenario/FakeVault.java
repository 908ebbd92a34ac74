package io.offshoot.localstack.scenario;

import com.sun.net.httpserver.HttpServer;
import io.offshoot.contracts.message.Messages;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A HashiCorp Vault with one secret in version 2 of its key-value engine, as its
 * <a href="https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2">API's documentation</a> has it.
 */
final class FakeVault implements AutoCloseable {

    private static final Map<String, Object> METADATA =
            Map.of("created_time", "2026-11-21T10:00:00Z", "deletion_time", "", "destroyed", false, "version", 1);

    private final HttpServer server;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    /** @param path of the secret, with that of its hub */
    FakeVault(String token, String path, Map<String, String> secret) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/", exchange -> {
            asked.add("%s %s".formatted(exchange.getRequestMethod(), exchange.getRequestURI()));
            var known = token.equals(exchange.getRequestHeaders().getFirst("X-Vault-Token"));
            var there = exchange.getRequestURI().getPath().equals("/v1/secret/data/" + path);
            var answer = known && there
                    ? Map.of("data", Map.of("data", secret, "metadata", METADATA))
                    : Map.of("errors", known ? List.of() : List.of("permission denied"));
            var body = Messages.json().writeValueAsString(answer).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(known ? there ? 200 : 404 : 403, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Methods and paths, in their order. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
