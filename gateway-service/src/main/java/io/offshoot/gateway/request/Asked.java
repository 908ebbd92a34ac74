package io.offshoot.gateway.request;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.message.Messages;
import io.offshoot.gateway.credential.Credential;
import io.offshoot.gateway.trace.Trace;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A request as it came.
 *
 * @param at the path it came to
 * @param key its Idempotency-Key; null if it has none
 */
public record Asked(Credential by, Trace trace, String at, DeploymentRequest request, String key) {

    /** Writes equal requests equally, however their members were ordered. */
    private static final ObjectMapper CANONICAL =
            Messages.json().copy().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

    public Asked {
        key = IdempotencyKey.checked(key);
    }

    /** Equal for what is the same request: what is asked, of what, and where; not who of the hub asks. */
    String digest() {
        var what = new DeploymentRequest(
                request.kind(),
                request.deploymentId(),
                request.appId(),
                request.actionId(),
                request.args(),
                null,
                request.rerun(),
                request.plan(),
                request.removal());
        try {
            var text = at + "\n" + CANONICAL.writeValueAsString(CANONICAL.convertValue(what, Object.class));
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (JsonProcessingException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("A request is always writable", e);
        }
    }
}
