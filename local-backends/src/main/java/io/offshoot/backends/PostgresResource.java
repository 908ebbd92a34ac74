package io.offshoot.backends;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import org.eclipse.microprofile.config.ConfigProvider;

/** Gives a test of a service a real PostgreSQL server, and the roles there that the service has: none is a superuser. */
public final class PostgresResource implements QuarkusTestResourceLifecycleManager {

    private static final String PASSWORD = "of-tests";

    private PostgresServer server;

    /** What a service is told of its database on that server, which is made there. */
    public static Map<String, String> database(PostgresServer server) throws SQLException {
        var service = ConfigProvider.getConfig().getValue("quarkus.application.name", String.class);
        return switch (service) {
            case "orchestrator-service" -> {
                server.ensureDatabase(
                        "orchestrator", Map.of("orchestrator_owner", PASSWORD, "orchestrator_work", PASSWORD));
                yield Map.of(
                        "quarkus.datasource.jdbc.url",
                        server.jdbcUrl("orchestrator"),
                        "quarkus.datasource.username",
                        "orchestrator_work",
                        "quarkus.datasource.password",
                        PASSWORD,
                        "quarkus.flyway.username",
                        "orchestrator_owner",
                        "quarkus.flyway.password",
                        PASSWORD);
            }
            case "gateway-service" -> {
                server.ensureDatabase("gateway", Map.of("gateway", PASSWORD));
                yield Map.of(
                        "quarkus.datasource.jdbc.url",
                        server.jdbcUrl("gateway"),
                        "quarkus.datasource.username",
                        "gateway",
                        "quarkus.datasource.password",
                        PASSWORD);
            }
            default -> throw new IllegalStateException("The service %s has no database".formatted(service));
        };
    }

    @Override
    public Map<String, String> start() {
        try {
            Path directory = Files.createTempDirectory("postgres");
            server = PostgresServer.startForTests(directory, FreePorts.next());
            return database(server);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void stop() {
        try {
            if (server != null) {
                server.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
