package io.offshoot.orchestrator.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.offshoot.proof.key.PublishedKey;
import io.offshoot.proof.key.PublishedKeys;
import io.offshoot.proof.key.SigningKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlatformKeysTest {

    private static final Instant REPLACED = Instant.parse("2026-05-01T10:00:00Z");

    @TempDir
    private Path folder;

    private final SigningKey signing = SigningKey.generate();

    private record Config(Optional<Path> key, Optional<Path> previousKeys) implements ReceiptConfig {

        @Override
        public URI builder() {
            return URI.create("https://example.org");
        }
    }

    @Test
    void withoutAKeyItSaysHowToMakeOne() {
        assertThatThrownBy(() -> new PlatformKeys(new Config(Optional.empty(), Optional.empty())))
                .hasMessageContaining("offshoot.receipt.key is missing")
                .hasMessageContaining("openssl genpkey -algorithm ed25519");
    }

    @Test
    void aFileThatIsNoKeyIsRefusedAndNothingOfItIsPrinted() throws IOException {
        var file = Files.writeString(
                folder.resolve("key.pem"), "-----BEGIN PRIVATE KEY-----\nc2VudGluZWw=\n-----END PRIVATE KEY-----\n");

        assertThatThrownBy(() -> new PlatformKeys(new Config(Optional.of(file), Optional.empty())))
                .hasMessage("The key is not an Ed25519 key")
                .hasMessageNotContaining("c2VudGluZWw");
        assertThatThrownBy(() -> new PlatformKeys(new Config(Optional.of(folder.resolve("none")), Optional.empty())))
                .hasMessageContaining("cannot be read");
    }

    @Test
    void previousKeysAreKeptForVerificationAndThePresentOneIsAlwaysGood() throws IOException {
        var before = SigningKey.generate().verifying();
        var set = new PublishedKeys(List.of(
                new PublishedKey(before, null, REPLACED, null),
                new PublishedKey(signing.verifying(), null, REPLACED, null)));
        var file =
                Files.writeString(folder.resolve("previous.json"), set.toJson().toString());

        var keys = new PlatformKeys(new Config(Optional.of(pem()), Optional.of(file)));

        var published = PublishedKeys.read(keys.jwks().toString().getBytes());
        assertThat(published.keys())
                .containsExactly(
                        PublishedKey.current(signing.verifying()), new PublishedKey(before, null, REPLACED, null));
        assertThat(keys.jwks().toString()).doesNotContain("\"d\"");
    }

    @Test
    void aKeyThatOpensslMadeIsTaken() throws Exception {
        var file = folder.resolve("key.pem");
        var made = new ProcessBuilder("openssl", "genpkey", "-algorithm", "ed25519", "-out", file.toString())
                .inheritIO()
                .start()
                .waitFor();

        assertThat(made).isZero();
        assertThat(new PlatformKeys(new Config(Optional.of(file), Optional.empty()))
                        .signing()
                        .id())
                .hasSize(43);
    }

    private Path pem() throws IOException {
        return Files.writeString(folder.resolve("receipt-key.pem"), signing.toPem());
    }
}
