package io.offshoot.benchmarks;

import io.offshoot.localstack.stack.LocalStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What the processes of a stack take, as Linux counts it: those of the services, of Kafka and of PostgreSQL, not the
 * driver's own.
 */
final class Processes implements AutoCloseable {

    private static final String POSTGRES = "postgres";
    private static final double TICKS_PER_SECOND = 100;

    private final LocalStack stack;
    private final long postmaster;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(work -> {
        var thread = new Thread(work, "memory");
        thread.setDaemon(true);
        return thread;
    });
    private volatile long peakKilobytes;

    Processes(LocalStack stack) throws IOException {
        this.stack = stack;
        this.postmaster = Long.parseLong(Files.readAllLines(stack.data().resolve("postgres/postmaster.pid"))
                .get(0)
                .strip());
        watch.scheduleWithFixedDelay(this::lookAtMemory, 0, 2, TimeUnit.SECONDS);
    }

    /** Processor time since each began, in seconds, by name. */
    Map<String, Double> cpu() {
        var cpu = new LinkedHashMap<String, Double>();
        pids().forEach((name, pids) ->
                cpu.put(name, pids.stream().mapToDouble(Processes::cpu).sum()));
        return cpu;
    }

    /** The most that all had at once, each shared page counted once. */
    double peakMegabytes() {
        lookAtMemory();
        return peakKilobytes / 1024.0;
    }

    @Override
    public void close() {
        watch.shutdownNow();
    }

    private void lookAtMemory() {
        var kilobytes = pids().values().stream()
                .flatMap(List::stream)
                .mapToLong(Processes::proportionalKilobytes)
                .sum();
        peakKilobytes = Math.max(peakKilobytes, kilobytes);
    }

    private Map<String, List<Long>> pids() {
        var pids = new LinkedHashMap<String, List<Long>>();
        for (var name : stack.names()) {
            var process = stack.process(name);
            if (process != null && process.isAlive()) {
                pids.put(name, List.of(process.pid()));
            }
        }
        var server = new ArrayList<Long>();
        ProcessHandle.of(postmaster).ifPresent(handle -> Stream.concat(Stream.of(handle), handle.descendants())
                .forEach(process -> server.add(process.pid())));
        pids.put(POSTGRES, server);
        return pids;
    }

    /** With that of children that have ended. */
    private static double cpu(long pid) {
        try {
            var stat = Files.readString(Path.of("/proc/%d/stat".formatted(pid)));
            var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            var ticks = 0L;
            for (int field = 11; field <= 14; field++) {
                ticks += Long.parseLong(fields[field]);
            }
            return ticks / TICKS_PER_SECOND;
        } catch (IOException e) {
            // It has just ended.
            return 0;
        }
    }

    private static long proportionalKilobytes(long pid) {
        try (var lines = Files.lines(Path.of("/proc/%d/smaps_rollup".formatted(pid)))) {
            return lines.filter(line -> line.startsWith("Pss:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }
}
