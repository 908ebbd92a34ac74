package io.offshoot.proof.intent;

import com.fasterxml.jackson.databind.JsonNode;
import io.offshoot.proof.key.VerifyingKey;
import java.util.Objects;

/** A key that signs for a hub, or did. */
public record Signer(VerifyingKey key, Standing standing) {

    /** Whether what it signs now counts. */
    public enum Standing {
        VALID,
        /** Another signs in its place. */
        RETIRED,
        /** Nobody knows who has it. */
        REVOKED
    }

    public Signer {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(standing, "standing");
    }

    public static Signer valid(VerifyingKey key) {
        return new Signer(key, Standing.VALID);
    }

    boolean counts() {
        return standing == Standing.VALID;
    }

    /** One that comes as a JWK from somebody else. @throws IntentRefusedException if it is no usable Ed25519 key */
    public static Signer ofJwk(JsonNode jwk) {
        try {
            return valid(VerifyingKey.ofJwk(jwk));
        } catch (IllegalArgumentException e) {
            throw new IntentRefusedException(IntentFlaw.KEY_WEAK);
        }
    }
}
