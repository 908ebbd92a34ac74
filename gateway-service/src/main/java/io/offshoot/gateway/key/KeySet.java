package io.offshoot.gateway.key;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A hub's keys as they are published: a JWK set (RFC 7517). Its members about validity are those that OpenID Federation
 * gives to historical keys. No names: who in the hub has a key is its own business.
 */
@Schema(requiredProperties = {"keys"})
record KeySet(List<Jwk> keys) {

    static final String MEDIA_TYPE = "application/jwk-set+json";

    /**
     * @param did the key as a <code>did:key</code>
     * @param predecessor the id of the key that signed for this one
     * @param nbf when it was added: nothing older was signed by the hub
     * @param exp when it was retired: it signs nothing new
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(requiredProperties = {"kty", "crv", "x", "kid", "alg", "use", "did", "nbf"})
    record Jwk(
            String kty,
            String crv,
            String x,
            String kid,
            String alg,
            String use,
            String did,
            String predecessor,
            long nbf,
            Long exp,
            Revoked revoked) {}

    /** @param revokedAt nothing it signed since then is believed */
    @Schema(requiredProperties = {"revoked_at"})
    record Revoked(@JsonProperty("revoked_at") long revokedAt) {}

    static KeySet of(List<HubKey> keys) {
        return new KeySet(keys.stream().map(KeySet::jwk).toList());
    }

    private static Jwk jwk(HubKey key) {
        var jwk = key.key().toJwk();
        return new Jwk(
                jwk.get("kty"),
                jwk.get("crv"),
                jwk.get("x"),
                jwk.get("kid"),
                jwk.get("alg"),
                jwk.get("use"),
                key.key().did(),
                key.predecessor(),
                key.addedAt().getEpochSecond(),
                seconds(key.retiredAt()),
                key.revokedAt() == null ? null : new Revoked(seconds(key.revokedAt())));
    }

    private static Long seconds(Instant time) {
        return time == null ? null : time.getEpochSecond();
    }
}
