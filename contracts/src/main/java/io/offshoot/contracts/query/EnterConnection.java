package io.offshoot.contracts.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.offshoot.contracts.secret.Sealed;

/**
 * A connection as the gateway hands it on: nobody on the way can read its token.
 *
 * @param version what the token is sealed for: one more than the version before
 * @param by the credential that enters it
 * @param key the request's Idempotency-Key; null for none
 * @param digest equal for equal requests with that key; null without a key
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EnterConnection(String account, long version, Sealed sealed, String by, String key, String digest) {

    /**
     * What is to be known before a token can be sealed.
     *
     * @param version what to seal it for
     * @param made the version that a request with that key has made; null if none has
     * @param digest that request's
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Next(long version, Long made, String digest) {}
}
