package io.offshoot.gateway.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotTest {

    private final Snapshot snapshot = Snapshot.of(Map.of("state", "IDLE"), true, false);

    @Test
    void equalAnswersHaveEqualTagsAndOthersHaveNot() {
        assertThat(Snapshot.of(Map.of("state", "IDLE"), true, false).etag()).isEqualTo(snapshot.etag());
        assertThat(Snapshot.of(Map.of("state", "RUNNING"), true, false).etag()).isNotEqualTo(snapshot.etag());
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "\"other\", %s", " %s ,W/\"other\"", "*"})
    void aTagInTheHeaderIsKnown(String header) {
        assertThat(snapshot.isKnownTo(header.formatted(snapshot.etag()))).isTrue();
    }

    @Test
    void strengthDoesNotMatterInTheComparison() {
        assertThat(snapshot.isKnownTo(snapshot.etag().substring(2))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "W/\"other\"", "nonsense"})
    void anyOtherHeaderIsNot(String header) {
        assertThat(snapshot.isKnownTo(header)).isFalse();
        assertThat(snapshot.isKnownTo(null)).isFalse();
    }
}
