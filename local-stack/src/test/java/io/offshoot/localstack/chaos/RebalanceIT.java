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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Executors come and go faster than partitions can be handed over, while deployments run. */
@Tag("chaos")
class RebalanceIT {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final String EXECUTOR = "github-executor";
    private static final List<String> OTHERS = List.of("github-executor-2", "github-executor-3", "github-executor-4");

    @TempDir
    private Path data;

    @Test
    void fourExecutorsBecomeOneAndFourAgainWhileDeploymentsRunAndNothingIsDoneTwice() throws Exception {
        var options = StackOptions.of(ROOT, data.resolve("data"), FreePorts.next())
                .withTimeScale(0.02)
                .withReplicas(Map.of(EXECUTOR, 4))
                .withSettings(Map.of(
                        "orchestrator-service",
                        Map.of("offshoot.timing.lease", "PT3S"),
                        EXECUTOR,
                        Map.of("offshoot.executor.call-timeout", "2s"),
                        "vercel-executor",
                        Map.of("offshoot.executor.call-timeout", "2s")));
        try (var stack = new LocalStack(options, new Terminal(System.out, false))) {
            stack.start();
            var example =
                    (ObjectNode) Messages.json().readTree(Files.readString(ROOT.resolve("examples/docs-site.json")));
            var effects = new Effects(stack.sandbox(), "rebalance");
            try (var load = new Load(new DeploymentApi(stack.gateway(), stack.token()), example, "rebalance", 1)) {
                load.begin(Duration.ofSeconds(2));
                for (int storm = 0; storm < 2; storm++) {
                    // One of them dies with what it holds, the others finish it.
                    var killed = storm;
                    atOnce(name -> {
                        if (OTHERS.indexOf(name) == killed) {
                            stack.kill9(name);
                        } else {
                            stack.stop(name);
                        }
                    });
                    for (String name : OTHERS) {
                        stack.start(name);
                    }
                }
                load.end();

                assertThat(load.awaitAll(Duration.ofSeconds(60)))
                        .as("all is done")
                        .isTrue();
                var found = effects.compare(load.deployments().values());
                System.out.printf(
                        "%d deployments, %d steps%n", load.deployments().size(), new Checks(stack).steps());
                assertThat(load.deployments().values()).hasSizeGreaterThan(4).allSatisfy(deployment -> assertThat(
                                deployment.status())
                        .isEqualTo(PublicStatus.DONE));
                assertThat(found.duplicates()).isEmpty();
                assertThat(found.lost()).isEmpty();
                assertThat(load.refusals()).isEmpty();
                assertThat(new Checks(stack).violations(load.accepted())).isEmpty();
            }
        }
    }

    private interface Work {
        void on(String name) throws Exception;
    }

    private static void atOnce(Work work) {
        CompletableFuture.allOf(OTHERS.stream()
                        .map(name -> CompletableFuture.runAsync(() -> {
                            try {
                                work.on(name);
                            } catch (Exception e) {
                                throw new CompletionException(e);
                            }
                        }))
                        .toArray(CompletableFuture<?>[]::new))
                .join();
    }
}
