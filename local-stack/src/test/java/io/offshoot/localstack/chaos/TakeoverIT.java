package io.offshoot.localstack.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.backends.FreePorts;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.query.RequestView;
import io.offshoot.localstack.demo.DeploymentApi;
import io.offshoot.localstack.process.Terminal;
import io.offshoot.localstack.stack.LocalStack;
import io.offshoot.localstack.stack.StackOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long it takes until the other replica goes on with what one had in hand, with the services' own times. The times
 * are printed; that everything is taken over is what is asserted.
 */
@Tag("chaos")
class TakeoverIT {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final List<String> EXECUTORS =
            List.of("github-executor", "vercel-executor", "github-executor-2", "vercel-executor-2");
    private static final Duration HOLD = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int ROUNDS = 5;
    private static final int REQUESTS = 12;

    @TempDir
    private Path data;

    private LocalStack stack;
    private DeploymentApi api;
    private ObjectNode example;

    @BeforeEach
    void start() throws Exception {
        stack = new LocalStack(
                StackOptions.of(ROOT, data.resolve("data"), FreePorts.next())
                        .withTimeScale(0.1)
                        .withReplicas(Map.of("orchestrator-service", 2, "github-executor", 2, "vercel-executor", 2)),
                new Terminal(System.out, false));
        stack.start();
        api = new DeploymentApi(stack.gateway(), stack.token());
        example = (ObjectNode) Messages.json().readTree(Files.readString(ROOT.resolve("examples/docs-site.json")));
    }

    @AfterEach
    void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void theStepsOfAKilledExecutorAreTakenOver() throws Exception {
        assertThat(takeovers("kill", true)).isPositive();
    }

    @Test
    void theStepsOfAnExecutorThatIsToldToStopAreTakenOver() throws Exception {
        assertThat(takeovers("stop", false)).isPositive();
    }

    @Test
    void theRequestsOfAKilledOrchestratorAreDecidedByTheOther() throws Exception {
        var decided = new Samples();
        for (var round = 0; round < ROUNDS * 2; round++) {
            var victim = round % 2 == 0 ? "orchestrator-service" : "orchestrator-service-2";
            var created = new ArrayList<UUID>();
            for (var number = 0; number < REQUESTS; number++) {
                var body = example.deepCopy();
                ((ObjectNode) body.get("config")).put("slug", "decide-%d-%d".formatted(round, number));
                created.add(api.create(body, UUID.randomUUID().toString()).id());
            }
            stack.kill9(victim);
            var since = System.nanoTime();
            var asked = created.stream()
                    .map(id -> CompletableFuture.runAsync(() -> decide(id, since, decided)))
                    .toList();
            asked.forEach(CompletableFuture::join);
            stack.start(victim);
        }
        assertThat(decided.count()).isEqualTo(ROUNDS * 2 * REQUESTS);
        print("requests decided after the kill of an orchestrator", decided);
    }

    /** @return how many were measured */
    private int takeovers(String slug, boolean kill) throws Exception {
        try (var takeovers = new Takeovers(stack.jdbc());
                var load = new Load(api, example, slug, 1)) {
            load.begin(Duration.ofMillis(1_000));
            for (var round = 0; round < ROUNDS; round++) {
                for (var executor : EXECUTORS) {
                    takeovers.awaitHold(executor, HOLD);
                    takeovers.killed(executor, System.nanoTime());
                    if (kill) {
                        stack.kill9(executor);
                    } else {
                        stack.stop(executor);
                    }
                    stack.start(executor);
                }
            }
            load.end();
            assertThat(load.awaitAll(PATIENCE)).isTrue();
            assertThat(new Checks(stack).violations(load.accepted())).isEmpty();
            print("takeovers after %s of an executor".formatted(slug), takeovers.samples());
            return takeovers.samples().count();
        }
    }

    private void decide(UUID deployment, long since, Samples decided) {
        try {
            var request = Awaitility.await()
                    .pollInterval(Duration.ofMillis(5))
                    .ignoreExceptions()
                    .until(() -> api.run(deployment, deployment.toString()), id -> id != null);
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(10))
                    .ignoreExceptions()
                    .until(
                            () -> api.outcome(deployment, request),
                            outcome -> outcome != null && outcome.outcome() != RequestView.Outcome.ACCEPTED);
            decided.add(Duration.ofNanos(System.nanoTime() - since));
        } catch (RuntimeException e) {
            // Counted as missing.
        }
    }

    private static void print(String what, Samples samples) {
        System.out.printf(
                "%s: p50 %d ms, p99 %d ms (%d measured)%n",
                what, samples.percentile(50), samples.percentile(99), samples.count());
    }
}
