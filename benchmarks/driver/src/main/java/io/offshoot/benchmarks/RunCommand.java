package io.offshoot.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.offshoot.localstack.data.Ports;
import io.offshoot.localstack.process.Jdk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Starts the system, warms it up, measures, stops it, and prints the figures. */
@Command(
        name = "benchmarks/run",
        description =
                "Measures what orchestration costs: a workflow of four steps that do nothing, through everything.",
        sortOptions = false)
final class RunCommand implements Callable<Integer> {

    private static final long GIGABYTE = 1L << 30;

    private final Path root;

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Print nothing but one line of JSON, as the last line.")
    private boolean json;

    @Option(
            names = "--runs",
            paramLabel = "N",
            description = "Runs of the burst; all else is in proportion. Default: 2000, which is what is compared.")
    private int runs = Plan.FULL.burst();

    @Option(names = "--port", paramLabel = "N", description = "The gateway's port. Default: 8180.")
    private int port = 8_180;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Where it is run; emptied before, and after it has been measured. Default: benchmarks/target/data.")
    private Path data;

    @Option(names = "--disk", paramLabel = "GB", description = "How much must be free there. Default: 4.")
    private int disk = 4;

    @Option(names = "--help", usageHelp = true, description = "Show this.")
    private boolean help;

    RunCommand(Path root) {
        this.root = root;
    }

    @Override
    public Integer call() {
        check(runs >= 10 && runs <= 1_000_000, "--runs must be from 10 to 1000000, not %d".formatted(runs));
        check(port >= 1 && port <= 65_535, "--port must be from 1 to 65535, not %d".formatted(port));
        check(disk >= 1, "--disk must be at least 1, not %d".formatted(disk));
        try {
            var figures = measure();
            spec.commandLine().getOut().println(new ObjectMapper().writeValueAsString(figures));
            return 0;
        } catch (MeasurementException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return 1;
        } catch (IOException e) {
            spec.commandLine().getErr().println("The measurement cannot go on: " + e.getMessage());
            return 1;
        }
    }

    private Figures measure() throws IOException, MeasurementException {
        if (!Ports.isFree(port)) {
            throw new MeasurementException("Port %d is in use; choose another with --port".formatted(port));
        }
        var folder = (data == null ? root.resolve("benchmarks/target/data") : data)
                .toAbsolutePath()
                .normalize();
        Files.createDirectories(folder);
        var free = Files.getFileStore(folder).getUsableSpace() / GIGABYTE;
        if (free < disk) {
            throw new MeasurementException("Only %d GB are free in %s; %d are needed".formatted(free, folder, disk));
        }
        say("%s, Java %d".formatted(load(), Jdk.newest().feature()));
        var launched = ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
        try (var system = SystemUnderTest.start(root, folder, port, 1, 1);
                var processes = new Processes(system.stack())) {
            var measurement = new Measurement(system.gateway(), processes, Plan.of(runs), this::say);
            measurement.first();
            var coldStart = Duration.between(launched, Instant.now()).toMillis() / 1000.0;
            say("first run after %.1f s".formatted(coldStart));
            var figures = measurement.take(coldStart);
            system.remove();
            return figures;
        } finally {
            say(load());
        }
    }

    private static String load() {
        try {
            return "load " + Files.readString(Path.of("/proc/loadavg")).strip();
        } catch (IOException e) {
            return "load unknown";
        }
    }

    private void say(String line) {
        if (!json) {
            spec.commandLine().getOut().println(line);
            spec.commandLine().getOut().flush();
        }
    }

    private void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }
}
