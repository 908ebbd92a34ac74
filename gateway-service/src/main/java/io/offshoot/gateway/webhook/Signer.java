package io.offshoot.gateway.webhook;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.proof.key.SigningKey;
import io.quarkus.runtime.Startup;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs deliveries as Standard Webhooks has it, and keeps the secrets that this takes closed under the gateway's key.
 * Prints none of them.
 */
@Singleton
@Startup
class Signer {

    private static final int SECRET_BYTES = 32;
    private static final String SECRET_PREFIX = "whsec_";
    private static final String PUBLIC_PREFIX = "whpk_";

    private final List<Aead> keys;
    private final SigningKey signing;
    private final SecureRandom random = new SecureRandom();

    /** @throws IllegalArgumentException if a key is configured wrongly: a gateway does not start half able to sign */
    @Inject
    Signer(WebhooksConfig config) {
        this(config.secretKeyFile(), config.signingKeyFile());
    }

    Signer(Optional<Path> secretKeyFile, Optional<Path> signingKeyFile) {
        if (secretKeyFile.isPresent() != signingKeyFile.isPresent()) {
            throw new IllegalArgumentException(
                    "Webhooks take both offshoot.webhooks.secret-key-file and offshoot.webhooks.signing-key-file");
        }
        keys = secretKeyFile.map(Signer::keys).orElse(List.of());
        signing = signingKeyFile.map(file -> SigningKey.ofPem(read(file))).orElse(null);
    }

    private static List<Aead> keys(Path file) {
        var keys = new ArrayList<Aead>();
        try {
            for (String line : read(file).strip().split("\\s+")) {
                keys.add(new AesGcmJce(Base64.getDecoder().decode(line)));
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "offshoot.webhooks.secret-key-file must have 32 bytes in base64 on each line");
        }
        return List.copyOf(keys);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalArgumentException("A key file of offshoot.webhooks cannot be read", e);
        }
    }

    /** Ends the request if there are no keys here. */
    void mustBeSetUp() {
        if (keys.isEmpty()) {
            throw new ProblemException(ProblemType.WEBHOOKS_NOT_SET_UP, ProblemType.WEBHOOKS_NOT_SET_UP.cause());
        }
    }

    boolean isSetUp() {
        return !keys.isEmpty();
    }

    /** The key that verifies <code>v1a</code>, as Standard Webhooks writes it. */
    String publicKey() {
        mustBeSetUp();
        return PUBLIC_PREFIX
                + Base64.getEncoder().encodeToString(signing.verifying().bytes());
    }

    /** A new secret, as it is shown to its owner, this once. */
    String newSecret() {
        mustBeSetUp();
        var bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return SECRET_PREFIX + Base64.getEncoder().encodeToString(bytes);
    }

    /** As it is kept; it opens for that webhook alone. */
    byte[] close(UUID webhook, String secret) {
        try {
            return keys.get(0).encrypt(bytes(secret), context(webhook));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A secret cannot be closed", e);
        }
    }

    /** @throws GeneralSecurityException if it was closed by a key that is not here, or for another webhook */
    private byte[] open(UUID webhook, byte[] closed) throws GeneralSecurityException {
        GeneralSecurityException last = new GeneralSecurityException("There is no key");
        for (Aead key : keys) {
            try {
                return key.decrypt(closed, context(webhook));
            } catch (GeneralSecurityException e) {
                last = e;
            }
        }
        throw last;
    }

    /**
     * The value of <code>webhook-signature</code>: by each secret, and by the gateway's own key.
     *
     * @param secrets as they are kept, the newest first
     */
    String signature(UUID webhook, List<byte[]> secrets, UUID id, long timestamp, byte[] body)
            throws GeneralSecurityException {
        var head = (id + "." + timestamp + ".").getBytes(StandardCharsets.US_ASCII);
        var signed = ByteBuffer.allocate(head.length + body.length)
                .put(head)
                .put(body)
                .array();
        var signatures = new ArrayList<String>();
        for (byte[] secret : secrets) {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(open(webhook, secret), "HmacSHA256"));
            signatures.add("v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed)));
        }
        signatures.add("v1a," + Base64.getEncoder().encodeToString(signing.sign(signed)));
        return String.join(" ", signatures);
    }

    private static byte[] bytes(String secret) {
        return Base64.getDecoder().decode(secret.substring(SECRET_PREFIX.length()));
    }

    private static byte[] context(UUID webhook) {
        return ("webhook|" + webhook).getBytes(StandardCharsets.US_ASCII);
    }
}
