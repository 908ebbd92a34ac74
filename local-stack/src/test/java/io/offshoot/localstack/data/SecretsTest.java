package io.offshoot.localstack.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.offshoot.proof.key.SigningKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {

    @TempDir
    private Path data;

    @Test
    void aSigningKeyIsMadeOnceKeptAndReadByItsOwnerAlone() throws Exception {
        Path made;
        String pem;
        try (var folder = DataFolder.open(data.resolve("data"), "sandbox")) {
            made = Secrets.in(folder).signingKey("receipt-key");
            pem = Files.readString(made);
        }

        try (var folder = DataFolder.open(data.resolve("data"), "sandbox")) {
            assertThat(Secrets.in(folder).signingKey("receipt-key")).isEqualTo(made);
        }

        assertThat(Files.readString(made)).isEqualTo(pem);
        assertThat(SigningKey.ofPem(pem).id()).hasSize(43);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                .isEqualTo("rw-------");
    }
}
