package io.offshoot.localstack.process;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * A Java to run processes with.
 *
 * @param feature the version's first number, such as 17
 */
public record Jdk(Path home, int feature) {

    /** A system property: true has processes compiled as those of the images are, by both compilers. */
    public static final String AS_DEPLOYED = "offshoot.as-deployed";

    private static final Path INSTALLED = Path.of("/usr/lib/jvm");

    /** The newest of: the one that runs this, the one JAVA_HOME names, those installed. */
    public static Jdk newest() {
        var current = new Jdk(
                Path.of(System.getProperty("java.home")), Runtime.version().feature());
        var found = new ArrayList<Jdk>();
        found.add(current);
        Optional.ofNullable(System.getenv("JAVA_HOME"))
                .flatMap(home -> at(Path.of(home)))
                .ifPresent(found::add);
        if (Files.isDirectory(INSTALLED)) {
            try (var homes = Files.list(INSTALLED)) {
                homes.sorted().forEach(home -> at(home).ifPresent(found::add));
            } catch (IOException e) {
                return current;
            }
        }
        // Of equal ones the first: the sort is stable.
        found.sort(Comparator.comparingInt(Jdk::feature).reversed());
        return found.get(0);
    }

    /** The start of a command: java with the flags every process of the stack gets. */
    public List<String> command(int heapMegabytes) {
        var command = new ArrayList<>(List.of(
                home.resolve("bin/java").toString(), "-Xmx" + heapMegabytes + "m", "-XX:+UseSerialGC", "-Xshare:auto"));
        if (!Boolean.getBoolean(AS_DEPLOYED)) {
            // It starts quickly, for a look, and never gets as fast as what is deployed.
            command.add("-XX:TieredStopAtLevel=1");
        }
        if (feature >= 24) {
            // Keeps newer versions from warning about what Netty and others do.
            command.add("--enable-native-access=ALL-UNNAMED");
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        return command;
    }

    static Optional<Jdk> at(Path home) {
        if (!Files.isExecutable(home.resolve("bin/java")) || !Files.isReadable(home.resolve("release"))) {
            return Optional.empty();
        }
        try {
            var release = new Properties();
            release.load(new StringReader(Files.readString(home.resolve("release"))));
            var version = release.getProperty("JAVA_VERSION", "").replace("\"", "");
            return Optional.of(new Jdk(home, Runtime.Version.parse(version).feature()));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
