package io.offshoot.localstack.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A process of the stack: what it says goes to the terminal and to its log, and its end is told. */
public final class ChildProcess {

    private static final int REMEMBERED_LINES = 15;

    private final String name;
    private final Process process;
    private final Thread pump;
    private final Deque<String> lastLines = new ArrayDeque<>();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private volatile boolean stopping;

    private ChildProcess(
            String name, Process process, Path log, Terminal terminal, Consumer<ChildProcess> diedByItself) {
        this.name = name;
        this.process = process;
        this.pump = new Thread(() -> pump(log, terminal, diedByItself), "log of " + name);
        pump.setDaemon(true);
    }

    /**
     * Starts it.
     *
     * @param environment added to ours; a null value takes a variable away
     * @param diedByItself called once if it ends without having been told to
     */
    public static ChildProcess start(
            String name,
            List<String> command,
            Map<String, String> environment,
            Path log,
            Terminal terminal,
            Consumer<ChildProcess> diedByItself)
            throws IOException {
        var builder = new ProcessBuilder(new ArrayList<>(command)).redirectErrorStream(true);
        environment.forEach((variable, value) -> {
            if (value == null) {
                builder.environment().remove(variable);
            } else {
                builder.environment().put(variable, value);
            }
        });
        var process = Spawner.start(builder);
        process.getOutputStream().close();
        var child = new ChildProcess(name, process, log, terminal, diedByItself);
        child.pump.start();
        return child;
    }

    public String name() {
        return name;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Done when it has printed a line that begins with "ready"; failed when it ends before. */
    public CompletableFuture<Void> saysReady() {
        return ready;
    }

    /** How it ended; only once it has. */
    public int exitCode() {
        return process.exitValue();
    }

    /** The last things it said. */
    public List<String> lastLines() {
        synchronized (lastLines) {
            return List.copyOf(lastLines);
        }
    }

    /** Asks it to stop. */
    public void terminate() {
        stopping = true;
        // By its handle: Process.destroy would close the stream that its last words come through.
        process.toHandle().destroy();
    }

    /** Waits for its end, and kills it when that takes longer than it may. */
    public void awaitEnd(Duration patience) {
        stopping = true;
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.toHandle().destroyForcibly();
                process.waitFor();
            }
            pump.join(TimeUnit.SECONDS.toMillis(2));
        } catch (InterruptedException e) {
            process.toHandle().destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Kills it as <code>kill -9</code> does, and returns when it is gone. */
    public void kill() {
        stopping = true;
        process.toHandle().destroyForcibly();
        awaitEnd(Duration.ofSeconds(10));
    }

    private void pump(Path log, Terminal terminal, Consumer<ChildProcess> diedByItself) {
        try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
                var file = Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                file.write(line);
                file.newLine();
                file.flush();
                remember(line);
                terminal.relay(name, line);
                if (line.startsWith("ready")) {
                    ready.complete(null);
                }
            }
        } catch (IOException e) {
            terminal.say("The log of %s is cut: %s".formatted(name, e.getMessage()));
        }
        process.onExit().join();
        ready.completeExceptionally(new IOException(name + " ended"));
        if (!stopping) {
            diedByItself.accept(this);
        }
    }

    private void remember(String line) {
        synchronized (lastLines) {
            lastLines.addLast(line);
            if (lastLines.size() > REMEMBERED_LINES) {
                lastLines.removeFirst();
            }
        }
    }
}
