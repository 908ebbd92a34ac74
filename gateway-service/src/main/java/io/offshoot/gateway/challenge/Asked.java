package io.offshoot.gateway.challenge;

import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A challenge as it is shown to whoever is to sign it.
 *
 * @param nonce names it in the answer
 * @param challenge the very text to sign, as UTF-8, nothing before it and nothing after
 * @param expiresAt until when
 */
@Schema(
        name = "Challenge",
        requiredProperties = {"nonce", "challenge", "expiresAt"})
public record Asked(String nonce, String challenge, Instant expiresAt) {

    public static Asked of(Challenge challenge) {
        return new Asked(challenge.nonce(), challenge.text(), challenge.expires());
    }
}
