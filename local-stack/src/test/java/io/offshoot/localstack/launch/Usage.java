package io.offshoot.localstack.launch;

import java.nio.file.Path;
import java.util.List;

/** Shows tests elsewhere which options there are. */
public final class Usage {

    private Usage() {}

    public static List<String> options() {
        return Main.commandLine(Path.of("")).getCommandSpec().options().stream()
                .map(option -> option.longestName())
                .toList();
    }
}
