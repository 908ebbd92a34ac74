package io.offshoot.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.offshoot.backends.FreePorts;
import io.offshoot.backends.PostgresServer;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the schema of the release before roles, with its rows, becomes the one of now, and who goes on working in it. */
class UpgradeTest {

    private static final String DATABASE = "orchestrator";
    private static final String SUPERUSER = "postgres";
    private static final String PASSWORD = "postgres";
    private static final String OWNER = "orchestrator_owner";
    private static final String WORK = "orchestrator_work";
    private static final String BEFORE = "6";
    private static final String VISIBLE = "select hub from deployment order by hub";

    @TempDir
    private Path directory;

    private PostgresServer server;

    @BeforeEach
    void start() throws Exception {
        server = PostgresServer.startForTests(directory.resolve("data"), FreePorts.next());
        server.ensureDatabase(DATABASE);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void whatASuperuserMadeIsTheOwnersAndTheReleaseBeforeGoesOnBesideTheNewOne() throws SQLException {
        flyway(SUPERUSER).target(BEFORE).load().migrate();
        insert(SUPERUSER, "hub-a");

        server.ensureDatabase(DATABASE, Map.of(OWNER, PASSWORD, WORK, PASSWORD));
        flyway(OWNER).load().migrate();
        insert(SUPERUSER, "hub-b");
        insert(WORK, "hub-c");

        for (String role : List.of(SUPERUSER, OWNER, WORK)) {
            assertThat(column(role, VISIBLE)).as(role).containsExactly("hub-a", "hub-b", "hub-c");
        }
        assertThat(column(
                        WORK,
                        "select set_config('role', 'orchestrator_query', false), set_config('app.hub', 'hub-b', false)",
                        VISIBLE))
                .containsExactly("hub-b");
    }

    @Test
    void tablesOfAPlainRoleStayItsOwnAndItGoesOn() throws SQLException {
        execute(SUPERUSER, "create role theirs login password '%s'".formatted(PASSWORD));
        execute(SUPERUSER, "alter database orchestrator owner to theirs");
        flyway("theirs").target(BEFORE).load().migrate();
        insert("theirs", "hub-a");

        server.ensureDatabase(DATABASE, Map.of(OWNER, PASSWORD, WORK, PASSWORD));
        flyway("theirs").load().migrate();
        insert("theirs", "hub-b");
        execute("theirs", "update deployment set seq = 1 where hub = 'hub-a'");

        assertThat(column("theirs", VISIBLE)).containsExactly("hub-a", "hub-b");
        assertThat(column(WORK, VISIBLE)).containsExactly("hub-a", "hub-b");
        assertThat(column("theirs", "select hub from deployment where seq = 1")).containsExactly("hub-a");
    }

    @Test
    void withoutTheRolesTheMigrationSaysWhatToDoAndChangesNothing() throws SQLException {
        flyway(SUPERUSER).target(BEFORE).load().migrate();

        assertThatThrownBy(() -> flyway(SUPERUSER).load().migrate())
                .hasMessageContaining("The roles orchestrator_query and orchestrator_work are missing")
                .hasMessageContaining("deploy/postgres/orchestrator.sql");

        assertThat(column(SUPERUSER, "select relname from pg_class where relrowsecurity"))
                .isEmpty();
    }

    private FluentConfiguration flyway(String role) {
        return Flyway.configure().dataSource(server.jdbcUrl(DATABASE), role, PASSWORD);
    }

    private void insert(String role, String hub) throws SQLException {
        execute(role, """
                insert into deployment (id, hub, workflow, version, digest, config, connections, env, request_digest)
                values (gen_random_uuid(), '%s', 'w', 1, 'd', '{}', '{}', '{}', 'r')""".formatted(hub));
    }

    private void execute(String role, String statement) throws SQLException {
        try (var connection = DriverManager.getConnection(server.jdbcUrl(DATABASE), role, PASSWORD);
                var prepared = connection.createStatement()) {
            prepared.execute(statement);
        }
    }

    /** The last statement's first column. */
    private List<String> column(String role, String... statements) throws SQLException {
        var values = new ArrayList<String>();
        try (var connection = DriverManager.getConnection(server.jdbcUrl(DATABASE), role, PASSWORD);
                var prepared = connection.createStatement()) {
            for (String statement : statements) {
                values.clear();
                var rows = prepared.executeQuery(statement);
                while (rows.next()) {
                    values.add(rows.getString(1));
                }
            }
        }
        return values;
    }
}
