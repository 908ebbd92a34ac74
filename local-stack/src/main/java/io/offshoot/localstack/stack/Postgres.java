package io.offshoot.localstack.stack;

import io.offshoot.backends.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/** The stack's PostgreSQL. It is no child of ours: it outlives a killed run, and the next run takes it up. */
final class Postgres {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Path directory;
    private final Path logs;
    private final int port;
    private final String password;
    private final LongConsumer diedByItself;
    private PostgresServer server;
    private volatile boolean stopping;

    /** @param password the superuser's, whom nobody but this class needs */
    Postgres(Path directory, Path logs, int port, String password, LongConsumer diedByItself) {
        this.directory = directory;
        this.logs = logs;
        this.port = port;
        this.password = password;
        this.diedByItself = diedByItself;
    }

    /** The port of a server that still runs on the directory. */
    static Optional<Integer> runningOn(Path directory) throws IOException {
        var postmaster = directory.resolve("postmaster.pid");
        if (postmaster(directory).isEmpty()) {
            return Optional.empty();
        }
        // The fourth line is the port.
        var lines = Files.readAllLines(postmaster);
        return lines.size() < 4
                ? Optional.empty()
                : Optional.of(Integer.parseInt(lines.get(3).strip()));
    }

    /**
     * Starts it, or takes up the one that runs, and makes the databases and the roles that are missing.
     *
     * @param databases each with the passwords of the roles that log in there
     */
    synchronized void start(Map<String, Map<String, String>> databases) throws IOException {
        if (server != null) {
            server.close();
        }
        stopping = false;
        server = PostgresServer.start(
                directory,
                port,
                password,
                Map.of(
                        "logging_collector", "on",
                        "log_directory", logs.toString(),
                        "log_filename", "postgres.log",
                        "log_rotation_age", "0",
                        "log_min_messages", "warning",
                        "log_line_prefix", "%m:"));
        try {
            for (var database : databases.entrySet()) {
                server.ensureDatabase(database.getKey(), database.getValue());
            }
        } catch (SQLException e) {
            throw new IOException("PostgreSQL does not serve: " + e.getMessage(), e);
        }
        var handle = postmaster(directory).orElseThrow(() -> new IOException("PostgreSQL ended while starting"));
        handle.onExit().thenAccept(ended -> {
            if (!stopping) {
                diedByItself.accept(ended.pid());
            }
        });
    }

    long pid() throws IOException {
        return postmaster(directory).map(ProcessHandle::pid).orElse(0L);
    }

    /** The server with its own processes, one for each session among them. */
    List<Long> pids() throws IOException {
        return postmaster(directory).stream()
                .flatMap(server -> Stream.concat(Stream.of(server), server.descendants()))
                .map(ProcessHandle::pid)
                .toList();
    }

    /** Kills the server as <code>kill -9</code> does, and returns when it is gone. */
    synchronized void kill() throws IOException {
        stopping = true;
        var handle = postmaster(directory);
        handle.ifPresent(ProcessHandle::destroyForcibly);
        handle.ifPresent(Postgres::awaitEnd);
    }

    synchronized void close() throws IOException {
        stopping = true;
        if (server != null) {
            var handle = postmaster(directory);
            server.close();
            server = null;
            handle.ifPresent(Postgres::awaitEnd);
        }
    }

    private static void awaitEnd(ProcessHandle process) {
        try {
            process.onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("PostgreSQL (process %d) does not end".formatted(process.pid()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Optional<ProcessHandle> postmaster(Path directory) throws IOException {
        var file = directory.resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        var lines = Files.readAllLines(file);
        return lines.isEmpty()
                ? Optional.empty()
                : ProcessHandle.of(Long.parseLong(lines.get(0).strip()))
                        .filter(ProcessHandle::isAlive)
                        // The number may be another program's by now.
                        .filter(process -> process.info()
                                .command()
                                .map(command -> command.contains("postgres"))
                                .orElse(true));
    }
}
