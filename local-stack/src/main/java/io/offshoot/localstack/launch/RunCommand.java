package io.offshoot.localstack.launch;

import io.offshoot.localstack.StackException;
import io.offshoot.localstack.demo.Demo;
import io.offshoot.localstack.demo.DemoDeployment;
import io.offshoot.localstack.process.Terminal;
import io.offshoot.localstack.stack.LiveAccounts;
import io.offshoot.localstack.stack.LocalStack;
import io.offshoot.localstack.stack.Service;
import io.offshoot.localstack.stack.StackOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Brings the whole system up, deploys the example, and stays until it is stopped. */
@Command(
        name = "./run",
        description = "Starts the whole system on this machine and deploys the example hub's docs sites.",
        sortOptions = false)
final class RunCommand implements Callable<Integer> {

    private static final int MOST_REPLICAS = 8;

    private final Path root;

    private LocalStack stack;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--exit-when-done",
            description = "Stop when the example is deployed: 0 if both sites show what was put in, else 1.")
    private boolean exitWhenDone;

    @Option(names = "--no-demo", description = "Only start; deploy nothing.")
    private boolean noDemo;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "The gateway's port; the others are picked free. Default: 8080.")
    private int port = StackOptions.DEFAULT_PORT;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where everything is kept between runs. Default: .offshoot in the project's folder.")
    private Path data;

    @Option(
            names = "--time-scale",
            paramLabel = "X",
            description = "Multiplies the sandbox's delays: 1 is lifelike, 0.02 fifty times shorter. Default: 0.2.")
    private double timeScale = StackOptions.DEFAULT_TIME_SCALE;

    @Option(
            names = "--scale",
            paramLabel = "EXECUTOR=N",
            description = "Run N processes of an executor, such as vercel-executor=2. May be given for each.")
    private Map<String, Integer> scale = new LinkedHashMap<>();

    @Option(
            names = "--live",
            description = "Use the real GitHub and Vercel, with tokens and owner from the environment; asks first.")
    private boolean live;

    @Option(names = "--help", usageHelp = true, description = "Show this.")
    private boolean help;

    RunCommand(Path root) {
        this.root = root;
    }

    /** The options as they were given, checked. */
    StackOptions options(Map<String, String> environment) throws StackException {
        check(port >= 1 && port <= 65_535, "--port must be from 1 to 65535, not %s".formatted(port));
        check(
                timeScale > 0 && timeScale <= 100,
                "--time-scale must be more than 0 and at most 100, not %s".formatted(timeScale));
        check(!(exitWhenDone && noDemo), "--exit-when-done and --no-demo exclude each other");
        for (var wanted : scale.entrySet()) {
            check(
                    Service.executors().contains(wanted.getKey()),
                    "--scale knows %s, not '%s'".formatted(String.join(" and ", Service.executors()), wanted.getKey()));
            check(
                    wanted.getValue() != null && wanted.getValue() >= 1 && wanted.getValue() <= MOST_REPLICAS,
                    "--scale %s must be from 1 to %d".formatted(wanted.getKey(), MOST_REPLICAS));
        }
        var accounts = live ? Optional.of(LiveAccounts.from(environment)) : Optional.<LiveAccounts>empty();
        var folder = data != null ? data : root.resolve(live ? ".offshoot-live" : ".offshoot");
        return new StackOptions(
                root, folder.toAbsolutePath().normalize(), port, timeScale, scale, accounts, Map.of(), false);
    }

    @Override
    public Integer call() throws InterruptedException {
        var terminal = new Terminal(System.out, Boolean.getBoolean("offshoot.colours"));
        try {
            var options = options(System.getenv());
            if (options.live().isPresent() && !LiveConsent.given(options, example(), System.out)) {
                return 1;
            }
            return run(options, terminal);
        } catch (StackException e) {
            return failure(e.getMessage());
        } catch (IOException e) {
            return failure("The demo cannot go on: " + e.getMessage());
        }
    }

    /** One line; none where it only fails because somebody has asked for the end. */
    private int failure(String line) {
        if (stack == null || !stack.wasToldToStop()) {
            spec.commandLine().getErr().println(line);
        }
        return 1;
    }

    private int run(StackOptions options, Terminal terminal) throws StackException, InterruptedException, IOException {
        stack = new LocalStack(options, terminal);
        var whenTold = new Thread(
                () -> {
                    if (!stack.isStopped()) {
                        terminal.say("Stopping");
                    }
                    stack.close();
                },
                "stop");
        Runtime.getRuntime().addShutdownHook(whenTold);
        terminal.say(
                options.live().isPresent()
                        ? "Starting with the real GitHub and Vercel, data in %s".formatted(options.data())
                        : "Starting with the sandbox, time scale %s, data in %s"
                                .formatted(options.timeScale(), options.data()));
        var began = System.nanoTime();
        stack.start();
        try (var running = stack) {
            terminal.say("Ready after %.1f s"
                    .formatted(Duration.ofNanos(System.nanoTime() - began).toMillis() / 1000.0));
            tellAddresses(running, terminal);
            if (!noDemo) {
                var shortcoming = deployExample(running, options, terminal);
                if (exitWhenDone) {
                    shortcoming.ifPresent(spec.commandLine().getErr()::println);
                    return shortcoming.isPresent() ? 1 : 0;
                }
                shortcoming.ifPresent(terminal::say);
                tellAddresses(running, terminal);
            }
            terminal.say("Ctrl-C stops everything; the data stays.");
            new CountDownLatch(1).await();
            return 0;
        }
    }

    private Optional<String> deployExample(LocalStack stack, StackOptions options, Terminal terminal)
            throws StackException, InterruptedException, IOException {
        var demo = new Demo(stack.gateway(), stack.token(), example(), terminal);
        var kept = DemoDeployment.keptIn(
                stack.data().resolve("demo.json"), example(), options.live().map(LiveAccounts::upstream));
        return demo.shortcoming(kept, demo.show(kept));
    }

    private static void tellAddresses(LocalStack stack, Terminal terminal) {
        terminal.say("  console    %s".formatted(readyLink(stack.gateway(), stack.token())));
        terminal.say("  API        %sapi/v1".formatted(stack.gateway()));
        terminal.say("  credential Authorization: Bearer %s".formatted(stack.token()));
        terminal.say("  all of it  %s".formatted(stack.stackFile()));
    }

    /** Opens the console signed in. What stands behind the # stays in the browser: no request and no log has it. */
    static URI readyLink(URI gateway, String token) {
        return gateway.resolve("#token=" + token);
    }

    private Path example() {
        return root.resolve("examples/docs-site.json");
    }

    private void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }
}
