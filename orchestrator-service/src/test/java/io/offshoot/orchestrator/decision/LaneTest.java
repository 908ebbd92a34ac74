package io.offshoot.orchestrator.decision;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LaneTest {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofHours(1);

    @Test
    void aThousandOfOneHubDoNotKeepTheOneOfAnotherWaiting() {
        var lane = lane(1);
        for (int i = 0; i < 7; i++) {
            lane = lane.served("a");
        }
        var waiting = Map.of("a", NOW, "b", NOW.plusSeconds(100));

        var first = lane.next(waiting).orElseThrow();
        var second = lane.served(first).next(waiting).orElseThrow();

        assertThat(List.of(first, second)).contains("b");
    }

    @Test
    void ofHubsThatWereNeverServedTheOneThatWaitsLongestIsNext() {
        assertThat(lane(1).next(Map.of("a", NOW, "b", NOW.minusSeconds(1)))).contains("b");
        assertThat(lane(1).next(Map.of())).isEmpty();
    }

    @Test
    void aPauseThatIsNamedIsKeptWithinBounds() {
        assertThat(lane(1).throttled(5_000L, NOW, NOW).blockedUntil()).isEqualTo(NOW.plusSeconds(5));
        assertThat(lane(1).throttled(Long.MAX_VALUE, NOW, NOW).blockedUntil()).isEqualTo(NOW.plus(LONGEST));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void aPauseOfNothingIsTheShortest(long asked) {
        assertThat(lane(1).throttled(asked, NOW, NOW).blockedUntil()).isEqualTo(NOW.plus(SHORTEST));
        assertThat(lane(1).throttled(null, NOW, NOW).blockedUntil()).isEqualTo(NOW.plus(SHORTEST));
    }

    @Test
    void aPauseThatIsNotNamedDoublesWhileThatGoesOnAndNotForThoseWhoWereUnderWayTogether() {
        var once = lane(4).throttled(null, NOW, NOW);
        var together = once.throttled(null, NOW, NOW.plusSeconds(1));
        var later = once.blockedUntil().plusSeconds(1);
        var again = once.throttled(null, later, later);

        assertThat(together.throttles()).isEqualTo(1);
        assertThat(Duration.between(later, again.blockedUntil())).isEqualTo(SHORTEST.multipliedBy(2));
        for (int i = 0; i < 50; i++) {
            again = again.throttled(null, again.blockedUntil(), again.blockedUntil());
        }
        assertThat(again.blockedUntil()).isBefore(NOW.plus(LONGEST.multipliedBy(60)));
    }

    @Test
    void aShorterPauseDoesNotEndALongerOne() {
        var lane = lane(4).throttled(60_000L, NOW, NOW).throttled(1_000L, NOW, NOW);

        assertThat(lane.blockedUntil()).isEqualTo(NOW.plusSeconds(60));
    }

    @Test
    void afterAPauseOneGoesFirstAndTheRestWhenItWasTaken() {
        var blocked = lane(4).throttled(60_000L, NOW, NOW);
        var end = NOW.plusSeconds(60);

        assertThat(blocked.hasRoom(0, end.minusMillis(1))).isFalse();
        assertThat(blocked.hasRoom(0, end)).isTrue();
        assertThat(blocked.hasRoom(1, end)).isFalse();
        assertThat(blocked.accepted(NOW).hasRoom(1, end)).isFalse();
        assertThat(blocked.accepted(end).hasRoom(3, end)).isTrue();
        assertThat(blocked.accepted(end).hasRoom(4, end)).isFalse();
    }

    static LongStream seeds() {
        return new SplittableRandom().longs(200);
    }

    /** Attempts of some hubs come, take turns, end and are throttled at random. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whateverHappensNeverMoreAreUnderWayThanMayBeNorAnyBegunInAPauseAndAllHaveTheirTurn(long seed) {
        var random = new SplittableRandom(seed);
        var atMost = 1 + random.nextInt(4);
        var lane = lane(atMost);
        var line = new TreeMap<String, Deque<Instant>>();
        var begun = new ArrayList<Instant>();
        var passedOver = new HashMap<String, Integer>();
        var now = NOW;
        var queued = 0;
        var served = 0;
        for (int i = 0; i < 2_000 || served < queued; i++) {
            now = now.plusMillis(random.nextInt(2_000));
            if (i < 2_000 && random.nextInt(3) == 0) {
                var hub = "hub-" + Math.min(random.nextInt(5), random.nextInt(5));
                line.computeIfAbsent(hub, none -> new ArrayDeque<>()).add(now);
                queued++;
            }
            if (!begun.isEmpty() && random.nextInt(2) == 0) {
                var ended = begun.remove(random.nextInt(begun.size()));
                lane = random.nextInt(10) == 0
                        ? lane.throttled(random.nextBoolean() ? null : random.nextLong(90_000) - 1_000, ended, now)
                        : lane.accepted(ended);
            }
            var waiting = new HashMap<String, Instant>();
            line.forEach((hub, since) -> waiting.put(hub, since.peek()));
            if (!waiting.isEmpty() && lane.hasRoom(begun.size(), now)) {
                assertThat(lane.blockedUntil() == null || !now.isBefore(lane.blockedUntil()))
                        .isTrue();
                var hub = lane.next(waiting).orElseThrow();
                lane = lane.served(hub);
                line.get(hub).remove();
                line.values().removeIf(Deque::isEmpty);
                begun.add(now);
                served++;
                waiting.keySet().forEach(other -> passedOver.merge(other, 1, Integer::sum));
                passedOver.remove(hub);
                assertThat(passedOver.values()).allMatch(times -> times < 5);
            }
            assertThat(begun).hasSizeLessThanOrEqualTo(atMost);
        }
        assertThat(served).isEqualTo(queued);
    }

    private static Lane lane(int liveAtMost) {
        return new Lane(liveAtMost, SHORTEST, LONGEST, null, false, 0, Map.of());
    }
}
