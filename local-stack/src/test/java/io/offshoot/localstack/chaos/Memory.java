package io.offshoot.localstack.chaos;

import io.offshoot.localstack.process.Jdk;
import io.offshoot.localstack.stack.LocalStack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * How much a process of ours holds.
 *
 * @param liveMegabytes of objects that are still reachable, after a full collection
 * @param pssMegabytes of the machine's memory
 */
record Memory(long liveMegabytes, long pssMegabytes) {

    private static final Pattern TOTAL = Pattern.compile("Total\\s+\\d+\\s+(\\d+)");
    private static final Pattern PSS = Pattern.compile("Pss:\\s+(\\d+) kB");

    /** By name, of all services but the sandbox. */
    static Map<String, Memory> of(LocalStack stack) throws IOException, InterruptedException {
        var memory = new TreeMap<String, Memory>();
        for (var service : stack.services()) {
            if (!service.equals("provider-sandbox")) {
                memory.put(service, of(stack.process(service).pid()));
            }
        }
        return memory;
    }

    private static Memory of(long pid) throws IOException, InterruptedException {
        // It counts what is reachable, so it collects first.
        var histogram = new ProcessBuilder(
                        Jdk.newest().home().resolve("bin/jcmd").toString(), Long.toString(pid), "GC.class_histogram")
                .redirectErrorStream(true)
                .start();
        var objects = new String(histogram.getInputStream().readAllBytes());
        histogram.waitFor();
        var pages = Files.readString(Path.of("/proc/%d/smaps_rollup".formatted(pid)));
        return new Memory(number(TOTAL, objects) >> 20, number(PSS, pages) >> 10);
    }

    private static long number(Pattern pattern, String text) {
        var found = pattern.matcher(text);
        if (!found.find()) {
            throw new IllegalStateException("No number in: " + text);
        }
        return Long.parseLong(found.group(1));
    }
}
