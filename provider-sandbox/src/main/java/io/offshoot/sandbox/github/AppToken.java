package io.offshoot.sandbox.github;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.offshoot.sandbox.accounts.App;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/** The JSON web token by which an App says who it is. */
final class AppToken {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private AppToken() {}

    static boolean looksLikeOne(String token) {
        return token.chars().filter(one -> one == '.').count() == 2;
    }

    /** What GitHub has against the token, if anything. */
    static Optional<String> objection(String token, App app, Instant now) {
        String[] parts = token.split("\\.", -1);
        try {
            JsonNode header = decode(parts[0]);
            JsonNode claims = decode(parts[1]);
            if (!header.path("alg").asText().equals("RS256") || !isSigned(parts, app)) {
                return Optional.of("A JSON web token could not be decoded");
            }
            return objection(claims, app, now);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException malformed) {
            return Optional.of("A JSON web token could not be decoded");
        }
    }

    private static Optional<String> objection(JsonNode claims, App app, Instant now) {
        JsonNode issued = claims.path("iat");
        JsonNode expires = claims.path("exp");
        if (!claims.path("iss").asText().equals(String.valueOf(app.id()))) {
            return Optional.of("Integration not found");
        }
        if (!issued.isIntegralNumber() || now.isBefore(Instant.ofEpochSecond(issued.asLong()))) {
            return Optional.of("'Issued at' claim ('iat') must be an Integer representing the time that the assertion"
                    + " was issued");
        }
        if (!expires.isIntegralNumber() || !now.isBefore(Instant.ofEpochSecond(expires.asLong()))) {
            return Optional.of("'Expiration time' claim ('exp') must be a numeric value representing the future time"
                    + " at which the assertion expires");
        }
        if (Instant.ofEpochSecond(expires.asLong()).isAfter(now.plus(LONGEST))) {
            return Optional.of("'Expiration time' claim ('exp') is too far in the future");
        }
        return Optional.empty();
    }

    private static boolean isSigned(String[] parts, App app) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(app.key());
        signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        return signature.verify(Base64.getUrlDecoder().decode(parts[2]));
    }

    private static JsonNode decode(String part) throws IOException {
        return JSON.readTree(Base64.getUrlDecoder().decode(part));
    }
}
