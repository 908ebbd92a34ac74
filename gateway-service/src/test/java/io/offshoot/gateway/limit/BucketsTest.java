package io.offshoot.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BucketsTest {

    private final MovableClock clock = new MovableClock();
    private final Buckets buckets = new Buckets("hub", 2, 10, clock);

    private void take(String whose, int times) {
        for (int i = 0; i < times; i++) {
            buckets.take(whose);
        }
    }

    private TooManyRequests refused(String whose) {
        return catchThrowableOfType(TooManyRequests.class, () -> buckets.take(whose));
    }

    @Test
    void asManyAtOnceAsTheBucketHoldsAndNoMore() {
        take("north", 10);

        var refused = refused("north");

        assertThat(refused.headers())
                .containsEntry("Retry-After", "1")
                .containsEntry("RateLimit-Policy", "\"hub\";q=10;w=5")
                .containsEntry("RateLimit", "\"hub\";r=0;t=1");
    }

    @Test
    void nobodyElseIsAffected() {
        take("north", 10);

        assertThatCode(() -> take("south", 10)).doesNotThrowAnyException();
    }

    @Test
    void itFillsWithTime() {
        take("north", 10);
        clock.move(Duration.ofSeconds(1));

        take("north", 2);

        assertThat(refused("north")).isNotNull();
    }

    @Test
    void itHoldsNoMoreThanItHolds() {
        clock.move(Duration.ofDays(1));

        take("north", 10);

        assertThat(refused("north")).isNotNull();
    }

    @Test
    void whatIsRefusedTakesNothing() {
        take("north", 10);
        for (int i = 0; i < 100; i++) {
            assertThat(refused("north")).isNotNull();
        }
        clock.move(Duration.ofMillis(500));

        assertThatCode(() -> take("north", 1)).doesNotThrowAnyException();
    }

    @Test
    void aClockThatIsSetBackFillsNothing() {
        take("north", 10);
        clock.move(Duration.ofSeconds(-5));

        assertThat(refused("north")).isNotNull();
    }
}
