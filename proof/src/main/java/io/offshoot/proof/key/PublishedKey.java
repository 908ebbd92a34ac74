package io.offshoot.proof.key;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Objects;

/**
 * A key as it is published: with the time in which it signs. The members of its JWK are those that OpenID Federation
 * registered for historical keys: <code>nbf</code>, <code>exp</code>, and <code>revoked</code> with
 * <code>revoked_at</code>, in seconds.
 *
 * @param from when it began to sign; null if that is not said
 * @param retired from then on it signs nothing new, and what it signed before stands; null if it has no end
 * @param revoked from then on nothing that it signed is believed, for nobody knows who had it; null if it is not
 */
public record PublishedKey(VerifyingKey key, Instant from, Instant retired, Instant revoked) {

    /** The last second of the year 9999. */
    private static final long FAR = 253_402_300_799L;

    public PublishedKey {
        Objects.requireNonNull(key, "key");
    }

    /** One that signs, and always did. */
    public static PublishedKey current(VerifyingKey key) {
        return new PublishedKey(key, null, null, null);
    }

    public String id() {
        return key.id();
    }

    /** Whether it was to sign something at that time. What a revoked key signed, it may have signed at any time. */
    public boolean signedAt(Instant time) {
        return revoked == null && (from == null || !time.isBefore(from)) && (retired == null || !time.isAfter(retired));
    }

    public ObjectNode toJwk() {
        var jwk = JsonNodeFactory.instance.objectNode();
        key.toJwk().forEach(jwk::put);
        if (from != null) {
            jwk.put("nbf", from.getEpochSecond());
        }
        if (retired != null) {
            jwk.put("exp", retired.getEpochSecond());
        }
        if (revoked != null) {
            jwk.putObject("revoked").put("revoked_at", revoked.getEpochSecond());
        }
        return jwk;
    }

    /** @throws IllegalArgumentException if it is no usable Ed25519 key, or a time of it is none */
    public static PublishedKey ofJwk(JsonNode jwk) {
        var revoked = jwk.path("revoked");
        if (jwk.hasNonNull("revoked") && !revoked.hasNonNull("revoked_at")) {
            throw new IllegalArgumentException("A key is revoked, and it is not said when");
        }
        return new PublishedKey(
                VerifyingKey.ofJwk(jwk), time(jwk.get("nbf")), time(jwk.get("exp")), time(revoked.get("revoked_at")));
    }

    private static Instant time(JsonNode seconds) {
        if (seconds == null || seconds.isNull()) {
            return null;
        }
        if (!seconds.isIntegralNumber() || !seconds.canConvertToLong() || Math.abs(seconds.asLong()) > FAR) {
            throw new IllegalArgumentException("A time of a key is not in seconds");
        }
        return Instant.ofEpochSecond(seconds.asLong());
    }
}
