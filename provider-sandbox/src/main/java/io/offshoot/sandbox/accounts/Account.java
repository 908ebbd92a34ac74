package io.offshoot.sandbox.accounts;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A hub network's accounts at both providers. Tokens are kept only as digests: nothing that is written or shown can
 * give one away.
 */
public record Account(
        String organization, String githubTokenDigest, String teamId, String teamSlug, String vercelTokenDigest) {

    public static Account of(
            String organization, String githubToken, String teamId, String teamSlug, String vercelToken) {
        return new Account(organization, digest(githubToken), teamId, teamSlug, digest(vercelToken));
    }

    /** The GitHub user whose token this is. */
    public String githubLogin() {
        return organization + "-bot";
    }

    /** The Vercel user whose token this is, which is also the id of the personal account. */
    public String vercelUserId() {
        return "user_" + digest(organization + teamId).substring(0, 24);
    }

    /** A stable number for a GitHub account of this name. */
    public static long numberOf(String login) {
        return 10_000_000L
                + Integer.toUnsignedLong(
                                login.toLowerCase(java.util.Locale.ROOT).hashCode())
                        % 100_000_000L;
    }

    /** What tells tokens apart in the journal. */
    public static String label(String digest) {
        return "token " + digest.substring(0, 12);
    }

    /** What is kept of a token. */
    public static String digest(String text) {
        try {
            byte[] bytes = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
