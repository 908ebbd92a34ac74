package io.offshoot.backends;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.offshoot.contracts.message.Topics;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackendsTest {

    private static final String SUPERUSER = "the superuser's";
    private static final Map<String, String> LOGINS =
            Map.of("orchestrator_owner", "the owner's", "orchestrator_work", "the service's");

    @Test
    void aBrokerStartedTwiceOnItsDirectoryHasAllTopics(@TempDir Path directory) throws Exception {
        KafkaBroker.start(directory, FreePorts.next(), FreePorts.next()).close();

        try (var broker = KafkaBroker.start(directory, FreePorts.next(), FreePorts.next());
                var admin = Admin.create(Map.of("bootstrap.servers", (Object) broker.bootstrapServers()))) {
            assertThat(admin.listTopics().names().get())
                    .contains(Topics.TRIGGERS, Topics.EVENTS, Topics.DEAD_LETTERS)
                    .contains(Topics.commands("github"), Topics.results("vercel"));
        }
    }

    @Test
    void aDatabaseIsThereAgainAfterARestart(@TempDir Path directory) throws Exception {
        var port = FreePorts.next();
        try (var server = start(directory, port)) {
            server.ensureDatabase("orchestrator", LOGINS);
            execute(connect(server, "orchestrator_owner", "the owner's"), "create table kept as select 42 as answer");
        }

        try (var server = start(directory, port)) {
            server.ensureDatabase("orchestrator", LOGINS);
            execute(connect(server, "orchestrator_owner", "the owner's"), "drop table kept");
        }
    }

    @Test
    void nobodyIsLetInWithoutTheirPassword(@TempDir Path directory) throws Exception {
        try (var server = start(directory, FreePorts.next())) {
            server.ensureDatabase("orchestrator", LOGINS);

            for (String role : List.of("postgres", "orchestrator_owner", "orchestrator_work")) {
                assertThatThrownBy(() -> connect(server, role, "wrong"))
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("password authentication failed");
            }
            assertThatThrownBy(() -> connect(server, "orchestrator_query", "wrong"))
                    .isInstanceOf(SQLException.class);
        }
    }

    @Test
    void whatTheReleaseBeforeMadeAsSuperuserBecomesTheServicesOwn(@TempDir Path directory) throws Exception {
        var port = FreePorts.next();
        try (var before = EmbeddedPostgres.builder()
                        .setDataDirectory(directory)
                        .setCleanDataDirectory(false)
                        .setPort(port)
                        .start();
                var connection = before.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            for (String database : List.of("orchestrator", "gateway")) {
                statement.execute("create database " + database);
                execute(
                        before.getDatabase("postgres", database).getConnection(),
                        "create table kept (number bigint generated always as identity, answer int);"
                                + "insert into kept (answer) values (42)");
            }
        }

        try (var server = start(directory, port)) {
            for (int twice = 0; twice < 2; twice++) {
                server.ensureDatabase("orchestrator", LOGINS);
                server.ensureDatabase("gateway", Map.of("gateway", "the gateway's"));
            }

            for (var login : Stream.of(
                            connect(server, "orchestrator_owner", "the owner's"),
                            connect(server, "gateway", "gateway", "the gateway's"))
                    .toList()) {
                execute(login, "alter table kept add column more int; insert into kept (answer) values (43)");
            }
        }
    }

    @Test
    void noServiceIsASuperuserOrLetPastPolicies(@TempDir Path directory) throws Exception {
        try (var server = start(directory, FreePorts.next())) {
            server.ensureDatabase("orchestrator", LOGINS);
            server.ensureDatabase("gateway", Map.of("gateway", "the gateway's"));

            try (var connection = connect(server, "orchestrator_work", "the service's");
                    var rows = connection.createStatement().executeQuery("""
                            select count(*), bool_or(rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)
                            from pg_roles where rolname like 'orchestrator%' or rolname = 'gateway'""")) {
                rows.next();
                assertThat(rows.getInt(1)).isEqualTo(4);
                assertThat(rows.getBoolean(2)).isFalse();
            }
            assertThatThrownBy(() -> connect(server, "gateway", "orchestrator_work", "the service's"))
                    .hasMessageContaining("permission denied for database");
        }
    }

    private static PostgresServer start(Path directory, int port) throws Exception {
        return PostgresServer.start(directory, port, SUPERUSER, Map.of());
    }

    private static Connection connect(PostgresServer server, String role, String password) throws SQLException {
        return connect(server, "orchestrator", role, password);
    }

    private static Connection connect(PostgresServer server, String database, String role, String password)
            throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl(database), role, password);
    }

    private static void execute(Connection opened, String sql) throws SQLException {
        try (var connection = opened;
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
