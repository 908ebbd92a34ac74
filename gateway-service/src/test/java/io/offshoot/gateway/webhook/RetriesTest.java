package io.offshoot.gateway.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetriesTest {

    private final Retries retries =
            new Retries(List.of(Duration.ZERO, Duration.ofSeconds(5), Duration.ofMinutes(5), Duration.ofHours(24)));

    @Test
    void eachPauseIsTheScheduledOneAndUpToAFifthMore() {
        assertThat(retries.after(1, 0)).contains(Duration.ofSeconds(5));
        assertThat(retries.after(1, 1)).contains(Duration.ofSeconds(6));
        assertThat(retries.after(3, 0.5)).contains(Duration.ofHours(24).plusMinutes(144));
    }

    @Test
    void afterTheLastTryThereIsNone() {
        assertThat(retries.after(4, 0)).isEmpty();
    }
}
