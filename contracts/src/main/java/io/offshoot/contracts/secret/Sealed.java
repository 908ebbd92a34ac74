package io.offshoot.contracts.secret;

import java.util.Objects;

/**
 * A value closed for one provider's executor: nobody between can read it.
 *
 * @param recipient the provider whose executor can open it
 * @param key the fingerprint of the public key it is closed with
 * @param ciphertext base64
 */
public record Sealed(String recipient, String key, String ciphertext) {

    public Sealed {
        Objects.requireNonNull(recipient, "recipient");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(ciphertext, "ciphertext");
    }

    @Override
    public String toString() {
        return "Sealed[recipient=%s, key=%s]".formatted(recipient, key);
    }
}
