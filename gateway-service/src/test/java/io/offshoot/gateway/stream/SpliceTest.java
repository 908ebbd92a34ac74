package io.offshoot.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SpliceTest {

    private final Splice<String> splice = new Splice<>(2);

    @Test
    void whatTheReaderHasIsDropped() {
        splice.offer(1, "one");
        splice.offer(2, "two");

        assertThat(splice.drain()).isEmpty();
        assertThat(splice.hasGap()).isFalse();
    }

    @Test
    void whatComesTwiceIsToldOnce() {
        splice.offer(3, "three");
        splice.offer(3, "three");
        assertThat(splice.drain()).containsExactly("three");
        splice.offer(3, "three");

        assertThat(splice.drain()).isEmpty();
    }

    @Test
    void whatIsAheadOfAGapIsHeldBackUntilTheGapIsFilled() {
        splice.offer(5, "five");
        splice.offer(4, "four");
        assertThat(splice.drain()).isEmpty();
        assertThat(splice.hasGap()).isTrue();

        splice.offer(3, "three");

        assertThat(splice.drain()).containsExactly("three", "four", "five");
        assertThat(splice.hasGap()).isFalse();
        assertThat(splice.last()).isEqualTo(5);
    }

    @Test
    void tooFarAheadOfAGapTheLastIsForgottenAndCanBeOfferedAgain() {
        for (long seq = 4; seq <= 1_500; seq++) {
            splice.offer(seq, Long.toString(seq));
        }
        splice.offer(3, "3");

        splice.drain();

        assertThat(splice.last()).isBetween(900L, 1_100L);
        splice.offer(splice.last() + 1, "again");
        assertThat(splice.drain()).containsExactly("again");
    }

    @Test
    void anyOrderWithAnyRepeatsComesOutInOrderAndOnce() {
        var seed = Long.getLong("seed", System.nanoTime());
        var random = new SplittableRandom(seed);
        var told = new ArrayList<Long>();
        var any = new Splice<Long>(0);

        for (int i = 0; i < 20_000; i++) {
            var seq = Math.max(1, told.size() + random.nextLong(-5, 8));
            any.offer(seq, seq);
            told.addAll(any.drain());
        }

        List<Long> expected = new ArrayList<>();
        for (long seq = 1; seq <= told.size(); seq++) {
            expected.add(seq);
        }
        assertThat(told).as("seed %d", seed).isNotEmpty().isEqualTo(expected);
    }
}
