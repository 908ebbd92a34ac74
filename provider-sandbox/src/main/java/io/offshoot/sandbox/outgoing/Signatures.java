package io.offshoot.sandbox.outgoing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** How a provider proves that a message is its own. */
public final class Signatures {

    private Signatures() {}

    public static String sha256(String body, String secret) {
        return hmac("HmacSHA256", body, secret);
    }

    public static String sha1(String body, String secret) {
        return hmac("HmacSHA1", body, secret);
    }

    private static String hmac(String algorithm, String body, String secret) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), algorithm));
            return HexFormat.of().formatHex(mac.doFinal(body.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
