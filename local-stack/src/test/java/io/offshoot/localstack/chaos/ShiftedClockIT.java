package io.offshoot.localstack.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.backends.FreePorts;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.PublicStatus;
import io.offshoot.localstack.demo.DeploymentApi;
import io.offshoot.localstack.process.Terminal;
import io.offshoot.localstack.stack.LocalStack;
import io.offshoot.localstack.stack.StackOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One service believes that it is an hour later, or earlier, than it is. Needs the package <code>faketime</code>. */
@Tag("chaos")
class ShiftedClockIT {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    private static Path data;

    private static Path faketime;
    private static LocalStack stack;
    private static ObjectNode example;

    @BeforeAll
    static void start() throws Exception {
        faketime = faketime();
        stack = new LocalStack(
                StackOptions.of(ROOT, data.resolve("data"), FreePorts.next()).withTimeScale(0.02),
                new Terminal(System.out, false));
        stack.start();
        example = (ObjectNode) Messages.json().readTree(Files.readString(ROOT.resolve("examples/docs-site.json")));
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"orchestrator-service, +1h", "orchestrator-service, -1h", "gateway-service, +1h", "vercel-executor, -1h"
    })
    void aDeploymentRunsAsUsualThoughTheClockIsShiftedOf(String service, String shift) throws Exception {
        var slug = "clock-%s-%s".formatted(service.substring(0, 3), shift.equals("+1h") ? "late" : "early");
        var effects = new Effects(stack.sandbox(), slug);
        stack.stop(service);
        stack.start(service, shiftedBy(shift));
        assertThat(Files.readString(
                        Path.of("/proc/%d/maps".formatted(stack.process(service).pid()))))
                .as("the library that shifts the clock is in use")
                .contains("libfaketime");

        try (var load = new Load(new DeploymentApi(stack.gateway(), stack.token()), example, slug, 1)) {
            load.add();
            assertThat(load.awaitAll(PATIENCE)).as("all is done").isTrue();
            var found = effects.compare(load.deployments().values());

            assertThat(load.deployments().values())
                    .singleElement()
                    .satisfies(deployment -> assertThat(deployment.status()).isEqualTo(PublicStatus.DONE));
            assertThat(load.refusals()).isEmpty();
            assertThat(load.resumes()).isZero();
            assertThat(found.duplicates()).isEmpty();
            assertThat(found.lost()).isEmpty();
            assertThat(count("select count(*) from attempt where number > 1 or mode = 'PROBE_FIRST'"))
                    .as("nothing was taken for lapsed")
                    .isZero();
            assertThat(count("""
                    select count(*) from deployment where abs(extract(epoch from created_at - now())) > 600""")).as("deployments bear the database's time").isZero();
            assertThat(count("""
                    select count(*) from event
                    where abs(extract(epoch from (body ->> 'time')::timestamptz - now())) > 600""")).as("events bear the database's time").isZero();
            assertThat(new Checks(stack).violations(load.accepted())).isEmpty();
        } finally {
            stack.stop(service);
            stack.start(service);
        }
    }

    private static Map<String, String> shiftedBy(String shift) {
        return Map.of(
                "LD_PRELOAD",
                faketime.toString(),
                "FAKETIME",
                shift,
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1",
                // Else it gives waits of threads, which are monotonic, a time of the other clock.
                "FAKETIME_FORCE_MONOTONIC_FIX",
                "0");
    }

    private static Path faketime() throws IOException {
        try (var files = Files.walk(Path.of("/usr/lib"), 3)) {
            return files.filter(file -> file.endsWith("libfaketime.so.1"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(
                            "libfaketime.so.1 is missing; install it with: apt-get install faketime"));
        }
    }

    private static long count(String query) throws SQLException {
        try (var connection = DriverManager.getConnection(stack.jdbc());
                var statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }
}
