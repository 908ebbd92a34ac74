package io.offshoot.orchestrator.receipt;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.proof.key.PublishedKey;
import io.offshoot.proof.key.PublishedKeys;
import io.offshoot.proof.key.SigningKey;
import io.quarkus.logging.Log;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The key that receipts are signed with, and all that they can be verified with. */
@Startup
@Singleton
class PlatformKeys {

    private final SigningKey signing;
    private final PublishedKeys published;

    /** @throws IllegalStateException if there is no usable key: what ends without a receipt could never have one */
    PlatformKeys(ReceiptConfig config) {
        signing = SigningKey.ofPem(text(config.key()
                .orElseThrow(() -> new IllegalStateException(
                        "offshoot.receipt.key is missing: the file with the key that receipts are signed with. "
                                + "Make one with: openssl genpkey -algorithm ed25519 -out receipt-key.pem"))));
        published = published(signing, config.previousKeys().map(PlatformKeys::text));
        Log.infof("Receipts are signed with the key %s", signing.id());
    }

    /** The present key is always valid, whatever the file of previous ones says. */
    static PublishedKeys published(SigningKey signing, Optional<String> previous) {
        var keys = new ArrayList<PublishedKey>(List.of(PublishedKey.current(signing.verifying())));
        previous
                .map(text -> PublishedKeys.read(text.getBytes(StandardCharsets.UTF_8)))
                .map(PublishedKeys::keys)
                .orElse(List.of())
                .stream()
                .filter(key -> !key.id().equals(signing.id()))
                .forEach(keys::add);
        return new PublishedKeys(keys);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException("%s cannot be read: it is named by offshoot.receipt".formatted(file), e);
        }
    }

    SigningKey signing() {
        return signing;
    }

    ObjectNode jwks() {
        return published.toJson();
    }
}
