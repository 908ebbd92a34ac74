package io.offshoot.localstack.scenario;

import io.offshoot.localstack.process.ChildProcess;
import io.offshoot.localstack.process.Terminal;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

/** The example of a subscriber, run as its users run it: from its source, with a Kafka client and nothing of ours. */
final class SubscriberProcess implements AutoCloseable {

    private final ChildProcess process;
    private final Path said;

    private SubscriberProcess(ChildProcess process, Path said) {
        this.process = process;
        this.said = said;
    }

    static SubscriberProcess start(String kafka) throws IOException {
        var said = Files.createTempFile("subscriber", ".log");
        var process = ChildProcess.start(
                "subscriber",
                List.of(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-Xmx64m",
                        "-cp",
                        "target/lib/*",
                        "../examples/subscriber/Subscriber.java",
                        kafka,
                        "subscriber-" + UUID.randomUUID()),
                Map.of(),
                said,
                new Terminal(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8), false),
                died -> {});
        return new SubscriberProcess(process, said);
    }

    SortedSet<Long> seqs(UUID deployment) throws IOException {
        var seqs = new TreeSet<Long>();
        lines(deployment).forEach(line -> seqs.add(Long.parseLong(line[1])));
        return seqs;
    }

    /** The latest state of each step, by app and step. */
    Map<String, String> lastStates(UUID deployment) throws IOException {
        var bySeq = new TreeMap<Long, String[]>();
        lines(deployment).forEach(line -> bySeq.put(Long.parseLong(line[1]), line));
        var states = new TreeMap<String, String>();
        bySeq.values().forEach(line -> states.put(line[2] + "/" + line[3], line[4]));
        return states;
    }

    private Stream<String[]> lines(UUID deployment) throws IOException {
        return Files.readAllLines(said).stream()
                .filter(line -> line.startsWith(deployment + " "))
                .map(line -> line.split(" "))
                .filter(line -> line.length == 5);
    }

    @Override
    public void close() throws IOException {
        process.kill();
        Files.deleteIfExists(said);
    }
}
