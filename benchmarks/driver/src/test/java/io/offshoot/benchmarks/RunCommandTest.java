package io.offshoot.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void anUnknownOptionIsRefusedInOneLine() {
        assertThat(run("--fast")).isEqualTo(2);
        assertThat(err.toString()).contains("--fast").hasLineCount(1);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aNumberOutOfRangeIsRefusedInOneLine() {
        assertThat(run("--runs", "3")).isEqualTo(2);
        assertThat(err.toString()).isEqualToIgnoringNewLines("--runs must be from 10 to 1000000, not 3");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aPortInUseIsToldInOneLine() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThat(run("--json", "--port", Integer.toString(taken.getLocalPort()), "--data", folder.toString()))
                    .isEqualTo(1);
            assertThat(err.toString())
                    .isEqualToIgnoringNewLines(
                            "Port %d is in use; choose another with --port".formatted(taken.getLocalPort()));
            assertThat(out.toString()).isEmpty();
        }
    }

    @Test
    void tooLittleDiskIsToldInOneLine() {
        assertThat(run("--json", "--data", folder.toString(), "--disk", "1000000"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("1000000 are needed").hasLineCount(1);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void whatIsNotBuiltIsToldInOneLine() {
        assertThat(run("--json", "--data", folder.toString(), "--disk", "1")).isEqualTo(1);
        assertThat(err.toString()).contains("is not built").hasLineCount(1);
        assertThat(out.toString()).isEmpty();
    }

    private int run(String... args) {
        return Main.commandLine(folder)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }
}
