package io.offshoot.gateway.credential;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** Tokens as somebody makes them who knows how they look, and no secret. */
public final class Forged {

    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private Forged() {}

    /** The id of one token with the secret of another, and a checksum that is right. */
    public static String withIdOf(String token, String other) {
        var body = token.substring(0, 21) + other.substring(21, other.length() - 6);
        var crc = new CRC32();
        crc.update(body.getBytes(StandardCharsets.US_ASCII));
        var left = crc.getValue();
        var checksum = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            checksum.insert(0, DIGITS.charAt((int) (left % DIGITS.length())));
            left /= DIGITS.length();
        }
        return body + checksum;
    }
}
