package io.offshoot.localstack.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.backends.FreePorts;
import io.offshoot.contracts.failpoint.Failpoint;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.PublicStatus;
import io.offshoot.localstack.demo.DeploymentApi;
import io.offshoot.localstack.process.Terminal;
import io.offshoot.localstack.stack.LocalStack;
import io.offshoot.localstack.stack.StackOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A process halts at each of the places where it hurts most, while a deployment runs. Leases are short here. */
class FailpointIT {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    private static Path data;

    private static LocalStack stack;
    private static ObjectNode example;

    @BeforeAll
    static void start() throws Exception {
        var timing = Map.of(
                "offshoot.timing.lease", "PT3S",
                "offshoot.timing.retry-delay", "PT0.5S",
                "offshoot.timing.probe-after-uncertain", "PT2S",
                "offshoot.timing.resend-after", "PT3S");
        var executor = Map.of(
                "offshoot.orchestrator.timeout", "1s",
                "offshoot.executor.settle", "200ms",
                "offshoot.executor.call-timeout", "2s");
        stack = new LocalStack(
                StackOptions.of(ROOT, data.resolve("data"), FreePorts.next())
                        .withTimeScale(0.02)
                        .withFailpoints()
                        .withSettings(Map.of(
                                "orchestrator-service",
                                timing,
                                "github-executor",
                                executor,
                                "vercel-executor",
                                Map.of(
                                        "offshoot.executor.call-timeout", "2s",
                                        "offshoot.vercel.late-writes", "4s"))),
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
    @EnumSource(Failpoint.class)
    void aDeploymentEndsWithOneEffectEachThoughAProcessHaltsAt(Failpoint point) throws Exception {
        var process = Plan.processesOf(point, stack.names()).get(0);
        var slug = "halt-%02d".formatted(point.ordinal());
        var effects = new Effects(stack.sandbox(), slug);
        stack.haltAt(process, point);

        try (var load = new Load(new DeploymentApi(stack.gateway(), stack.token()), example, slug, 1)) {
            load.add();
            Awaitility.await().atMost(PATIENCE).until(() -> !stack.isAlive(process));
            assertThat(stack.process(process).exitCode()).isEqualTo(Failpoint.EXIT_CODE);
            stack.start(process);

            assertThat(load.awaitAll(PATIENCE)).as("all is done").isTrue();
            var found = effects.compare(load.deployments().values());
            assertThat(load.deployments().values())
                    .singleElement()
                    .satisfies(deployment -> assertThat(deployment.status()).isEqualTo(PublicStatus.DONE));
            assertThat(found.duplicates()).isEmpty();
            assertThat(found.lost()).isEmpty();
            assertThat(new Checks(stack).violations(load.accepted())).isEmpty();
        }
    }
}
