package io.offshoot.backends;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.postgresql.PGConnection;

/**
 * A PostgreSQL server on 127.0.0.1, run from the binaries in a jar. What it holds stays in its directory.
 *
 * <p>The server is a process of its own and outlives a killed launcher; {@link #start} on the same directory and port
 * takes up the one still running.
 */
public final class PostgresServer implements AutoCloseable {

    private static final String SUPERUSER = "postgres";
    private static final String PASSWORD_OF_TESTS = "postgres";

    /** A new server trusts everybody on the machine, until it is told not to. */
    private static final String PASSWORDS_ONLY = """
            local all all scram-sha-256
            host all all 127.0.0.1/32 scram-sha-256
            host all all ::1/128 scram-sha-256
            """;

    private final EmbeddedPostgres server;
    private final int port;
    private final String password;

    private PostgresServer(EmbeddedPostgres server, int port, String password) {
        this.server = server;
        this.port = port;
        this.password = password;
    }

    /**
     * A server whose data survives it: every commit reaches the disk.
     *
     * @param password the superuser's; the same for the directory's whole life
     * @param settings the server's own, such as where it logs
     */
    public static PostgresServer start(Path directory, int port, String password, Map<String, String> settings)
            throws IOException {
        // The builder passes -F, which turns fsync off; what comes later on the command line wins. It also lets commits
        // return before they are written: killed then, the server forgets what it has confirmed.
        var builder =
                builder(directory, port).setServerConfig("fsync", "on").setServerConfig("synchronous_commit", "on");
        settings.forEach(builder::setServerConfig);
        return start(builder, directory, password);
    }

    /** A server for tests: quick, and not safe against a crash of the machine. */
    public static PostgresServer startForTests(Path directory, int port) throws IOException {
        return start(builder(directory, port).setServerConfig("fsync", "off"), directory, PASSWORD_OF_TESTS);
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
        try (var connection = connect(SUPERUSER);
                var statement = connection.createStatement()) {
            var exists = statement.executeQuery("select 1 from pg_database where datname = '" + database + "'");
            if (!exists.next()) {
                statement.executeUpdate("create database " + database);
            }
        }
    }

    /**
     * Creates what is missing of the database of that name, <code>orchestrator</code> or <code>gateway</code>, with the
     * roles that its service logs in as.
     *
     * @param passwords by role: of all that log in
     */
    public void ensureDatabase(String database, Map<String, String> passwords) throws SQLException {
        ensureDatabase(database);
        try (var connection = connect(database);
                var statement = connection.createStatement()) {
            statement.execute(roles(database));
            var server = connection.unwrap(PGConnection.class);
            for (var login : passwords.entrySet()) {
                server.alterUserPassword(login.getKey(), login.getValue().toCharArray(), "scram-sha-256");
            }
        }
    }

    private static String roles(String database) {
        try (var script = PostgresServer.class.getResourceAsStream(database + ".sql")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(database), SUPERUSER, password);
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

    private static PostgresServer start(EmbeddedPostgres.Builder builder, Path directory, String password)
            throws IOException {
        var started = builder.setConnectConfig("password", password).start();
        var server = new PostgresServer(started, started.getPort(), password);
        try {
            server.askForPasswords(directory);
        } catch (SQLException e) {
            server.close();
            throw new IOException("PostgreSQL lets nobody in: " + e.getMessage(), e);
        }
        return server;
    }

    /** The superuser has to have one before it is asked for it. */
    private void askForPasswords(Path directory) throws SQLException, IOException {
        var rules = directory.resolve("pg_hba.conf");
        if (Files.readString(rules).equals(PASSWORDS_ONLY)) {
            return;
        }
        try (var connection = connect(SUPERUSER);
                var statement = connection.createStatement()) {
            connection.unwrap(PGConnection.class).alterUserPassword(SUPERUSER, password.toCharArray(), "scram-sha-256");
            Files.writeString(rules, PASSWORDS_ONLY);
            statement.execute("select pg_reload_conf()");
        }
    }
}
