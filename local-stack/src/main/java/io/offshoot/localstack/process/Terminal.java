package io.offshoot.localstack.process;

import java.io.PrintStream;
import java.util.List;

/** Where a person watches: one line after another, each headed by who says it. Thread-safe. */
public final class Terminal {

    private static final String OURS = "offshoot";
    private static final int WIDTH = 20;
    private static final List<String> COLOURS = List.of("36", "33", "35", "32", "34", "96", "93", "95");

    private final PrintStream out;
    private final boolean colours;

    public Terminal(PrintStream out, boolean colours) {
        this.out = out;
        this.colours = colours;
    }

    /** A line of the launcher's own. */
    public void say(String line) {
        write(OURS, "1", line);
    }

    /** A line of a process. */
    public void relay(String process, String line) {
        write(process, COLOURS.get(Math.floorMod(process.hashCode(), COLOURS.size())), line);
    }

    private synchronized void write(String who, String colour, String line) {
        var head = who + " ".repeat(Math.max(0, WIDTH - who.length())) + "|";
        out.println(colours ? "\u001b[" + colour + "m" + head + "\u001b[0m " + line : head + " " + line);
        out.flush();
    }
}
