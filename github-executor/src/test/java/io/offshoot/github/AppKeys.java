package io.offshoot.github;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/** A key pair as a GitHub App has one, and the two ways to write it down. */
public record AppKeys(KeyPair pair) {

    /** Version, algorithm and the heads around them, as they are before any key of 2048 bits. */
    private static final int BEFORE_PKCS1 = 26;

    public static AppKeys generate() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return new AppKeys(generator.generateKeyPair());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    public String pkcs8() {
        return pem("PRIVATE KEY", pair.getPrivate().getEncoded());
    }

    /** As GitHub hands it out. */
    public String pkcs1() {
        var pkcs8 = pair.getPrivate().getEncoded();
        return pem("RSA PRIVATE KEY", Arrays.copyOfRange(pkcs8, BEFORE_PKCS1, pkcs8.length));
    }

    private static String pem(String kind, byte[] bytes) {
        var text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, text, kind);
    }
}
