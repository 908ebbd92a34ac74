package io.offshoot.contracts.secret;

import java.util.Objects;

/**
 * What secrets are closed with for one provider's executor.
 *
 * @param provider whose executor has the private half
 * @param keyset the public keyset, as Tink writes it in JSON; no secret
 */
public record PublicKeyset(String provider, String keyset) {

    public PublicKeyset {
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(keyset, "keyset");
    }
}
