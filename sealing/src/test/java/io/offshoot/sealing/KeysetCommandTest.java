package io.offshoot.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysetCommandTest {

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void makesAKeysetAndShowsItsFingerprintAlone() throws Exception {
        var file = folder.resolve("keyset.json");

        var status = run("new", "vercel", file.toString());

        var made = Opener.read("vercel", file);
        assertThat(status).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualToIgnoringNewLines(made.recipient().fingerprint() + " seals and opens");
    }

    @Test
    void neverReplacesAKeysetByANewOne() throws Exception {
        var file = folder.resolve("keyset.json");
        Files.writeString(file, "as it was");

        var status = run("new", "vercel", file.toString());

        assertThat(status).isEqualTo(1);
        assertThat(file).hasContent("as it was");
    }

    @Test
    void rotatesAndLaterDropsTheOldKey() throws Exception {
        var file = folder.resolve("keyset.json");
        run("new", "vercel", file.toString());
        var old = Opener.read("vercel", file).recipient().fingerprint();

        var rotated = run("rotate", "vercel", file.toString());
        var both = Opener.read("vercel", file).recipient().fingerprints();
        var dropped = run("drop", "vercel", file.toString(), old);

        assertThat(List.of(rotated, dropped)).containsOnly(0);
        assertThat(both).hasSize(2).contains(old);
        assertThat(Opener.read("vercel", file).recipient().fingerprints())
                .doesNotContain(old)
                .hasSize(1);
    }

    @Test
    void whatItCannotReadItNamesWithoutAWordOfIt() throws Exception {
        var file = folder.resolve("keyset.json");
        Files.writeString(file, "half-a-private-key");

        var status = run("rotate", "vercel", file.toString());

        assertThat(status).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("no private keyset")
                .doesNotContain("half-a");
    }

    private int run(String... args) {
        return new KeysetCommand(new PrintStream(out, true), new PrintStream(err, true)).run(List.of(args));
    }
}
