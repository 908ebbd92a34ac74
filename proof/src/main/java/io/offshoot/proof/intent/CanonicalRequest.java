package io.offshoot.proof.intent;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.proof.canonical.CanonicalJson;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * What a hub asks for, in the one form that is signed: the body of <code>POST /api/v1/deployments</code>
 *
 * <ul>
 *   <li>without its member <code>intent</code>;
 *   <li>with <code>null</code> in place of each value in <code>secrets</code>, but for an object whose only member is a
 *       whole number <code>generate</code>: a rule is no secret, and stays as it is;
 *   <li>written by RFC 8785 (JCS).
 * </ul>
 *
 * It has no secret in it and may be kept, shown and logged as the request may. Immutable.
 */
public final class CanonicalRequest {

    private static final String INTENT = "intent";
    private static final String SECRETS = "secrets";
    private static final String GENERATE = "generate";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final String text;
    private final ObjectNode body;

    private CanonicalRequest(String text, ObjectNode body) {
        this.text = text;
        this.body = body;
    }

    /**
     * Of a body as the client sent it, with its secrets.
     *
     * @throws IntentRefusedException if it has no one canonical form: a number that a double does not hold exactly would
     *     be another number to another reader
     */
    public static CanonicalRequest of(ObjectNode sent) {
        var bare = sent.deepCopy();
        bare.remove(INTENT);
        withoutValues(bare);
        demandExactNumbers(bare);
        try {
            return read(new String(CanonicalJson.of(bare), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new IntentRefusedException(IntentFlaw.NOT_CANONICAL);
        }
    }

    /** Of the text that {@link #text} gave. @throws IntentRefusedException if it is none */
    public static CanonicalRequest read(String text) {
        try {
            if (JSON.readTree(text) instanceof ObjectNode body) {
                return new CanonicalRequest(text, body);
            }
        } catch (JsonProcessingException e) {
            // Whatever it is, it is no request.
        }
        throw new IntentRefusedException(IntentFlaw.NOT_CANONICAL);
    }

    private static void withoutValues(ObjectNode owner) {
        if (owner.get(SECRETS) instanceof ObjectNode secrets) {
            secrets.properties().stream()
                    .filter(secret -> !isRule(secret.getValue()))
                    .map(secret -> secret.getKey())
                    .toList()
                    .forEach(secrets::putNull);
        } else if (owner.has(SECRETS)) {
            owner.putNull(SECRETS);
        }
    }

    private static boolean isRule(JsonNode value) {
        return value.isObject()
                && value.size() == 1
                && value.has(GENERATE)
                && value.get(GENERATE).isInt();
    }

    private static void demandExactNumbers(JsonNode value) {
        if (value.isNumber()) {
            var number = value.doubleValue();
            if (!Double.isFinite(number) || new BigDecimal(number).compareTo(exact(value)) != 0) {
                throw new IntentRefusedException(IntentFlaw.NOT_CANONICAL);
            }
        }
        value.forEach(CanonicalRequest::demandExactNumbers);
    }

    /** Fractions were read as doubles, so each is one. */
    private static BigDecimal exact(JsonNode number) {
        return number.isIntegralNumber()
                ? new BigDecimal(number.bigIntegerValue())
                : new BigDecimal(number.doubleValue());
    }

    /** What is kept; its UTF-8 is what {@link #digest} is of. */
    public String text() {
        return text;
    }

    /** SHA-256 of its text, in lower-case hexadecimal. */
    public String digest() {
        return CanonicalJson.sha256(text);
    }

    public ObjectNode body() {
        return body.deepCopy();
    }

    /** The workflow's id; empty if it names none. */
    public String workflow() {
        return body.path("workflow").asText();
    }

    /** The ids of the apps, as they are listed. */
    public List<String> apps() {
        var apps = new ArrayList<String>();
        body.path("apps").forEach(app -> apps.add(app.path("appId").asText()));
        return List.copyOf(apps);
    }

    /** The names of the secrets, in order. */
    public List<String> secrets() {
        var names = new TreeSet<String>();
        body.path(SECRETS).fieldNames().forEachRemaining(names::add);
        return List.copyOf(names);
    }

    @Override
    public String toString() {
        return digest();
    }
}
