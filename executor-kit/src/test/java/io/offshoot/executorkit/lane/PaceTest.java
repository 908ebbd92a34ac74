package io.offshoot.executorkit.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.MissingNode;
import io.offshoot.contracts.claim.LaneUse;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.attempt.Time;
import io.offshoot.executorkit.call.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class PaceTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private final SetTime time = new SetTime();
    private final Pace pace = new Pace(
            new Limits(
                    1,
                    SECOND,
                    List.of(new Limits.Window(30, MINUTE), new Limits.Window(200, HOUR)),
                    MINUTE,
                    Duration.ofHours(24)),
            time);

    @Test
    void aWriteBeginsASecondAfterTheEndOfTheOneBeforeAndAReadAtOnce() {
        assertThat(pace.begin(Pace.ALL, true)).isFalse();
        time.pass(Duration.ofMillis(400));
        pace.wrote();
        var ended = time.nanos;

        assertThat(pace.begin(Pace.ALL, false)).isFalse();
        assertThat(pace.begin(Pace.ALL, true)).isTrue();

        assertThat(time.nanos - ended).isEqualTo(SECOND.toNanos());
    }

    @Test
    void whatAnotherReplicaWroteAMomentAgoIsKeptADistanceFrom() {
        pace.take(new LaneUse(300L, List.of()));

        pace.begin(Pace.ALL, true);

        assertThat(time.nanos).isEqualTo(Duration.ofMillis(700).toNanos());
    }

    @Test
    void aFullWindowRefusesTheNextWriteUntilItsFirstIsOut() {
        write(30);
        var first = Duration.ZERO;

        var refusal = refused(true);

        assertThat(refusal.kind()).isEqualTo(FailureClass.THROTTLED);
        assertThat(refusal.failure().retryAfterMs())
                .isEqualTo(MINUTE.plus(first).minusNanos(time.nanos).toMillis());
        assertThat(pace.begin(Pace.ALL, false)).isFalse();
        time.pass(Duration.ofMillis(refusal.failure().retryAfterMs()));
        assertThat(pace.begin(Pace.ALL, true)).isFalse();
    }

    @Test
    void writesOfOtherReplicasCountAndOurOwnAreNotCountedTwice() {
        write(5);
        pace.take(new LaneUse(10_000L, List.of(new LaneUse.Writes(MINUTE.toMillis(), 1_000, 29))));

        write(1);

        assertThat(refused(true).kind()).isEqualTo(FailureClass.THROTTLED);
    }

    static LongStream seeds() {
        return new SplittableRandom().longs(50);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void neverMoreWritesThanAWindowAllowsWhicheverReplicaMakesThem(long seed) {
        var random = new SplittableRandom(seed);
        var limits = new Limits(1, SECOND, List.of(new Limits.Window(20, MINUTE)), SECOND, MINUTE);
        var replicas = List.of(new Pace(limits, time), new Pace(limits, time));
        var writes = new ArrayList<Long>();
        for (int attempt = 0; attempt < 200; attempt++) {
            var replica = replicas.get(random.nextInt(2));
            replica.take(new LaneUse(
                    writes.isEmpty() ? null : millis(time.nanos - writes.get(writes.size() - 1)),
                    writes.stream()
                            .filter(at -> time.nanos - at < MINUTE.toNanos())
                            .map(at -> new LaneUse.Writes(MINUTE.toMillis(), millis(time.nanos - at), 1))
                            .toList()));
            try {
                for (int write = 0; write < 1 + random.nextInt(6); write++) {
                    replica.begin(Pace.ALL, true);
                    writes.add(time.nanos);
                    replica.wrote();
                }
            } catch (ProviderException full) {
                time.pass(Duration.ofMillis(full.failure().retryAfterMs()));
            }
        }
        for (int i = 1; i < writes.size(); i++) {
            assertThat(writes.get(i) - writes.get(i - 1)).isGreaterThanOrEqualTo(SECOND.toNanos() - 1_000_000);
            if (i >= 20) {
                assertThat(writes.get(i) - writes.get(i - 20)).isGreaterThanOrEqualTo(MINUTE.toNanos() - 1_000_000);
            }
        }
    }

    @Test
    void onceAPauseIsKnownNoCallBeginsUntilItIsOver() {
        pace.throttled(Pace.ALL, 5_000L);
        time.pass(Duration.ofSeconds(2));

        assertThat(refused(false).failure().retryAfterMs()).isEqualTo(3_000);
        assertThat(refused(true).failure().retryAfterMs()).isEqualTo(3_000);
        time.pass(Duration.ofSeconds(3));
        assertThat(pace.begin(Pace.ALL, false)).isFalse();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void aPauseOfNothingIsTheShortest(Long asked) {
        pace.throttled(Pace.ALL, asked);

        assertThat(refused(false).failure().retryAfterMs()).isEqualTo(MINUTE.toMillis());
    }

    @Test
    void noPauseIsLongerThanTheLongest() {
        pace.throttled(Pace.ALL, Long.MAX_VALUE);

        assertThat(refused(false).failure().retryAfterMs())
                .isEqualTo(Duration.ofHours(24).toMillis());
    }

    @Test
    void aLimitThatIsUsedUpIsWaitedForAndOtherResourcesAreNot() {
        pace.learn("GET project", headers("100", "0", 30));

        assertThatThrownBy(() -> pace.begin("GET project", false)).isInstanceOf(ProviderException.class);
        assertThat(pace.begin("POST project", false)).isFalse();
        time.pass(Duration.ofSeconds(31));
        assertThat(pace.begin("GET project", false)).isFalse();
    }

    @Test
    void aPauseOfOneEndpointIsNotTheOthers() {
        pace.throttled("POST project", 5_000L);

        var refusal = catchThrowableOfType(ProviderException.class, () -> pace.begin("POST project", true));

        assertThat(refusal.code()).isEqualTo(Failure.ENDPOINT_LIMITED);
        assertThat(refusal.failure().retryAfterMs()).isEqualTo(5_000);
        assertThat(pace.begin("GET project", false)).isFalse();
        time.pass(Duration.ofSeconds(5));
        assertThat(pace.begin("POST project", true)).isFalse();
    }

    @Test
    void theProvidersWordForWhatIsLimitedGoesBeforeOurs() {
        var answer = headers("5000", "17", 60);
        pace.learn(
                "ours",
                new Answer(
                        200,
                        name -> name.equals("X-RateLimit-Resource")
                                ? "search"
                                : answer.header().apply(name),
                        MissingNode.getInstance()));

        assertThat(pace.report().allowances()).singleElement().satisfies(said -> {
            assertThat(said.resource()).isEqualTo("search");
            assertThat(said.limit()).isEqualTo(5000);
            assertThat(said.remaining()).isEqualTo(17);
            assertThat(said.resetMs()).isEqualTo(60_000);
        });
    }

    @Test
    void headersThatAreAbsentNegativeOrInThePastHoldNobodyUp() {
        pace.learn(Pace.ALL, headers("5000", null, 60));
        pace.learn(Pace.ALL, headers("5000", "-1", 60));
        assertThat(pace.report().allowances()).isEmpty();
        pace.learn(Pace.ALL, headers("x", "0", -60));

        assertThat(pace.begin(Pace.ALL, true)).isFalse();
    }

    @Test
    void whatWasUsedIsReportedOnce() {
        write(3);
        time.pass(Duration.ofMillis(250));

        var report = pace.report();

        assertThat(report.writes()).isEqualTo(3);
        assertThat(report.sinceWriteMs()).isEqualTo(250);
        assertThat(pace.report().writes()).isZero();
    }

    @Test
    void aFreePaceHoldsNobodyUp() {
        var free = Pace.free(time);
        for (int i = 0; i < 1_000; i++) {
            assertThat(free.begin(Pace.ALL, true)).isFalse();
            free.wrote();
        }
    }

    private void write(int times) {
        for (int i = 0; i < times; i++) {
            pace.begin(Pace.ALL, true);
            pace.wrote();
        }
    }

    private ProviderException refused(boolean write) {
        return catchThrowableOfType(ProviderException.class, () -> pace.begin(Pace.ALL, write));
    }

    private Answer headers(String limit, String remaining, long resetSeconds) {
        var headers = new HashMap<String, String>(Map.of("X-RateLimit-Limit", limit));
        headers.put("X-RateLimit-Remaining", remaining);
        headers.put("X-RateLimit-Reset", Long.toString(time.now().getEpochSecond() + resetSeconds));
        return new Answer(200, headers::get, MissingNode.getInstance());
    }

    private static long millis(long nanos) {
        return Duration.ofNanos(nanos).toMillis();
    }

    private static final class SetTime implements Time {

        private long nanos;

        void pass(Duration duration) {
            nanos += duration.toNanos();
        }

        @Override
        public Instant now() {
            return Instant.parse("2026-11-21T10:00:00Z").plusNanos(nanos);
        }

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public void after(Duration pause, Runnable task) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void pause(Duration pause) {
            pass(pause);
        }
    }
}
