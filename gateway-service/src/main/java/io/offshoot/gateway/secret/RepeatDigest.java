package io.offshoot.gateway.secret;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.offshoot.contracts.message.Messages;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tells whether a repeat of a request brings the same secrets as the first. It is stored, so it is keyed: whoever has it
 * and not the key cannot try values until one fits, and for another request the same values have another digest.
 */
@Singleton
public class RepeatDigest {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int SHORTEST_KEY = 32;

    private final SecretKeySpec key;

    RepeatDigest(SecretsConfig config) {
        key = config.digestKey().map(RepeatDigest::key).orElse(null);
    }

    private static SecretKeySpec key(String base64) {
        var bytes = Base64.getDecoder().decode(base64);
        if (bytes.length < SHORTEST_KEY) {
            throw new IllegalArgumentException("offshoot.secrets.digest-key must have 32 bytes at least");
        }
        return new SecretKeySpec(bytes, ALGORITHM);
    }

    /** Null if there is no key to make it with, or nothing to make it of. */
    public String of(String hub, String idempotencyKey, Map<String, JsonNode> secrets) {
        if (key == null || idempotencyKey == null || secrets == null || secrets.isEmpty()) {
            return null;
        }
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update("offshoot secrets 1\n%s\n%s\n"
                    .formatted(hub, idempotencyKey)
                    .getBytes(StandardCharsets.UTF_8));
            mac.update(Messages.json().writeValueAsBytes(new TreeMap<>(secrets)));
            return HexFormat.of().formatHex(mac.doFinal());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Every Java platform has HMAC-SHA-256", impossible);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not writable as JSON");
        }
    }
}
