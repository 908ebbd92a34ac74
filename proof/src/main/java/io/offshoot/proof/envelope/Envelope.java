package io.offshoot.proof.envelope;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.offshoot.proof.key.SigningKey;
import io.offshoot.proof.key.VerifyingKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * A DSSE envelope: bytes, what they are, and who signed both
 * (<a href="https://github.com/secure-systems-lab/dsse/blob/v1.0.2/protocol.md">protocol 1.0.2</a>).
 *
 * @param payload the signed bytes, in base64
 * @param payloadType what they are; signed with them
 */
public record Envelope(String payload, String payloadType, List<Sig> signatures) {

    /** An in-toto statement. */
    public static final String IN_TOTO = "application/vnd.in-toto+json";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /**
     * @param keyid says which key to try; proves nothing. Null where it is not said
     * @param sig the signature, in base64
     */
    public record Sig(
            @JsonProperty("keyid") String keyid,
            @JsonProperty("sig") String sig) {

        public Sig {
            Objects.requireNonNull(sig, "sig");
        }
    }

    public Envelope {
        Objects.requireNonNull(payload, "payload");
        Objects.requireNonNull(payloadType, "payloadType");
        signatures = List.copyOf(signatures);
    }

    public static Envelope signed(byte[] payload, String payloadType, SigningKey key) {
        var sig = key.sign(preAuthentication(payloadType, payload));
        return new Envelope(base64(payload), payloadType, List.of(new Sig(key.id(), base64(sig))));
    }

    /** @throws IllegalArgumentException if it is no envelope; nothing of it is in the message */
    public static Envelope read(byte[] json) {
        try {
            var envelope = JSON.readValue(json, Envelope.class);
            if (envelope == null) {
                throw new IllegalArgumentException("There is no envelope");
            }
            return envelope;
        } catch (java.io.IOException e) {
            throw new IllegalArgumentException("This is no DSSE envelope");
        }
    }

    public byte[] toJson() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("An envelope is always writable", impossible);
        }
    }

    /** The signed bytes. Believe them only after {@link #verifiedBy}. @throws IllegalArgumentException if they are no base64 */
    public byte[] bytes() {
        return decoded(payload);
    }

    /** What is signed: the payload and its type, each with its length before it (PAE). */
    public byte[] preAuthentication() {
        return preAuthentication(payloadType, bytes());
    }

    /**
     * Which of these keys signed it. A signature is tried with the key of its id, and one without an id with each: the id
     * is a hint.
     *
     * @throws IllegalArgumentException if the payload is no base64
     */
    public List<VerifyingKey> verifiedBy(Collection<VerifyingKey> keys) {
        var message = preAuthentication();
        var found = new ArrayList<VerifyingKey>();
        for (VerifyingKey key : keys) {
            if (signatures.stream().anyMatch(sig -> isBy(key, sig, message))) {
                found.add(key);
            }
        }
        return List.copyOf(found);
    }

    /** The same with one more signature. */
    public Envelope countersigned(SigningKey key) {
        return with(new Sig(key.id(), base64(key.sign(preAuthentication()))));
    }

    /** The same with one more signature, which is not looked at here. */
    public Envelope with(Sig sig) {
        var all = new ArrayList<>(signatures);
        all.add(sig);
        return new Envelope(payload, payloadType, all);
    }

    private static boolean isBy(VerifyingKey key, Sig sig, byte[] message) {
        if (sig.keyid() != null && !sig.keyid().isEmpty() && !sig.keyid().equals(key.id())) {
            return false;
        }
        try {
            return key.verifies(message, decoded(sig.sig()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static byte[] preAuthentication(String type, byte[] payload) {
        var typeBytes = type.getBytes(StandardCharsets.UTF_8);
        var head = "DSSEv1 %d %s %d "
                .formatted(typeBytes.length, type, payload.length)
                .getBytes(StandardCharsets.UTF_8);
        var whole = Arrays.copyOf(head, head.length + payload.length);
        System.arraycopy(payload, 0, whole, head.length, payload.length);
        return whole;
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Both alphabets are allowed. */
    private static byte[] decoded(String text) {
        return Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/'));
    }
}
