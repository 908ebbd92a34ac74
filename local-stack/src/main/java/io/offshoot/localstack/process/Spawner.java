package io.offshoot.localstack.process;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Starts processes that never outlive this one and that a Ctrl-C in the terminal does not reach.
 *
 * <p>On Linux each gets a session of its own (<code>setsid</code>), so that we stop them in order, and dies with us
 * even if we are killed (<code>setpriv --pdeathsig</code>). Where these tools are missing, {@link Leftovers} ends what
 * a killed run left behind when the next one starts.
 */
final class Spawner {

    // The system ends a process when the thread that started it ends: so one thread, which stays, starts them all.
    private static final ExecutorService THREAD = Executors.newSingleThreadExecutor(work -> {
        var thread = new Thread(work, "spawner");
        thread.setDaemon(true);
        return thread;
    });

    private static final List<String> WRAPPER = wrapper();

    private Spawner() {}

    static Process start(ProcessBuilder builder) throws IOException {
        var command = new ArrayList<>(WRAPPER);
        command.addAll(builder.command());
        builder.command(command);
        try {
            return THREAD.submit(builder::start).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while starting a process", e);
        }
    }

    private static List<String> wrapper() {
        var wrapper = new ArrayList<String>();
        for (var tool : List.of(List.of("setsid"), List.of("setpriv", "--pdeathsig", "KILL"))) {
            if (works(tool)) {
                wrapper.addAll(tool);
            }
        }
        return List.copyOf(wrapper);
    }

    private static boolean works(List<String> tool) {
        var command = new ArrayList<>(tool);
        command.add("true");
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(new File("/dev/null"))
                    .start();
            if (process.waitFor(5, TimeUnit.SECONDS)) {
                return process.exitValue() == 0;
            }
            process.destroyForcibly();
            return false;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
