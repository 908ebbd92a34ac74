package io.offshoot.gateway.challenge;

import java.time.Instant;

/**
 * A challenge as it is shown to whoever is to sign it.
 *
 * @param nonce names it in the answer
 * @param challenge the very text to sign, as UTF-8, nothing before it and nothing after
 * @param expiresAt until when
 */
public record Asked(String nonce, String challenge, Instant expiresAt) {

    public static Asked of(Challenge challenge) {
        return new Asked(challenge.nonce(), challenge.text(), challenge.expires());
    }
}
