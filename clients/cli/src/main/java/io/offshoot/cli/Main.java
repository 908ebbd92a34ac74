package io.offshoot.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line. */
@Command(
        name = "offshoot",
        description = "Works with what Offshoot hands out.",
        subcommands = {Main.Receipt.class, CommandLine.HelpCommand.class},
        mixinStandardHelpOptions = true,
        version = "offshoot 0.1")
public final class Main {

    @Command(name = "receipt", description = "Receipts of deployments.", subcommands = VerifyReceipt.class)
    static final class Receipt {}

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(new PrintWriter(System.out, true), new PrintWriter(System.err, true), arguments));
    }

    /** @return 0 if it is so, 1 if it is not, 2 if that could not be asked */
    static int run(PrintWriter out, PrintWriter err, String... arguments) {
        var line = new CommandLine(new Main()).setOut(out).setErr(err).setExitCodeExceptionMapper(failure -> 2);
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            command.getErr().println(Plain.text(failure.getMessage()));
            return 2;
        });
        return line.execute(arguments);
    }
}
