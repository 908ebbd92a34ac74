package io.offshoot.localstack.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.offshoot.localstack.StackException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {

    @TempDir
    private Path parent;

    @Test
    void aFolderThatIsMissingIsMade() throws Exception {
        try (var folder = DataFolder.open(parent.resolve("a/b"), "sandbox")) {
            assertThat(folder.path()).isDirectory();
        }
    }

    @Test
    void aFolderIsOpenedAgainAfterItWasClosed() throws Exception {
        DataFolder.open(parent.resolve("data"), "sandbox").close();

        try (var again = DataFolder.open(parent.resolve("data"), "sandbox")) {
            assertThat(again.resolve("version")).hasContent("1");
        }
    }

    @Test
    void aFolderInUseIsRefused() throws Exception {
        try (var first = DataFolder.open(parent.resolve("data"), "sandbox")) {
            assertThatThrownBy(() -> DataFolder.open(first.path(), "sandbox"))
                    .isInstanceOf(StackException.class)
                    .hasMessageContaining("in use by another run");
        }
    }

    @Test
    void aFolderOfAnotherVersionIsRefusedAndLeftAsItIs() throws Exception {
        var data = Files.createDirectory(parent.resolve("data"));
        Files.writeString(data.resolve("version"), "7\n");

        assertThatThrownBy(() -> DataFolder.open(data, "sandbox"))
                .isInstanceOf(StackException.class)
                .hasMessageContaining("version 7");
        assertThat(data.resolve("version")).hasContent("7");
        assertThat(data.resolve("secrets.json")).doesNotExist();
    }

    @Test
    void aFolderOfOtherAccountsIsRefused() throws Exception {
        DataFolder.open(parent.resolve("data"), "sandbox").close();

        assertThatThrownBy(() -> DataFolder.open(parent.resolve("data"), "live"))
                .isInstanceOf(StackException.class)
                .hasMessageContaining("sandbox accounts");
    }

    @Test
    void aFolderWithOtherThingsInItIsRefusedAndLeftAsItIs() throws Exception {
        var photos = Files.createDirectory(parent.resolve("photos"));
        Files.writeString(photos.resolve("one.jpg"), "");

        assertThatThrownBy(() -> DataFolder.open(photos, "sandbox"))
                .isInstanceOf(StackException.class)
                .hasMessageContaining("holds other things");
        assertThat(photos.resolve("lock")).doesNotExist();
    }

    @Test
    void aTokenStaysTheSameAndOnlyItsOwnerCanReadIt() throws Exception {
        try (var folder = DataFolder.open(parent.resolve("data"), "sandbox")) {
            var made = Secrets.in(folder).token("operator", "off_");

            assertThat(made).matches("off_[0-9a-f]{40}");
            assertThat(Secrets.in(folder).token("operator", "off_")).isEqualTo(made);
            assertThat(Secrets.in(folder).token("other", "off_")).isNotEqualTo(made);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("secrets.json"))))
                    .isEqualTo("rw-------");
            assertThat(Secrets.in(folder)).asString().doesNotContain(made);
        }
    }

    @Test
    void aServiceThatOnlyChecksATokenIsGivenItsDigest() {
        assertThat(Secrets.sha256("abc")).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void damagedSecretsAreRefusedInOneLine() throws Exception {
        try (var folder = DataFolder.open(parent.resolve("data"), "sandbox")) {
            Files.writeString(folder.resolve("secrets.json"), "{\"operator\":");

            assertThatThrownBy(() -> Secrets.in(folder))
                    .isInstanceOf(StackException.class)
                    .hasMessageContaining("is damaged");
        }
    }

    @Test
    void aFileIsReplacedInOnePieceAndNothingElseIsLeft() throws IOException {
        var file = parent.resolve("stack.json");

        PrivateFiles.write(file, "one");
        PrivateFiles.write(file, "two");

        assertThat(file).hasContent("two");
        try (var files = Files.list(parent)) {
            assertThat(files).containsExactly(file);
        }
    }
}
