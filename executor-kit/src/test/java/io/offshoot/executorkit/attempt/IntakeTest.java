package io.offshoot.executorkit.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.claim.Announcement;
import io.offshoot.contracts.claim.AttemptRef;
import io.offshoot.contracts.claim.ClaimRequest;
import io.offshoot.contracts.claim.LaneUse;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.StepResult;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.lane.Connections;
import io.offshoot.executorkit.lane.Limits;
import io.offshoot.executorkit.lane.Pace;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IntakeTest {

    private final Bench bench = new Bench();

    @Test
    void aCommandIsClaimedRunAndReported() throws Exception {
        var command = bench.command("one");

        var taken = bench.take(command);
        bench.work();

        var result = bench.topics.onlyResult();
        assertThat(taken).isCompleted();
        assertThat(result.data().outcome()).isEqualTo(StepResult.Outcome.DONE);
        assertThat(result.data().outputs().path("text").asText()).isEqualTo("Hello Ada");
        assertThat(result.data().fence()).isEqualTo(1);
        assertThat(result.data().executor()).isEqualTo("bench");
        assertThat(bench.topics.results.get(0).key()).isEqualTo(Bench.DEPLOYMENT.toString());
        assertThat(bench.intake.running()).isZero();
    }

    @Test
    void theResultIsCausedByTheCommand() throws Exception {
        var event = Bench.commandEvent("one", Bench.GREET.name());

        bench.take(bench.delivery(Messages.write(event)));
        bench.work();

        var result = bench.topics.onlyResult();
        assertThat(result.causationid()).isEqualTo(event.id());
        assertThat(result.correlationid()).isEqualTo(event.correlationid());
        assertThat(result.hubid()).isEqualTo("hub-a");
        assertThat(result.source()).isEqualTo("/acme-executor");
        assertThat(result.traceparent()).isEqualTo(event.traceparent());
    }

    @Test
    void secondDeliveryOfACommandRunsNothing() {
        var command = bench.command("one");
        bench.take(command);
        bench.work();

        var again = bench.take(command);
        bench.work();

        assertThat(again).isCompleted();
        assertThat(bench.greeter.attempts).hasSize(1);
        assertThat(bench.topics.results).hasSize(1);
        assertThat(bench.intake.running()).isZero();
    }

    @Test
    void aCommandTwiceInOneBatchIsClaimedOnce() {
        var command = bench.command("one");

        bench.take(command, command);
        bench.work();

        assertThat(bench.orchestrator.requests).hasSize(1);
        assertThat(bench.orchestrator.requests.get(0).attempts()).hasSize(1);
        assertThat(bench.greeter.attempts).hasSize(1);
    }

    @Test
    void theBatchIsNotCommittedBeforeItsClaimIsAnswered() {
        bench.orchestrator.claimsToFail = 2;

        var taken = bench.take(bench.command("one"));

        assertThat(taken).isNotDone();
        bench.time.pass(Duration.ofSeconds(1));
        assertThat(taken).isCompleted();
    }

    @Test
    void theBatchIsCommittedBeforeItsAttemptsHaveRun() {
        var taken = bench.take(bench.command("one"));

        assertThat(taken).isCompleted();
        assertThat(bench.greeter.attempts).isEmpty();
    }

    @Test
    void aClaimWhoseAnswerWasLostIsRepeatedUnderItsIdAndLosesNothing() {
        bench.orchestrator.answersToLose = 1;
        bench.take(bench.command("one"));

        bench.time.pass(Duration.ofSeconds(1));
        bench.work();

        assertThat(bench.orchestrator.requests)
                .extracting(ClaimRequest::claimId)
                .hasSize(2)
                .containsOnly(bench.orchestrator.requests.get(0).claimId());
        assertThat(bench.topics.results).hasSize(1);
    }

    @Test
    void pausesBetweenClaimsGrowToABound() {
        bench.orchestrator.claimsToFail = Integer.MAX_VALUE;
        bench.take(bench.command("one"));

        bench.time.pass(Duration.ofSeconds(61));

        // 0.2 + 0.4 + 0.8 + 1.6 + 3.2 s, then every 5 s
        assertThat(bench.orchestrator.requests).hasSizeBetween(15, 18);
    }

    @Test
    void noMoreIsClaimedThanCanRun() {
        var small = new Bench(2);

        var taken = small.take(small.command("one"), small.command("two"), small.command("three"));

        assertThat(taken).isNotDone();
        assertThat(small.orchestrator.requests).hasSize(1);
        assertThat(small.orchestrator.requests.get(0).attempts())
                .extracting(AttemptRef::stepId)
                .containsExactly("one", "two");
        small.work();
        assertThat(taken).isCompleted();
        assertThat(small.topics.results).hasSize(3);
    }

    @Test
    void anUnreadableRecordGoesToTheDeadLettersAndTheNextIsUnaffected() throws Exception {
        var garbage = bench.delivery("{not json".getBytes(StandardCharsets.UTF_8));

        var taken = bench.take(garbage, bench.command("one"));
        bench.work();

        var letter = bench.topics.onlyDeadLetter();
        assertThat(taken).isCompleted();
        assertThat(letter.data().reason()).isEqualTo("unreadable");
        assertThat(letter.data().topic()).isEqualTo("acme.commands");
        assertThat(letter.data().value()).isEqualTo(garbage.value());
        assertThat(bench.topics.deadLetters.get(0).key()).isEqualTo("acme.commands");
        assertThat(bench.topics.results).hasSize(1);
    }

    @Test
    void anEmptyRecordGoesToTheDeadLetters() throws Exception {
        bench.take(bench.delivery(null));

        assertThat(bench.topics.onlyDeadLetter().data().reason()).isEqualTo("unreadable");
    }

    @Test
    void aCommandForAnotherProviderGoesToTheDeadLettersUnclaimed() throws Exception {
        var foreign = bench.delivery(Messages.write(Bench.commandEvent("one", "other/greet/1")));

        bench.take(foreign);

        assertThat(bench.topics.onlyDeadLetter().data().reason()).isEqualTo("foreign");
        assertThat(bench.orchestrator.requests).isEmpty();
    }

    @Test
    void nothingRunsForACommandThatNamesAnotherHubThanItsClaim() {
        bench.orchestrator.hub = "hub-b";

        bench.take(bench.command("one"));
        bench.work();

        assertThat(bench.greeter.attempts).isEmpty();
        assertThat(bench.topics.results).isEmpty();
        assertThat(bench.intake.running()).isZero();
    }

    @Test
    void onceStoppedNothingMoreIsClaimed() {
        bench.intake.stop();

        var taken = bench.take(bench.command("one"));

        assertThat(taken).isNotDone();
        assertThat(bench.orchestrator.requests).isEmpty();
        assertThat(bench.intake.running()).isZero();
    }

    @Test
    void aClaimThatCannotBeHadIsGivenUpOnceStoppedAndItsRecordsAreNotCommitted() {
        bench.orchestrator.claimsToFail = Integer.MAX_VALUE;
        var taken = bench.take(bench.command("one"));

        bench.intake.stop();
        bench.time.pass(Duration.ofSeconds(1));

        assertThat(taken).isNotDone();
        assertThat(bench.intake.running()).isZero();
        assertThat(bench.orchestrator.requests).hasSize(2);
    }

    @Test
    void whatHasNotBegunWhenStoppedIsHandedBack() throws Exception {
        bench.take(bench.command("one"));

        bench.intake.stop();
        bench.work();

        var result = bench.topics.onlyResult().data();
        assertThat(result.outcome()).isEqualTo(StepResult.Outcome.HANDED_BACK);
        assertThat(result.handedBack().wrote()).isFalse();
        assertThat(result.fence()).isEqualTo(1);
        assertThat(bench.greeter.attempts).isEmpty();
        assertThat(bench.intake.running()).isZero();
    }

    @Test
    void whatIsNotWrittenYetWhenStoppedIsHandedBackBeforeItsWrite() throws Exception {
        bench.greeter.behaviour = attempt -> {
            bench.intake.stop();
            attempt.beforeWrite();
            throw new AssertionError("written");
        };
        bench.take(bench.command("one"));

        bench.work();

        assertThat(bench.topics.onlyResult().data().handedBack().wrote()).isFalse();
    }

    @Test
    void whatHasWrittenSaysSoWhenItIsHandedBack() throws Exception {
        bench.greeter.behaviour = attempt -> {
            attempt.beforeWrite();
            bench.intake.stop();
            attempt.beforeWrite();
            throw new AssertionError("written once more");
        };
        bench.take(bench.command("one"));

        bench.work();

        assertThat(bench.topics.onlyResult().data().handedBack().wrote()).isTrue();
    }

    @Test
    void aCallThatIsUnderWayWhenStoppedIsFinishedAndReportedIfThatWasTheEnd() throws Exception {
        bench.greeter.behaviour = attempt -> {
            attempt.beforeWrite();
            bench.intake.stop();
            return new Outcome.Done<>(new Bench.Greeted("to the end"), List.of());
        };
        bench.take(bench.command("one"));

        bench.work();

        assertThat(bench.topics.onlyResult().data().outcome()).isEqualTo(StepResult.Outcome.DONE);
    }

    @Test
    void aPauseBetweenLooksEndsWhenStopped() throws Exception {
        bench.orchestrator.mode = AttemptMode.PROBE_FIRST;
        bench.greeter.behaviour = attempt -> {
            attempt.lookTwice(() -> {
                bench.time.after(Duration.ofMillis(150), bench.intake::stop);
                return Optional.empty();
            });
            throw new AssertionError("looked a second time");
        };
        bench.take(bench.command("one"));
        var before = bench.time.nanos();

        bench.work();

        assertThat(bench.topics.onlyResult().data().outcome()).isEqualTo(StepResult.Outcome.HANDED_BACK);
        assertThat(Duration.ofNanos(bench.time.nanos() - before)).isLessThanOrEqualTo(Duration.ofMillis(200));
    }

    @Test
    void anEmptyAnswerToAClaimIsNoAnswer() {
        bench.orchestrator.emptyAnswers = 1;
        bench.take(bench.command("one"));

        bench.time.pass(Duration.ofSeconds(1));
        bench.work();

        assertThat(bench.topics.results).hasSize(1);
    }

    @Test
    void anAttemptKnowsWhatWasUsedOfItsCredentialAndItsResultSaysWhatItUsed() throws Exception {
        var paces = new ArrayList<Pace>();
        var paced = new Bench(8, new Connections() {

            @Override
            public List<Announcement.Connection> announced() {
                return List.of();
            }

            @Override
            public Optional<Pace> pace(String connection, String hub) {
                return connection.equals("main") && hub.equals("hub-a") ? Optional.of(paces.get(0)) : Optional.empty();
            }
        });
        var limits = new Limits(1, Duration.ofSeconds(1), List.of(), Duration.ofSeconds(1), Duration.ofHours(1));
        paces.add(new Pace(limits, paced.time));
        paced.orchestrator.lane = new LaneUse(0L, List.of());
        var waited = new ArrayList<Boolean>();
        paced.greeter.behaviour = attempt -> {
            waited.add(paces.get(0).begin(Pace.ALL, true));
            paces.get(0).wrote();
            return new Outcome.Done<>(new Bench.Greeted("Hello"), List.of());
        };

        paced.take(paced.command("greeting"));
        paced.work();

        assertThat(waited).containsExactly(true);
        assertThat(paced.topics.onlyResult().data().budget().writes()).isEqualTo(1);
    }

    @Test
    void anAttemptThatThePoolTurnsDownLeavesRoomForOthers() {
        bench.isPoolClosed = true;

        var taken = bench.take(bench.command("one"));

        assertThat(taken).isCompleted();
        assertThat(bench.intake.running()).isZero();
        assertThat(bench.topics.results).isEmpty();
    }
}
