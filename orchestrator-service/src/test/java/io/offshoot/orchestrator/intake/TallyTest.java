package io.offshoot.orchestrator.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.offshoot.orchestrator.deployment.Fate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TallyTest {

    private final Tally tally = new Tally();

    @Test
    void aTopicAddsUpWhenEachOfItsRecordsHasBecomeSomething() {
        tally.consumed("deployment.triggers", 3);
        tally.became("deployment.triggers", List.of(Fate.APPLIED, Fate.DUPLICATE));
        assertThat(tally.of("deployment.triggers").addsUp()).isFalse();

        tally.became("deployment.triggers", List.of(Fate.DEAD_LETTER));

        var count = tally.of("deployment.triggers");
        assertThat(count.addsUp()).isTrue();
        assertThat(count.consumed()).isEqualTo(3);
        assertThat(count.fates()).isEqualTo(Map.of(Fate.APPLIED, 1L, Fate.DUPLICATE, 1L, Fate.DEAD_LETTER, 1L));
        assertThat(tally.of("github.results").consumed()).isZero();
    }
}
