package io.offshoot.executorkit.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.StepResult;
import io.offshoot.executorkit.action.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LeasesTest {

    private final Bench bench = new Bench();

    @Test
    void allLeasesAreProlongedTogetherThreeTimesALease() {
        bench.take(bench.command("one"), bench.command("two"));

        bench.time.pass(Duration.ofSeconds(30));

        assertThat(bench.orchestrator.beats).hasSize(3).allSatisfy(beat -> {
            assertThat(beat.leases()).hasSize(2);
            assertThat(beat.executor()).isEqualTo("bench");
        });
    }

    @Test
    void theHeartbeatGoesOnUntilTheBrokerHasTheResult() {
        bench.topics.resultAcknowledged = new CompletableFuture<>();
        bench.take(bench.command("one"));
        bench.work();
        bench.time.pass(Duration.ofSeconds(20));
        var beatsBefore = bench.orchestrator.beats.size();

        bench.topics.resultAcknowledged.complete(null);
        bench.time.pass(Duration.ofSeconds(60));

        assertThat(beatsBefore).isEqualTo(2);
        assertThat(bench.orchestrator.beats).hasSize(beatsBefore);
        assertThat(bench.intake.running()).isZero();
    }

    @Test
    void anAttemptWithALostLeaseWritesNothingAndHasNoResult() {
        bench.greeter.behaviour = attempt -> {
            bench.orchestrator.lost.addAll(bench.orchestrator.beats.get(0).leases());
            bench.time.pass(Duration.ofSeconds(10));
            attempt.beforeWrite();
            throw new AssertionError("written");
        };
        bench.take(bench.command("one"));
        bench.time.pass(Duration.ofSeconds(10));

        bench.work();

        assertThat(bench.greeter.attempts).hasSize(1);
        assertThat(bench.topics.results).isEmpty();
        assertThat(bench.intake.running()).isZero();
    }

    @Test
    void aLeaseThatCannotBeProlongedRunsOutOnTheMonotonicClock() {
        bench.orchestrator.isDeaf = true;
        bench.greeter.behaviour = attempt -> {
            attempt.beforeWrite();
            bench.time.pass(Bench.LEASE);
            attempt.beforeWrite();
            throw new AssertionError("written");
        };
        bench.take(bench.command("one"));

        bench.work();

        assertThat(bench.greeter.attempts).hasSize(1);
        assertThat(bench.topics.results).isEmpty();
    }

    @Test
    void aLeaseIsCountedFromWhenItsClaimWasSent() {
        bench.orchestrator.isDeaf = true;
        bench.orchestrator.answersToLose = 1;
        bench.greeter.behaviour = attempt -> {
            bench.time.pass(Bench.LEASE.minus(Bench.CALL_TIMEOUT));
            attempt.beforeWrite();
            return new Outcome.Done<>(new Bench.Greeted("in time"), List.of());
        };
        bench.take(bench.command("one"));
        bench.time.pass(Duration.ofMillis(200));

        bench.work();

        assertThat(bench.topics.results).hasSize(1);
    }

    @Test
    void noCallThatMayBeginOutlivesItsLease() {
        for (int second = 0; second <= Bench.LEASE.toSeconds(); second++) {
            var bench = new Bench();
            var before = Duration.ofSeconds(second);
            var begun = new ArrayList<Long>();
            bench.orchestrator.isDeaf = true;
            bench.greeter.behaviour = attempt -> {
                bench.time.pass(before);
                attempt.beforeWrite();
                begun.add(bench.time.nanos());
                return new Outcome.Done<>(new Bench.Greeted("in time"), List.of());
            };
            bench.take(bench.command("one"));
            var lapses = bench.time.nanos() + Bench.LEASE.toNanos();

            bench.work();

            assertThat(begun).hasSize(before.plus(Bench.CALL_TIMEOUT).compareTo(Bench.LEASE) <= 0 ? 1 : 0);
            assertThat(begun).allSatisfy(at -> assertThat(at + Bench.CALL_TIMEOUT.toNanos())
                    .isLessThanOrEqualTo(lapses));
        }
    }

    @Test
    void aWriteWaitsForTheHeartbeatWhereTooLittleIsLeftOfItsLease() {
        var begun = new ArrayList<Long>();
        bench.orchestrator.isDeaf = true;
        bench.greeter.behaviour = attempt -> {
            bench.time.pass(Bench.LEASE.minus(Bench.CALL_TIMEOUT).plusSeconds(2));
            bench.time.after(Duration.ofSeconds(3), () -> bench.orchestrator.isDeaf = false);
            attempt.beforeWrite();
            begun.add(bench.time.nanos());
            return new Outcome.Done<>(new Bench.Greeted("a little later"), List.of());
        };
        bench.take(bench.command("one"));
        var began = bench.time.nanos();

        bench.work();

        assertThat(begun).singleElement().satisfies(at -> assertThat(Duration.ofNanos(at - began))
                .isBetween(Duration.ofSeconds(15), Duration.ofMillis(15_300)));
        assertThat(bench.topics.results).hasSize(1);
    }

    @Test
    void nothingIsWrittenWhereALeaseHasNoRoomForACall() throws Exception {
        bench.orchestrator.lease = Bench.CALL_TIMEOUT;
        bench.greeter.behaviour = attempt -> {
            attempt.beforeWrite();
            throw new AssertionError("written");
        };
        bench.take(bench.command("one"));

        bench.work();

        assertThat(bench.topics.onlyResult().data().failure().kind()).isEqualTo(FailureClass.RETRYABLE);
    }

    @Test
    void aHeldLeaseOutlivesAnOutageOfTheOrchestratorThatEndsInTime() {
        bench.orchestrator.isDeaf = true;
        bench.greeter.behaviour = attempt -> {
            bench.time.pass(Duration.ofSeconds(25));
            bench.orchestrator.isDeaf = false;
            bench.time.pass(Duration.ofSeconds(25));
            attempt.beforeWrite();
            return new Outcome.Done<>(new Bench.Greeted("still ours"), List.of());
        };
        bench.take(bench.command("one"));

        bench.work();

        assertThat(bench.topics.results).hasSize(1);
    }

    @Test
    void aResultThatTheBrokerDoesNotTakeIsTriedAgain() throws Exception {
        bench.topics.resultsToFail = 3;
        bench.take(bench.command("one"));
        bench.work();

        bench.time.pass(Duration.ofSeconds(5));

        assertThat(bench.topics.onlyResult().data().outcome()).isEqualTo(StepResult.Outcome.DONE);
        assertThat(bench.intake.running()).isZero();
    }

    @Test
    void aResultIsDroppedWhenTheLeaseIsLostBeforeTheBrokerTakesIt() {
        bench.topics.resultsToFail = Integer.MAX_VALUE;
        bench.orchestrator.isDeaf = true;
        bench.take(bench.command("one"));
        bench.work();

        bench.time.pass(Bench.LEASE.plusSeconds(6));

        assertThat(bench.topics.results).isEmpty();
        assertThat(bench.intake.running()).isZero();
    }
}
