package io.offshoot.executorkit.lane;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PacesTest {

    @Test
    void oneTokenHasOneLaneForWhoeverHasTheKeyAndItsIdTellsNothing() {
        var paces = new Paces(Limits.NONE, "key", null);

        assertThat(paces.laneOf("token")).isEqualTo(new Paces(Limits.NONE, "key", null).laneOf("token"));
        assertThat(paces.laneOf("token")).isNotEqualTo(new Paces(Limits.NONE, "other", null).laneOf("token"));
        assertThat(paces.laneOf("token")).isNotEqualTo(paces.laneOf("token2"));
        assertThat(paces.laneOf("token")).matches("token-[0-9a-f]{32}");
    }

    @Test
    void oneLaneHasOnePace() {
        var paces = new Paces(Limits.NONE, "key", null);

        assertThat(paces.of("a")).isSameAs(paces.of("a")).isNotSameAs(paces.of("b"));
    }
}
