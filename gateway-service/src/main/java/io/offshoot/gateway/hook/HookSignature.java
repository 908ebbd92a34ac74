package io.offshoot.gateway.hook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Tells whether a provider signed some bytes. Prints no secret. */
final class HookSignature {

    private final String algorithm;
    private final String prefix;
    private final int length;
    private final List<byte[]> secrets;

    private HookSignature(String algorithm, String prefix, int length, HooksConfig.Sender sender) {
        this.algorithm = algorithm;
        this.prefix = prefix;
        this.length = length;
        secrets = Stream.of(sender.secret(), sender.previousSecret())
                .flatMap(Optional::stream)
                .filter(secret -> !secret.isBlank())
                .map(secret -> secret.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    static HookSignature ofGitHub(HooksConfig.Sender sender) {
        return new HookSignature("HmacSHA256", "sha256=", 64, sender);
    }

    static HookSignature ofVercel(HooksConfig.Sender sender) {
        return new HookSignature("HmacSHA1", "", 40, sender);
    }

    /** Takes the same time wherever a signature is wrong. @param header null if there is none */
    boolean isOf(byte[] body, String header) {
        if (header == null || !header.startsWith(prefix) || header.length() != prefix.length() + length) {
            return false;
        }
        byte[] given;
        try {
            given = HexFormat.of().parseHex(header, prefix.length(), header.length());
        } catch (IllegalArgumentException e) {
            return false;
        }
        var right = false;
        for (byte[] secret : secrets) {
            right |= MessageDigest.isEqual(given, hmac(secret, body));
        }
        return right;
    }

    private byte[] hmac(byte[] secret, byte[] body) {
        try {
            var mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(secret, algorithm));
            return mac.doFinal(body);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("Every Java platform has this algorithm", impossible);
        }
    }
}
