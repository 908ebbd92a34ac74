package io.offshoot.github.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;

/** A GitHub App's private key, which signs what the app says of itself. Never prints the key. */
public final class AppKey {

    /** GitHub allows ten minutes from now. */
    private static final Duration LIFETIME = Duration.ofMinutes(9);

    /** Our clock may be ahead of GitHub's. */
    private static final Duration BACKDATED = Duration.ofSeconds(60);

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    /** Version 0 and "rsaEncryption": what PKCS#8 says before the key that GitHub hands out in PKCS#1. */
    private static final byte[] PKCS8_BEGIN = HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");

    private final PrivateKey key;

    private AppKey(PrivateKey key) {
        this.key = key;
    }

    /**
     * Reads a key as GitHub hands it out (PKCS#1), or in PKCS#8.
     *
     * @param pem its line breaks may be written as <code>\n</code>, as they are in environment variables
     * @throws IllegalArgumentException if it is none; its message tells nothing of the text
     */
    public static AppKey parse(String pem) {
        var text = pem.replace("\\n", "\n").strip();
        var isPkcs1 = text.startsWith("-----BEGIN RSA PRIVATE KEY-----");
        try {
            var bytes = Base64.getMimeDecoder().decode(text.replaceAll("-----[A-Z ]+-----", ""));
            var pkcs8 = isPkcs1 ? sequence(PKCS8_BEGIN, element(0x04, bytes)) : bytes;
            return new AppKey(KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(pkcs8)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException("Not the PEM of an RSA private key");
        }
    }

    /** A JSON web token that says who the app is, for the next few minutes. */
    String sign(String app, Instant now) {
        var nodes = JsonNodeFactory.instance;
        var header = nodes.objectNode().put("alg", "RS256").put("typ", "JWT");
        var claims = nodes.objectNode()
                .put("iat", now.minus(BACKDATED).getEpochSecond())
                .put("exp", now.plus(LIFETIME).getEpochSecond())
                .put("iss", app);
        var signed = encoded(header) + "." + encoded(claims);
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + BASE64.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("The key of the GitHub App cannot sign");
        }
    }

    private static String encoded(JsonNode part) {
        return BASE64.encodeToString(part.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] sequence(byte[] first, byte[] second) {
        var content = new ByteArrayOutputStream();
        content.writeBytes(first);
        content.writeBytes(second);
        return element(0x30, content.toByteArray());
    }

    /** One element of DER. */
    private static byte[] element(int tag, byte[] content) {
        var out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            out.write(0x82);
            out.write(content.length >> 8);
            out.write(content.length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }
}
