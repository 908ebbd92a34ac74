package io.offshoot.gateway.credential;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * A secret that we made: <code>off_{kind}_{id}_{secret}{crc}</code>. The id finds its row, the secret has 178 bits of
 * chance, and the checksum over all before it tells a mistyped one, and lets a secret scanner be sure that it has found
 * one. What is kept is the SHA-256 of the whole: a slow hash is for secrets that somebody could guess, and this one is
 * as long as a key.
 */
final class Token {

    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int ID = 12;
    private static final int SECRET = 30;
    private static final int CHECKSUM = 6;
    private static final Pattern FORM =
            Pattern.compile("off_(key|tok)_([0-9A-Za-z]{%d})_[0-9A-Za-z]{%d}".formatted(ID, SECRET + CHECKSUM));

    private final String id;
    private final String text;

    private Token(String id, String text) {
        this.id = id;
        this.text = text;
    }

    static Token random(Tokens.Kind kind, SecureRandom random) {
        var id = digits(random, ID);
        var body = "off_" + kind.mark() + "_" + id + "_" + digits(random, SECRET);
        return new Token(id, body + checksum(body));
    }

    /** Empty for everything that we cannot have made. */
    static Optional<Token> parse(String text) {
        var matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        var body = text.substring(0, text.length() - CHECKSUM);
        return text.endsWith(checksum(body)) ? Optional.of(new Token(matcher.group(2), text)) : Optional.empty();
    }

    /** The part that is no secret. */
    String id() {
        return id;
    }

    /** The secret itself, for its holder's eyes, once. */
    String reveal() {
        return text;
    }

    byte[] hash() {
        return sha256(text);
    }

    /** Never the secret. */
    @Override
    public String toString() {
        return "token " + id;
    }

    static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    private static String digits(SecureRandom random, int count) {
        return random.ints(count, 0, DIGITS.length())
                .collect(StringBuilder::new, (text, digit) -> text.append(DIGITS.charAt(digit)), StringBuilder::append)
                .toString();
    }

    private static String checksum(String body) {
        var crc = new CRC32();
        crc.update(body.getBytes(StandardCharsets.US_ASCII));
        var left = crc.getValue();
        var text = new char[CHECKSUM];
        for (int i = CHECKSUM - 1; i >= 0; i--) {
            text[i] = DIGITS.charAt((int) (left % DIGITS.length()));
            left /= DIGITS.length();
        }
        return new String(text);
    }
}
