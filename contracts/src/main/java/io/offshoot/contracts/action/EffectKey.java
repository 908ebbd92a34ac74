package io.offshoot.contracts.action;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/**
 * The key that marks one effect in a provider's account: equal for every attempt of a generation, so that a later
 * attempt recognises what an earlier one did. 32 lower-case hexadecimal digits.
 */
public final class EffectKey {

    private EffectKey() {}

    /** The key of an effect that each generation makes anew. */
    public static String of(UUID deploymentId, String appId, String stepId, int generation, String effect) {
        return hash("%s/%s/%s/%d/%s".formatted(deploymentId, appId, stepId, generation, effect));
    }

    /** The key of an effect whose name the provider keeps unique: the same in every generation. */
    public static String named(UUID deploymentId, String appId, String stepId, String effect) {
        return hash("%s/%s/%s/%s".formatted(deploymentId, appId, stepId, effect));
    }

    private static String hash(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256", impossible);
        }
    }
}
