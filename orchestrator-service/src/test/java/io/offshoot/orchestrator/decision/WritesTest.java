package io.offshoot.orchestrator.decision;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WritesTest {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final long MINUTE = 60_000;
    private static final long HOUR = 60 * MINUTE;

    @Test
    void writesCountInEveryWindowUntilTheyAreOutOfIt() {
        var writes = Writes.add(List.of(), List.of(MINUTE, HOUR), 3, NOW);

        assertThat(count(writes, MINUTE, NOW)).isEqualTo(3);
        assertThat(count(writes, MINUTE, NOW.plusSeconds(59))).isEqualTo(3);
        assertThat(count(writes, MINUTE, NOW.plusSeconds(66))).isZero();
        assertThat(count(writes, HOUR, NOW.plusSeconds(66))).isEqualTo(3);
    }

    static LongStream seeds() {
        return new SplittableRandom().longs(100);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void neverLessIsCountedThanWasMadeAndTheListStaysShort(long seed) {
        var random = new SplittableRandom(seed);
        var made = new ArrayList<Instant>();
        List<Writes> writes = List.of();
        var now = NOW;
        for (int i = 0; i < 500; i++) {
            now = now.plusMillis(random.nextInt(4_000));
            made.add(now);
            writes = Writes.add(writes, List.of(MINUTE), 1, now);
            var since = now.minusMillis(MINUTE);
            assertThat(count(writes, MINUTE, now)).isGreaterThanOrEqualTo((int)
                    made.stream().filter(at -> at.isAfter(since)).count());
            assertThat(writes).hasSizeLessThanOrEqualTo(14);
        }
    }

    private static int count(List<Writes> writes, long length, Instant now) {
        return writes.stream()
                .filter(some -> some.lengthMs() == length && some.counts(now))
                .mapToInt(Writes::count)
                .sum();
    }
}
