package io.offshoot.localstack.process;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What a run that was killed has left running on its data folder. */
public final class Leftovers {

    private Leftovers() {}

    /** What every process of a stack on this folder carries in its command line. */
    public static String mark(Path folder) {
        return "-Doffshoot.stack=" + folder;
    }

    /** Ends them all. Only the holder of the folder's lock may ask for this. */
    public static int end(Path folder) {
        var leftovers = of(folder);
        leftovers.forEach(ProcessHandle::destroyForcibly);
        leftovers.forEach(Leftovers::awaitEnd);
        return leftovers.size();
    }

    static List<ProcessHandle> of(Path folder) {
        var mark = mark(folder);
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .filter(process -> process.info()
                        .arguments()
                        .map(arguments -> Arrays.asList(arguments).contains(mark))
                        .orElse(false))
                .toList();
    }

    private static void awaitEnd(ProcessHandle process) {
        try {
            process.onExit().get(10, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("Process %d does not end".formatted(process.pid()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
