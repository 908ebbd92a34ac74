package io.offshoot.benchmarks;

import io.offshoot.localstack.StackException;
import io.offshoot.localstack.process.Terminal;
import io.offshoot.localstack.stack.LocalStack;
import io.offshoot.localstack.stack.StackOptions;
import io.quarkus.bootstrap.runner.SerializedApplication;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The system as <code>./run</code> starts it, with the no-op executor in the place of the Vercel executor and without
 * what it does not need. The services are those that are shipped, and so are their settings; the orchestrator gets the
 * no-op workflow as one more jar.
 */
final class SystemUnderTest implements AutoCloseable {

    private static final String ORCHESTRATOR = "orchestrator-service";
    private static final String EXECUTOR = "vercel-executor";
    private static final String APP = "target/quarkus-app";
    private static final String MAIN_CLASS = "io.quarkus.runner.GeneratedMain";

    private final Path data;
    private final LocalStack stack;

    private SystemUnderTest(Path data, LocalStack stack) {
        this.data = data;
        this.stack = stack;
    }

    /** Starts it on an empty folder. @param executors how many processes of the no-op executor */
    static SystemUnderTest start(Path root, Path data, int port, int orchestrators, int executors)
            throws IOException, MeasurementException {
        delete(data);
        Files.createDirectories(data);
        var options = StackOptions.of(stage(root, data.resolve("stage")), data.resolve("stack"), port)
                .withReplicas(Map.of(
                        "provider-sandbox", 0, "github-executor", 0, ORCHESTRATOR, orchestrators, EXECUTOR, executors));
        var stack = new LocalStack(options, new Terminal(new PrintStream(OutputStream.nullOutputStream()), false));
        Runtime.getRuntime().addShutdownHook(new Thread(stack::close, "stop"));
        try {
            stack.start();
        } catch (StackException e) {
            throw new MeasurementException(e.getMessage(), e);
        }
        return new SystemUnderTest(data, stack);
    }

    LocalStack stack() {
        return stack;
    }

    Gateway gateway() {
        return new Gateway(stack.gateway(), stack.token());
    }

    /** Stops it; what it left stays. */
    @Override
    public void close() {
        stack.close();
    }

    /** Stops it, and removes what it left. */
    void remove() throws IOException {
        stack.close();
        delete(data);
    }

    /** A folder that looks like the project's, built: what is as shipped is linked. */
    private static Path stage(Path root, Path stage) throws IOException, MeasurementException {
        link(root, stage, "local-stack/target", "local-stack/target");
        link(root, stage, "gateway-service/" + APP, "gateway-service/" + APP);
        link(root, stage, "benchmarks/no-op/" + APP, EXECUTOR + "/" + APP);
        withWorkflow(root, stage.resolve(ORCHESTRATOR).resolve(APP));
        return stage;
    }

    private static void link(Path root, Path stage, String what, String as) throws IOException, MeasurementException {
        if (!Files.isDirectory(root.resolve(what))) {
            throw new MeasurementException(what + " is not built; run: mvn -DskipTests package");
        }
        Files.createDirectories(stage.resolve(as).getParent());
        Files.createSymbolicLink(stage.resolve(as), root.resolve(what));
    }

    private static void withWorkflow(Path root, Path app) throws IOException, MeasurementException {
        var built = root.resolve(ORCHESTRATOR).resolve(APP);
        if (!Files.isDirectory(built)) {
            throw new MeasurementException(ORCHESTRATOR + " is not built; run: mvn -DskipTests package");
        }
        copy(built, app);
        for (Path jar : jars(root.resolve("benchmarks/no-op/target"))) {
            if (jar.toString().endsWith("-workflow.jar")) {
                Files.copy(jar, app.resolve("app").resolve(jar.getFileName()));
            }
        }
        // What was transformed when it was built stands before what it was made of.
        var parents = jars(app.resolve("lib/boot"));
        var all = new ArrayList<Path>();
        for (var folder : List.of("quarkus", "app", "lib/main", "lib/boot")) {
            all.addAll(jars(app.resolve(folder)));
        }
        try (var index = Files.newOutputStream(app.resolve("quarkus/quarkus-application.dat"))) {
            SerializedApplication.write(index, MAIN_CLASS, app, all, parents);
        }
    }

    private static List<Path> jars(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                var target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    /** Follows no link. */
    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
