package io.offshoot.gateway.oidc;

import com.sun.net.httpserver.HttpServer;
import io.offshoot.backends.FreePorts;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.OctetKeyPairJsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;

/** An issuer of tokens on this machine: a discovery document, its keys, and whatever a test wants it to sign. */
public class Issuer implements QuarkusTestResourceLifecycleManager {

    static final String AUDIENCE = "offshoot-gateway";
    static final String KID = "first";

    private static Issuer running;

    private final Map<String, PublicJsonWebKey> keys = new LinkedHashMap<>();
    private final AtomicInteger fetched = new AtomicInteger();
    private int port;
    private HttpServer server;

    static Issuer running() {
        return running;
    }

    @Override
    public Map<String, String> start() {
        try {
            port = FreePorts.next();
            running = this;
            add(KID, "RS256");
            if (isThereFromTheStart()) {
                come();
            }
            return Map.of(
                    "offshoot.oidc.enabled",
                    "true",
                    "offshoot.oidc.issuer",
                    url(),
                    "offshoot.oidc.audience",
                    AUDIENCE,
                    "quarkus.oidc.token.forced-jwk-refresh-interval",
                    "0S");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isThereFromTheStart() {
        return true;
    }

    @Override
    public void stop() {
        go();
    }

    String url() {
        return "http://127.0.0.1:" + port + "/realm";
    }

    void come() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.setExecutor(Executors.newCachedThreadPool(work -> {
            var thread = new Thread(work, "issuer");
            thread.setDaemon(true);
            return thread;
        }));
        answer("/realm/.well-known/openid-configuration", () -> """
                {"issuer":"%s","jwks_uri":"%s/keys","token_endpoint":"%s/token","authorization_endpoint":"%s/auth"}""".formatted(url(), url(), url(), url()));
        answer("/realm/keys", () -> {
            fetched.incrementAndGet();
            return "{\"keys\":[%s]}"
                    .formatted(keys.values().stream()
                            .map(key -> key.toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY))
                            .collect(Collectors.joining(",")));
        });
        server.start();
    }

    void go() {
        if (server != null) {
            server.stop(0);
            server = null;
        }
    }

    private interface Body {
        String text();
    }

    private void answer(String path, Body body) {
        server.createContext(path, exchange -> {
            var bytes = body.text().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }

    /** How often its keys were fetched. */
    int fetched() {
        return fetched.get();
    }

    /** Has a new key from now on, and tells it. */
    void add(String kid, String algorithm) {
        keys.put(kid, key(kid, algorithm));
    }

    void forget(String kid) {
        keys.remove(kid);
    }

    PublicJsonWebKey key(String kid) {
        return keys.get(kid);
    }

    static PublicJsonWebKey key(String kid, String algorithm) {
        try {
            var made = pair(algorithm);
            var key =
                    switch (algorithm) {
                        case "RS256" -> new RsaJsonWebKey((java.security.interfaces.RSAPublicKey) made.getPublic());
                        case "ES256" ->
                            new EllipticCurveJsonWebKey((java.security.interfaces.ECPublicKey) made.getPublic());
                        default -> new OctetKeyPairJsonWebKey(made.getPublic());
                    };
            key.setPrivateKey(made.getPrivate());
            key.setKeyId(kid);
            key.setAlgorithm(algorithm);
            key.setUse("sig");
            return key;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair pair(String algorithm) throws NoSuchAlgorithmException {
        return switch (algorithm) {
            case "RS256" -> {
                var generator = KeyPairGenerator.getInstance("RSA");
                generator.initialize(2048);
                yield generator.generateKeyPair();
            }
            case "ES256" -> {
                var generator = KeyPairGenerator.getInstance("EC");
                generator.initialize(256);
                yield generator.generateKeyPair();
            }
            default -> KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        };
    }

    /** Signs claims, with a key that need not be its own. */
    static String sign(PublicJsonWebKey key, String claims) {
        try {
            var signed = new JsonWebSignature();
            signed.setPayload(claims);
            signed.setKey(key.getPrivateKey());
            signed.setKeyIdHeaderValue(key.getKeyId());
            signed.setAlgorithmHeaderValue(key.getAlgorithm());
            signed.setHeader("typ", "JWT");
            return signed.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }
}
