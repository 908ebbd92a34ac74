package io.offshoot.orchestrator;

import io.offshoot.proof.key.SigningKey;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/** Makes the services of the tests known, and time pass quickly. */
public final class ServiceTokens implements QuarkusTestResourceLifecycleManager {

    static final String GATEWAY = "gateway-token";
    static final String GITHUB = "github-token";
    static final String VERCEL = "vercel-token";

    @Override
    public Map<String, String> start() {
        return Map.ofEntries(
                Map.entry("offshoot.services.gateway.token-sha256", sha256(GATEWAY)),
                Map.entry("offshoot.receipt.key", receiptKey().toString()),
                Map.entry("offshoot.services.github-executor.token-sha256", sha256(GITHUB)),
                Map.entry("offshoot.services.github-executor.provider", "github"),
                Map.entry("offshoot.services.vercel-executor.token-sha256", sha256(VERCEL)),
                Map.entry("offshoot.services.vercel-executor.provider", "vercel"),
                Map.entry("offshoot.timing.lease", "PT1.5S"),
                Map.entry("offshoot.timing.retry-delay", "PT0.2S"),
                Map.entry("offshoot.timing.probe-after-lapse", "PT0.1S"),
                Map.entry("offshoot.timing.probe-after-uncertain", "PT0.2S"),
                Map.entry("offshoot.timing.resend-after", "PT1S"),
                Map.entry("offshoot.timing.tick", "PT0.05S"));
    }

    @Override
    public void stop() {}

    private static Path receiptKey() {
        try {
            var file = Files.createTempFile("receipt-key", ".pem");
            file.toFile().deleteOnExit();
            return Files.writeString(file, SigningKey.generate().toPem());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
