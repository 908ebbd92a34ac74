package io.offshoot.benchmarks;

import io.offshoot.localstack.process.Jdk;
import java.nio.file.Path;
import picocli.CommandLine;

/** <code>benchmarks/run</code>: the exit code is 0 if everything was measured, 2 for wrong options, else 1. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        // As many connections as clients stay open.
        System.setProperty("http.maxConnections", "256");
        System.setProperty(Jdk.AS_DEPLOYED, "true");
        var root = Path.of(System.getProperty("offshoot.root", "."))
                .toAbsolutePath()
                .normalize();
        System.exit(commandLine(root).execute(args));
    }

    static CommandLine commandLine(Path root) {
        return new CommandLine(new RunCommand(root)).setParameterExceptionHandler((wrong, args) -> {
            wrong.getCommandLine()
                    .getErr()
                    .println(wrong.getMessage().lines().findFirst().orElse("Wrong options"));
            return CommandLine.ExitCode.USAGE;
        });
    }
}
