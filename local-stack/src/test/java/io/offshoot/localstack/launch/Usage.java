package io.offshoot.localstack.launch;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Shows tests elsewhere which options there are. */
public final class Usage {

    private Usage() {}

    public static List<String> options() {
        var command = Main.commandLine(Path.of(""));
        return Stream.concat(Stream.of(command), command.getSubcommands().values().stream())
                .flatMap(each -> each.getCommandSpec().options().stream())
                .map(option -> option.longestName())
                .toList();
    }
}
