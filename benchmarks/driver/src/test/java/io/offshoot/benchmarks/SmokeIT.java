package io.offshoot.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A run too short to say anything, through all that is measured. */
class SmokeIT {

    private static final Path HERE = Path.of("").toAbsolutePath();
    private static final Path ROOT = HERE.getParent().getParent();

    @Test
    void everyFigureIsTaken() throws IOException, InterruptedException {
        var driver = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-Doffshoot.root=" + ROOT,
                        "-jar",
                        HERE.resolve("target/benchmark-driver.jar").toString(),
                        "--json",
                        "--runs",
                        "10",
                        "--port",
                        freePort(),
                        "--data",
                        HERE.resolve("target/smoke").toString(),
                        "--disk",
                        "1")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var out = new String(driver.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(driver.waitFor()).isZero();
        assertThat(out).hasLineCount(1);
        var figures = new ObjectMapper().readTree(out);
        assertThat(figures.fieldNames())
                .toIterable()
                .containsExactly(
                        "latency_ms",
                        "runs_per_s",
                        "closed_runs_per_s",
                        "steps_per_s",
                        "step_gap_ms",
                        "cpu_s_per_1000_runs",
                        "peak_pss_mb",
                        "cold_start_s",
                        "poll_rps",
                        "poll_ms",
                        "sse_clients",
                        "sse_delay_ms");
        assertThat(figures.at("/latency_ms/p50").asDouble()).isPositive();
        assertThat(figures.path("cpu_s_per_1000_runs").asDouble()).isPositive();
        assertThat(figures.path("peak_pss_mb").asDouble()).isPositive();
        assertThat(figures.path("sse_clients").asInt()).isEqualTo(10);
    }

    private static String freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return Integer.toString(socket.getLocalPort());
        }
    }
}
