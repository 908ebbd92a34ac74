package io.offshoot.proof.canonical;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.erdtman.jcs.JsonCanonicalizer;

/** JSON in the one form that is signed: RFC 8785 (JCS). */
public final class CanonicalJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private CanonicalJson() {}

    /** @throws IllegalArgumentException if it cannot be written so: a number that no double holds, half a surrogate pair */
    public static byte[] of(JsonNode value) {
        try {
            // Jackson reads what it wrote: what the canonicalizer is given has no key twice.
            return new JsonCanonicalizer(JSON.writeValueAsString(value)).getEncodedUTF8();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not writable as JSON", e);
        } catch (IOException e) {
            throw new IllegalArgumentException("Not writable as canonical JSON", e);
        }
    }

    /** The SHA-256 of its canonical form, in lower-case hexadecimal. */
    public static String sha256(JsonNode value) {
        return sha256(of(value));
    }

    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256", impossible);
        }
    }

    public static String sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }
}
