package io.offshoot.localstack.launch;

import io.offshoot.contracts.failpoint.Failpoint;
import io.offshoot.localstack.StackException;
import io.offshoot.localstack.chaos.ChaosOptions;
import io.offshoot.localstack.chaos.ChaosResult;
import io.offshoot.localstack.chaos.ChaosRun;
import io.offshoot.localstack.stack.StackOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Deploys under load while everything is killed, and tells whether anything was lost or done twice. */
@Command(
        name = "chaos",
        description =
                "Kills the system's processes under load and checks that nothing is lost and nothing is done twice.",
        sortOptions = false)
final class ChaosCommand implements Callable<Integer> {

    private static final int MOST_MINUTES = 720;

    private final Path root;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            description = "How long processes are killed; longer if not each has had its turn. Default: 5.")
    private double minutes = 5;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Determines what is killed when, and which calls go wrong. Default: chosen and printed.")
    private Long seed;

    @Option(names = "--json", description = "Print the result as one JSON object, as the last line.")
    private boolean json;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where everything is kept. Default: .offshoot-chaos in the project's folder.")
    private Path data;

    @Option(names = "--port", paramLabel = "N", description = "The gateway's port. Default: 8080.")
    private int port = StackOptions.DEFAULT_PORT;

    @Option(names = "--time-scale", paramLabel = "X", description = "Multiplies the sandbox's delays. Default: 0.02.")
    private double timeScale = ChaosOptions.DEFAULT_TIME_SCALE;

    @Option(names = "--help", usageHelp = true, description = "Show this.")
    private boolean help;

    ChaosCommand(Path root) {
        this.root = root;
    }

    ChaosOptions options() {
        check(port >= 1 && port <= 65_535, "--port must be from 1 to 65535, not %s".formatted(port));
        check(
                timeScale > 0 && timeScale <= 100,
                "--time-scale must be more than 0 and at most 100, not %s".formatted(timeScale));
        check(
                minutes > 0 && minutes <= MOST_MINUTES,
                "--minutes must be more than 0 and at most %d, not %s".formatted(MOST_MINUTES, minutes));
        return new ChaosOptions(
                root,
                (data != null ? data : root.resolve(".offshoot-chaos"))
                        .toAbsolutePath()
                        .normalize(),
                port,
                timeScale,
                Duration.ofMillis(Math.round(minutes * 60_000)),
                seed != null ? seed : ThreadLocalRandom.current().nextInt(1, 1_000_000),
                List.of(Failpoint.values()));
    }

    @Override
    public Integer call() throws InterruptedException {
        var options = options();
        var out = spec.commandLine().getOut();
        try {
            ChaosResult result = new ChaosRun(options, line -> {
                        out.println(line);
                        out.flush();
                    })
                    .run();
            result.table().forEach(out::println);
            if (json) {
                out.println(result.json());
            }
            out.flush();
            return result.violations().isEmpty() ? 0 : 1;
        } catch (StackException | IOException | SQLException e) {
            spec.commandLine()
                    .getErr()
                    .println("The run with seed %d broke off: %s".formatted(options.seed(), e.getMessage()));
            return 1;
        }
    }

    private void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }
}
