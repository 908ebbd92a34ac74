package io.offshoot.gateway.credential;

import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds whose token it is. */
@Singleton
@Startup
class Credentials {

    private static final Pattern HUB = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-fA-F]{64}");

    private record Known(Credential credential, byte[] hash) {}

    private final List<Known> all;

    /** @throws IllegalArgumentException if a credential is configured wrongly: a gateway does not start half open */
    Credentials(CredentialsConfig config) {
        var known = new ArrayList<Known>();
        config.byName().forEach((name, entry) -> {
            if (!HUB.matcher(entry.hub()).matches()) {
                throw new IllegalArgumentException("The hub of the credential %s is not a hub's id".formatted(name));
            }
            if (!SHA_256.matcher(entry.tokenSha256()).matches()) {
                throw new IllegalArgumentException("token-sha256 of %s is not 64 hexadecimal digits".formatted(name));
            }
            known.add(new Known(
                    new Credential(name, entry.hub(), entry.role()),
                    HexFormat.of().parseHex(entry.tokenSha256())));
        });
        all = List.copyOf(known);
    }

    /** Takes the same time whichever credential it is, and if it is none. */
    Optional<Credential> of(String token) {
        var hash = sha256(token);
        Credential found = null;
        for (Known known : all) {
            if (MessageDigest.isEqual(known.hash(), hash)) {
                found = known.credential();
            }
        }
        return Optional.ofNullable(found);
    }

    private static byte[] sha256(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
