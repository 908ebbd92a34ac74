package io.offshoot.backends;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/**
 * A PostgreSQL server on 127.0.0.1, run from the binaries in a jar. What it holds stays in its directory.
 *
 * <p>The server is a process of its own and outlives a killed launcher; {@link #start} on the same directory and port
 * takes up the one still running.
 */
public final class PostgresServer implements AutoCloseable {

    /** The superuser of the local server. */
    public static final String USER = "postgres";

    public static final String PASSWORD = "postgres";

    private final EmbeddedPostgres server;
    private final int port;

    private PostgresServer(EmbeddedPostgres server, int port) {
        this.server = server;
        this.port = port;
    }

    /** A server whose data survives it: every commit reaches the disk. */
    public static PostgresServer start(Path directory, int port) throws IOException {
        return start(directory, port, Map.of());
    }

    /** As {@link #start(Path, int)}, with settings of the server's own, such as where it logs. */
    public static PostgresServer start(Path directory, int port, Map<String, String> settings) throws IOException {
        // The builder passes -F, which turns fsync off; what comes later on the command line wins. It also lets commits
        // return before they are written: killed then, the server forgets what it has confirmed.
        var builder =
                builder(directory, port).setServerConfig("fsync", "on").setServerConfig("synchronous_commit", "on");
        settings.forEach(builder::setServerConfig);
        return start(builder);
    }

    /** A server for tests: quick, and not safe against a crash of the machine. */
    public static PostgresServer startForTests(Path directory, int port) throws IOException {
        return start(builder(directory, port).setServerConfig("fsync", "off"));
    }

    public int port() {
        return port;
    }

    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database);
    }

    /** Creates the database when it is missing. */
    public void ensureDatabase(String database) throws SQLException {
        if (!database.matches("[a-z_]+")) {
            throw new IllegalArgumentException("Not a plain database name: " + database);
        }
        try (var connection = DriverManager.getConnection(jdbcUrl("postgres"), USER, PASSWORD);
                var statement = connection.createStatement()) {
            var exists = statement.executeQuery("select 1 from pg_database where datname = '" + database + "'");
            if (!exists.next()) {
                statement.executeUpdate("create database " + database);
            }
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private static EmbeddedPostgres.Builder builder(Path directory, int port) {
        return EmbeddedPostgres.builder()
                .setDataDirectory(directory)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPort(port)
                .setPGStartupWait(Duration.ofSeconds(60))
                .setServerConfig("max_connections", "100");
    }

    private static PostgresServer start(EmbeddedPostgres.Builder builder) throws IOException {
        var server = builder.start();
        return new PostgresServer(server, server.getPort());
    }
}
