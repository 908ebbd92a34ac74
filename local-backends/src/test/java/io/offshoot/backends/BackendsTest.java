package io.offshoot.backends;

import static org.assertj.core.api.Assertions.assertThat;

import io.offshoot.contracts.message.Topics;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackendsTest {

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
        try (var server = PostgresServer.start(directory, port)) {
            server.ensureDatabase("offshoot");
            execute(server, "create table kept as select 42 as answer");
        }

        try (var server = PostgresServer.start(directory, port)) {
            server.ensureDatabase("offshoot");
            execute(server, "drop table kept");
        }
    }

    private static void execute(PostgresServer server, String sql) throws Exception {
        try (var connection = DriverManager.getConnection(
                        server.jdbcUrl("offshoot"), PostgresServer.USER, PostgresServer.PASSWORD);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
