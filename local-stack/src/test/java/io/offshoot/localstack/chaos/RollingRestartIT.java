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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every service is told to stop and started again under load, one after another, as an upgrade does it. */
@Tag("chaos")
class RollingRestartIT {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration DISTANCE = Duration.ofMillis(Integer.getInteger("distance", 1500));
    private static final int STEPS_BEFORE = 150;

    @TempDir
    private Path data;

    @Test
    void aRestartOfEveryServiceShowsClientsNothingButWhatARepeatResolves() throws Exception {
        var options = StackOptions.of(ROOT, data.resolve("data"), FreePorts.next())
                .withTimeScale(0.02)
                .withReplicas(Map.of("orchestrator-service", 2, "github-executor", 2, "vercel-executor", 2));
        try (var stack = new LocalStack(options, new Terminal(System.out, false))) {
            stack.start();
            stack.sandbox()
                    .put(
                            "/settings",
                            Messages.json()
                                    .createObjectNode()
                                    .put("githubRateLimit", 1_000_000)
                                    .put("vercelRateLimit", 1_000_000));
            var example =
                    (ObjectNode) Messages.json().readTree(Files.readString(ROOT.resolve("examples/docs-site.json")));
            var effects = new Effects(stack.sandbox(), "rolling");
            var checks = new Checks(stack);
            try (var load = new Load(new DeploymentApi(stack.gateway(), stack.token()), example, "rolling", 1)) {
                // The first steps of a young process are slow: they are no measure of what is normal.
                load.begin(DISTANCE);
                Awaitility.await().atMost(PATIENCE).until(() -> checks.steps() >= STEPS_BEFORE);
                var normal = Clock.systemUTC().instant();
                Awaitility.await().atMost(PATIENCE).until(() -> checks.steps() >= 2 * STEPS_BEFORE);
                var begin = Clock.systemUTC().instant();
                var began = load.deployments().size();

                for (var service : stack.services().stream()
                        .filter(Predicate.not("provider-sandbox"::equals))
                        .toList()) {
                    var told = System.nanoTime();
                    stack.stop(service);
                    var stopped = System.nanoTime();
                    stack.start(service);
                    System.out.printf(
                            "%s %s stops in %d ms, is ready again in %d ms%n",
                            LocalTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.SECONDS),
                            service,
                            (stopped - told) / 1_000_000,
                            (System.nanoTime() - stopped) / 1_000_000);
                }
                var end = Clock.systemUTC().instant();
                load.end();

                assertThat(load.awaitAll(PATIENCE)).as("all is done").isTrue();
                var before = Steps.between(stack.jdbc(), normal, begin).samples();
                var restarted = Steps.between(stack.jdbc(), begin, end);
                var during = restarted.samples();
                System.out.printf(
                        "Steps before: %d, p50 %d ms, p99 %d ms; while all was restarted: %d, p50 %d ms, p99 %d ms"
                                + " (%.1f times); the slowest: %s; %d requests repeated: %s%n",
                        before.count(),
                        before.percentile(50),
                        before.percentile(99),
                        during.count(),
                        during.percentile(50),
                        during.percentile(99),
                        during.percentile(99) / (double) before.percentile(99),
                        restarted.slowest(),
                        load.repeats(),
                        load.unconfirmed());
                var found = effects.compare(load.deployments().values());
                assertThat(load.deployments()).hasSizeGreaterThan(began);
                assertThat(load.deployments().values()).allSatisfy(deployment -> assertThat(deployment.status())
                        .isEqualTo(PublicStatus.DONE));
                assertThat(load.refusals()).isEmpty();
                assertThat(load.resumes()).as("nothing had to be resumed").isZero();
                assertThat(load.unconfirmed().keySet()).allSatisfy(reason -> assertThat(reason)
                        .matches("The gateway answered 503|[A-Za-z]+Exception"));
                assertThat(found.duplicates()).isEmpty();
                assertThat(found.lost()).isEmpty();
                assertThat(checks.violations(load.accepted())).isEmpty();
            }
        }
    }
}
