package io.offshoot.orchestrator.service;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.transaction.RollbackException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class OutageTest {

    @Test
    void aConnectionThatBreaksIsAnOutage() {
        assertThat(Outage.isOne(new IllegalStateException(new SQLException("closed", "08003"))))
                .isTrue();
    }

    @Test
    void aCommitThatFailsForABrokenConnectionIsAnOutage() {
        var failure = new RollbackException("Could not commit transaction.");
        failure.addSuppressed(new IllegalStateException(new SQLException("closed", "08003")));

        assertThat(Outage.isOne(new IllegalStateException(failure))).isTrue();
    }

    @Test
    void aViolatedConstraintIsNone() {
        assertThat(Outage.isOne(new IllegalStateException(new SQLException("duplicate key", "23505"))))
                .isFalse();
    }

    @Test
    void whatTheDatabaseHasNoPartInIsNone() {
        var failure = new IllegalStateException("no");
        failure.addSuppressed(new IllegalStateException("neither"));

        assertThat(Outage.isOne(failure)).isFalse();
    }
}
