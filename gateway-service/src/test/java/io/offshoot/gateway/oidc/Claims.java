package io.offshoot.gateway.oidc;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;

/** What a token says. */
final class Claims {

    private final ObjectNode claims = new ObjectMapper().createObjectNode();

    static Claims of(String sub) {
        return new Claims()
                .with("iss", Issuer.running().url())
                .with("sub", sub)
                .with("aud", Issuer.AUDIENCE)
                .in("iat", Duration.ZERO)
                .in("exp", Duration.ofMinutes(5));
    }

    Claims with(String name, String value) {
        claims.put(name, value);
        return this;
    }

    Claims in(String name, Duration fromNow) {
        claims.put(name, Instant.now().plus(fromNow).getEpochSecond());
        return this;
    }

    Claims without(String name) {
        claims.remove(name);
        return this;
    }

    @Override
    public String toString() {
        return claims.toString();
    }
}
