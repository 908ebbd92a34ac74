package io.offshoot.orchestrator;

import static org.assertj.core.api.Assertions.assertThat;

import io.offshoot.backends.KafkaResource;
import io.offshoot.backends.PostgresResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The way back to the release before leaves the schema as it is. */
@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(PostgresResource.class)
@QuarkusTestResource(ServiceTokens.class)
class SchemaTest {

    @Inject
    Flyway flyway;

    @AfterEach
    void forgetTheLaterRelease() throws SQLException {
        execute("delete from flyway_schema_history where version = '999'");
    }

    @Test
    void theReleaseBeforeStartsOnTheSchemaOfALaterOne() throws SQLException {
        execute("""
                insert into flyway_schema_history
                    (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success)
                values (999, '999', 'later', 'SQL', 'V999__later.sql', 1, 'later', 1, true)""");

        var migrated = flyway.migrate();

        assertThat(migrated.success).isTrue();
        assertThat(migrated.migrationsExecuted).isZero();
    }

    /** As the schema's owner: what Flyway keeps is nobody else's to change. */
    private void execute(String statement) throws SQLException {
        try (var connection = flyway.getConfiguration().getDataSource().getConnection();
                var prepared = connection.createStatement()) {
            prepared.execute(statement);
        }
    }
}
