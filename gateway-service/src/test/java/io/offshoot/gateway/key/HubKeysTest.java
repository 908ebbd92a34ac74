package io.offshoot.gateway.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.offshoot.backends.KafkaResource;
import io.offshoot.backends.PostgresResource;
import io.offshoot.contracts.message.Messages;
import io.offshoot.gateway.Surroundings;
import io.offshoot.gateway.database.Database;
import io.offshoot.proof.key.SigningKey;
import io.offshoot.proof.key.VerifyingKey;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The history of keys, and what the database itself lets nobody do to it. */
@QuarkusTest
@WithTestResource(KafkaResource.class)
@WithTestResource(PostgresResource.class)
@WithTestResource(Surroundings.class)
class HubKeysTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Inject
    DataSource source;

    @Inject
    Database database;

    @Inject
    HubKeys keys;

    private final String hub = "hub-" + Messages.newId();
    private final VerifyingKey key = SigningKey.generate().verifying();

    @BeforeEach
    void begin() throws SQLException {
        // The gateway does not wait for its database; this test does.
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> keys.all(hub).await().atMost(PATIENCE).isEmpty());
        sql("insert into hub (id, name, created_by) values ('%s', 'A hub', 'test')".formatted(hub));
    }

    private void sql(String statement) throws SQLException {
        try (var connection = source.getConnection();
                var todo = connection.createStatement()) {
            todo.execute(statement);
        }
    }

    private <T> T change(Database.Work<T> work) {
        return database.change(work).await().atMost(PATIENCE);
    }

    private void add() {
        change(connection -> keys.add(connection, hub, key, "laptop", null, "test"));
    }

    private HubKey found() {
        return keys.find(hub, key.id()).await().atMost(PATIENCE).orElseThrow();
    }

    @Test
    void aKeyIsValidUntilItIsRetired() {
        add();
        var before = keys.valid(hub, key.id()).await().atMost(PATIENCE);

        change(connection -> {
            keys.retire(connection, hub, key.id());
            return null;
        });

        assertThat(before).map(HubKey::key).contains(key);
        assertThat(keys.valid(hub, key.id()).await().atMost(PATIENCE)).isEmpty();
        assertThat(found().retiredAt()).isNotNull();
        assertThat(found().wasValidAt(found().addedAt())).isTrue();
        assertThat(found().wasValidAt(found().retiredAt())).isFalse();
        assertThat(keys.all(hub).await().atMost(PATIENCE)).hasSize(1);
    }

    @Test
    void retiringAndRevokingTwiceKeepsTheFirstTimes() {
        add();
        for (int i = 0; i < 2; i++) {
            var first = i == 0 ? null : found();
            change(connection -> {
                keys.retire(connection, hub, key.id());
                keys.revoke(connection, hub, key.id());
                return null;
            });
            if (first != null) {
                assertThat(found()).isEqualTo(first);
            }
        }
    }

    @Test
    void theSameKeyIsAddedOnce() {
        add();

        var again = change(connection -> keys.add(connection, hub, key, "other name", null, "test"));

        assertThat(again).isFalse();
        assertThat(found().name()).isEqualTo("laptop");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update hub_key set retired_at = null",
                "update hub_key set retired_at = now() + interval '1 day'",
                "update hub_key set revoked_at = null",
                "update hub_key set name = 'other'",
                "update hub_key set added_at = now() - interval '1 year'",
                "update hub_key set predecessor = kid",
                "update hub_key set public_key = decode(repeat('00', 32), 'hex')",
                "delete from hub_key",
            })
    void theDatabaseItselfLetsNobodyRewriteTheHistory(String statement) {
        add();
        change(connection -> {
            keys.retire(connection, hub, key.id());
            keys.revoke(connection, hub, key.id());
            return null;
        });
        var before = found();

        assertThatThrownBy(() -> sql(statement + " where hub = '%s'".formatted(hub)))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("only grows");
        assertThat(found()).isEqualTo(before);
    }
}
