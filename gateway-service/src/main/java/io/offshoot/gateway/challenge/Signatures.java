package io.offshoot.gateway.challenge;

import io.offshoot.proof.key.VerifyingKey;
import java.util.Base64;

/** Signatures as clients send them: base64 of either alphabet, with or without padding. */
public final class Signatures {

    private static final int LENGTH = 64;

    private Signatures() {}

    /** Whether a key signed that challenge. Whatever is no signature is not its. */
    public static boolean isBy(VerifyingKey key, String signature, Challenge challenge) {
        if (signature == null) {
            return false;
        }
        try {
            var bytes = Base64.getDecoder()
                    .decode(signature.replace('-', '+').replace('_', '/').strip());
            return bytes.length == LENGTH && key.verifies(challenge.bytes(), bytes);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
