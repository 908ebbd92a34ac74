package io.offshoot.localstack.launch;

import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;

/** What <code>./run</code> starts. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        System.exit(commandLine(root()).execute(args));
    }

    static CommandLine commandLine(Path root) {
        return new CommandLine(new RunCommand(root))
                .addSubcommand(new ChaosCommand(root))
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler((wrong, given) -> {
                    wrong.getCommandLine()
                            .getErr()
                            .println("%s Try ./run --help.".formatted(sentence(wrong.getMessage())));
                    return CommandLine.ExitCode.USAGE;
                });
    }

    /** The project's folder: above the jar or the classes that this runs from. */
    private static Path root() {
        var here = Path.of(System.getProperty("offshoot.root", ""))
                .toAbsolutePath()
                .normalize();
        for (var folder = here; folder != null; folder = folder.getParent()) {
            if (Files.isRegularFile(folder.resolve("local-stack/pom.xml"))) {
                return folder;
            }
        }
        return here;
    }

    private static String sentence(String message) {
        var line = message.lines().findFirst().orElse("Wrong options").replace("option option", "option");
        return line.endsWith(".") ? line : line + ".";
    }
}
