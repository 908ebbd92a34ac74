package io.offshoot.gateway;

import io.offshoot.backends.FreePorts;
import io.offshoot.backends.PostgresResource;
import io.offshoot.backends.PostgresServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;

/** Gives a test a database's address; the test says when there is a database. */
public final class PostgresThatStops implements QuarkusTestResourceLifecycleManager {

    private static Path directory;
    private static int port;
    private static PostgresServer server;

    @Override
    public Map<String, String> start() {
        try {
            directory = Files.createTempDirectory("postgres");
            port = FreePorts.next();
            try (var first = PostgresServer.startForTests(directory, port)) {
                return PostgresResource.database(first);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static void startServer() throws IOException {
        server = PostgresServer.startForTests(directory, port);
    }

    static void stopServer() throws IOException {
        server.close();
        server = null;
    }

    /** In the server's place, something that takes connections and never says a word, until closed. */
    static ServerSocket hang() throws IOException {
        return new ServerSocket(port, 50, InetAddress.getByName("127.0.0.1"));
    }

    @Override
    public void stop() {
        try {
            if (server != null) {
                stopServer();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
