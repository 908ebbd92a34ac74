package io.offshoot.orchestrator.decision;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.message.DeploymentRequest.Kind;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Instructions;
import io.offshoot.contracts.message.StepResult;
import io.offshoot.contracts.message.StepState;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.RequestView.Outcome;
import io.offshoot.workflows.DocsSite;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ProgressTest {

    private static final UUID DEPLOYMENT = new UUID(0, 1);
    private static final UUID REQUEST = new UUID(0, 2);
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final Duration PROBE_AFTER_LAPSE = Duration.ofMillis(500);
    private static final Duration PROBE_AFTER_UNCERTAIN = Duration.ofSeconds(10);
    private static final Policy POLICY = policy(step -> 0.5);
    private static final ObjectNode OUTPUTS = JsonNodeFactory.instance.objectNode();

    @Test
    void aRunDispatchesWhatNeedsNothingAndBlocksTheRest() {
        var deployment = new Simulated("docs", "handbook");

        var decision = deployment.take(deployment.progress().on(request(Kind.RUN, null, null), REQUEST, NOW));

        assertThat(decision.outcome()).isEqualTo(Outcome.STARTED);
        assertThat(deployment.step("docs", "repository").state()).isEqualTo(StepState.DISPATCHED);
        assertThat(deployment.step("handbook", "repository").state()).isEqualTo(StepState.DISPATCHED);
        assertThat(deployment.step("docs", "domain").state()).isEqualTo(StepState.BLOCKED);
    }

    @Test
    void aSecondRunJoins() {
        var deployment = new Simulated("docs").run();

        var decision = deployment.progress().on(request(Kind.RUN, null, null), new UUID(0, 3), NOW);

        assertThat(decision.outcome()).isEqualTo(Outcome.JOINED);
        assertThat(decision.changed()).isEmpty();
    }

    @Test
    void aFailureEndsTheAppButNotTheOther() {
        var deployment = new Simulated("docs", "handbook").run().claim("docs", "repository");

        deployment.take(deployment.progress().on(deployment.failed("docs", "repository", FailureClass.REFUSED), NOW));

        assertThat(deployment.step("docs", "domain").state()).isEqualTo(StepState.SKIPPED);
        assertThat(deployment.step("handbook", "domain").state()).isEqualTo(StepState.BLOCKED);
    }

    @Test
    void aRunOfWhatHasFailedAsksForResume() {
        var deployment = new Simulated("docs").run().claim("docs", "repository");
        deployment.take(deployment.progress().on(deployment.failed("docs", "repository", FailureClass.REFUSED), NOW));

        assertThat(deployment
                        .progress()
                        .on(request(Kind.RUN, null, null), REQUEST, NOW)
                        .refusal())
                .isEqualTo(ProblemType.NEEDS_RESUME);
    }

    @Test
    void aResumeOfWhatHasNotFailedIsRefused() {
        assertThat(new Simulated("docs")
                        .progress()
                        .on(request(Kind.RESUME, null, null), REQUEST, NOW)
                        .refusal())
                .isEqualTo(ProblemType.NOTHING_TO_RESUME);
    }

    @Test
    void failuresEndAGenerationAndLapsedLeasesDoNot() {
        var deployment = new Simulated("docs").run();
        for (int i = 0; i < 5; i++) {
            deployment.claim("docs", "repository");
            deployment.take(deployment.progress().onLeaseLapsed("docs", "repository", NOW));
            deployment.take(deployment.progress().onDue("docs", "repository", NOW));
        }
        for (int i = 0; i < 2; i++) {
            deployment.claim("docs", "repository");
            deployment.take(
                    deployment.progress().on(deployment.failed("docs", "repository", FailureClass.RETRYABLE), NOW));
            deployment.take(deployment.progress().onDue("docs", "repository", NOW));
        }
        assertThat(deployment.step("docs", "repository").state()).isEqualTo(StepState.DISPATCHED);

        deployment.claim("docs", "repository");
        deployment.take(deployment.progress().on(deployment.failed("docs", "repository", FailureClass.RETRYABLE), NOW));

        assertThat(deployment.step("docs", "repository").state()).isEqualTo(StepState.FAILED);
    }

    @Test
    void aResultThatComesAfterTheLeaseLapsedStillCounts() {
        var deployment = new Simulated("docs").run().claim("docs", "repository");
        var result = deployment.done("docs", "repository");
        deployment.take(deployment.progress().onLeaseLapsed("docs", "repository", NOW));

        deployment.take(deployment.progress().on(result, NOW));

        assertThat(deployment.step("docs", "repository").state()).isEqualTo(StepState.SUCCEEDED);
        assertThat(deployment.step("docs", "contents").state()).isEqualTo(StepState.DISPATCHED);
    }

    @Test
    void secondDeliveryOfAWaitDoesNotEndTheLookThatFollowed() {
        var deployment = new Simulated("docs").run().claim("docs", "repository");
        var result = deployment.waiting("docs", "repository", null);
        deployment.take(deployment.progress().on(result, NOW));
        deployment.take(deployment.progress().onDue("docs", "repository", NOW));

        assertThat(deployment.progress().on(result, NOW)).isEqualTo(Decision.NOTHING);
    }

    @Test
    void failuresOfLooksDoNotAddUpOverAWait() {
        var deployment = new Simulated("docs").run();
        for (int i = 0; i < 10; i++) {
            deployment.claim("docs", "repository");
            deployment.take(
                    deployment.progress().on(deployment.failed("docs", "repository", FailureClass.RETRYABLE), NOW));
            deployment.take(deployment.progress().onDue("docs", "repository", NOW));
            deployment.claim("docs", "repository");
            deployment.take(deployment.progress().on(deployment.waiting("docs", "repository", null), NOW));
            deployment.take(deployment.progress().onDue("docs", "repository", NOW));
        }

        assertThat(deployment.step("docs", "repository").state()).isEqualTo(StepState.DISPATCHED);
    }

    @Test
    void aRunThatCouldOnlySkipAsksForResume() {
        var deployment = new Simulated("docs");
        deployment.take(deployment.progress().on(request(Kind.TRIGGER, "docs", "repository"), REQUEST, NOW));
        deployment.claim("docs", "repository");
        deployment.take(deployment.progress().on(deployment.failed("docs", "repository", FailureClass.REFUSED), NOW));

        var decision = deployment.progress().on(request(Kind.RUN, null, null), new UUID(0, 3), NOW);

        assertThat(decision.refusal()).isEqualTo(ProblemType.NEEDS_RESUME);
        assertThat(decision.changed()).isEmpty();
    }

    @Test
    void aResultOfAnEarlierAttemptCountsNoMore() {
        var deployment = new Simulated("docs").run().claim("docs", "repository");
        var result = deployment.done("docs", "repository");
        deployment.take(deployment.progress().onLeaseLapsed("docs", "repository", NOW));
        deployment.take(deployment.progress().onDue("docs", "repository", NOW));

        assertThat(deployment.progress().on(result, NOW)).isEqualTo(Decision.NOTHING);
        assertThat(deployment.step("docs", "repository").attempt().mode()).isEqualTo(AttemptMode.PROBE_FIRST);
    }

    @Test
    void aLapsedLeaseIsTakenOverSoonForItsCallsAreOverAndACallWithoutAnswerIsWaitedOut() {
        var lapsed = new Simulated("docs").run().claim("docs", "repository");
        var unanswered = new Simulated("docs").run().claim("docs", "repository");

        lapsed.take(lapsed.progress().onLeaseLapsed("docs", "repository", NOW));
        unanswered.take(unanswered.progress().on(unanswered.failed("docs", "repository", FailureClass.UNCERTAIN), NOW));

        assertThat(lapsed.step("docs", "repository").dueAt()).isEqualTo(NOW.plus(PROBE_AFTER_LAPSE));
        assertThat(unanswered.step("docs", "repository").dueAt()).isAfterOrEqualTo(NOW.plus(PROBE_AFTER_UNCERTAIN));
    }

    @ParameterizedTest(name = "{0} after {1} failures")
    @CsvSource({
        // Full jitter: half of a window that doubles up to its cap.
        "RETRYABLE,      0,       ,     1",
        "RETRYABLE,      1,       ,     2",
        "RETRYABLE,      5,       ,    30",
        "RETRYABLE,     40,       ,    30",
        // A pause that was asked for is kept, and what was sent away together does not come back together.
        "RETRYABLE,      0,   7000,     8",
        "THROTTLED,      3, 20_000,    30",
        "THROTTLED,      3, 600_000,   630",
        "THROTTLED,      3,   1000,     3.5",
        "THROTTLED,      3,       ,     7.5",
        // The call that was cut off must be over.
        "UNCERTAIN,      0,       ,    11",
        "UNCERTAIN,      1, 20_000,    22",
    })
    void theDelayIsByClass(FailureClass kind, int failures, String retryAfterMs, double seconds) {
        var step = StepProgress.idle("docs", "repository");
        for (int i = 0; i < failures; i++) {
            step = withPast(step, step.past().failed(true, false));
        }
        var asked = retryAfterMs == null ? null : Long.valueOf(retryAfterMs.replace("_", ""));

        var delay = POLICY.delay(step, new Failure(kind, "no", "No.", asked));

        assertThat(delay).isEqualTo(Duration.ofMillis((long) (seconds * 1000)));
    }

    @Test
    void noPauseIsLongerThanARunWhateverIsAskedFor() {
        var deployment = new Simulated("docs").run().claim("docs", "repository");
        var failure = new Failure(FailureClass.THROTTLED, "throttled", "Later.", Long.MAX_VALUE);

        deployment.take(deployment.progress().on(deployment.failed("docs", "repository", failure), NOW));

        assertThat(deployment.step("docs", "repository").dueAt())
                .isBefore(NOW.plus(POLICY.limits().run()).plusSeconds(61));
    }

    @Test
    void theJitterOfManyIsSpreadAndOfOneIsTheSame() {
        var steps = IntStream.range(0, 1000)
                .mapToObj(i -> StepProgress.idle("app-" + i, "repository"))
                .toList();
        var jitter = Jitter.of(DEPLOYMENT);

        var first = steps.stream().map(jitter::of).toList();
        var again = steps.stream().map(Jitter.of(DEPLOYMENT)::of).toList();

        assertThat(again).isEqualTo(first);
        for (int tenth = 0; tenth < 10; tenth++) {
            var from = tenth / 10.0;
            assertThat(first.stream().filter(value -> value >= from && value < from + 0.1))
                    .hasSizeBetween(60, 140);
        }
    }

    @Test
    void pausesThatTheProviderAsksForDoNotEndAGeneration() {
        var deployment = new Simulated("docs").run();

        for (int i = 0; i < 20; i++) {
            deployment.claim("docs", "repository");
            deployment.take(
                    deployment.progress().on(deployment.failed("docs", "repository", FailureClass.THROTTLED), NOW));
            deployment.take(deployment.progress().onDue("docs", "repository", NOW));
        }

        assertThat(deployment.step("docs", "repository").state()).isEqualTo(StepState.DISPATCHED);
    }

    @ParameterizedTest
    @EnumSource(
            value = FailureClass.class,
            names = {"REFUSED", "CREDENTIAL"})
    void aRefusalEndsTheStepAtOnce(FailureClass kind) {
        var deployment = new Simulated("docs").run().claim("docs", "repository");

        deployment.take(deployment.progress().on(deployment.failed("docs", "repository", kind), NOW));

        assertThat(deployment.step("docs", "repository").state()).isEqualTo(StepState.FAILED);
    }

    @Test
    void secondDeliveryOfAFailureCountsOnce() {
        var deployment = new Simulated("docs").run().claim("docs", "repository");
        var failed = deployment.failed("docs", "repository", FailureClass.RETRYABLE);
        deployment.take(deployment.progress().on(failed, NOW));

        assertThat(deployment.progress().on(failed, NOW)).isEqualTo(Decision.NOTHING);
    }

    // Handed back

    @Test
    void whatIsHandedBackUntouchedIsTheSameAttemptAgainAtOnce() {
        var deployment = new Simulated("docs").run().claim("docs", "repository");

        deployment.take(deployment.progress().on(deployment.handedBack("docs", "repository", false), NOW));

        var step = deployment.step("docs", "repository");
        assertThat(step.state()).isEqualTo(StepState.DISPATCHED);
        assertThat(step.attempt()).isEqualTo(new StepProgress.Attempt(1, AttemptMode.EXECUTE, Phase.OPEN, 1));
        assertThat(step.dueAt()).isNull();
        assertThat(step.past()).isEqualTo(Past.NONE);
    }

    @Test
    void whatIsHandedBackAfterAWriteIsProbedAtOnceAndIsNoFailure() {
        var deployment = new Simulated("docs").run().claim("docs", "repository");

        deployment.take(deployment.progress().on(deployment.handedBack("docs", "repository", true), NOW));

        var step = deployment.step("docs", "repository");
        assertThat(step.attempt()).isEqualTo(new StepProgress.Attempt(1, AttemptMode.PROBE_FIRST, Phase.OPEN, 1));
        assertThat(step.dueAt()).isNull();
        assertThat(step.past().failures()).isZero();
        assertThat(step.past().probe()).isTrue();
    }

    @Test
    void handingBackTwiceIsHandingBackOnce() {
        var deployment = new Simulated("docs").run().claim("docs", "repository");
        var handedBack = deployment.handedBack("docs", "repository", true);
        deployment.take(deployment.progress().on(handedBack, NOW));

        assertThat(deployment.progress().on(handedBack, NOW)).isEqualTo(Decision.NOTHING);
        deployment.claim("docs", "repository");
        assertThat(deployment.progress().on(handedBack, NOW)).isEqualTo(Decision.NOTHING);
    }

    @Test
    void anOldFenceHandsNothingBack() {
        var deployment = new Simulated("docs").run().claim("docs", "repository");
        var handedBack = deployment.handedBack("docs", "repository", false);
        deployment.take(deployment.progress().onLeaseLapsed("docs", "repository", NOW));
        assertThat(deployment.progress().on(handedBack, NOW)).isEqualTo(Decision.NOTHING);
        deployment.take(deployment.progress().onDue("docs", "repository", NOW));
        deployment.claim("docs", "repository");

        assertThat(deployment.progress().on(handedBack, NOW)).isEqualTo(Decision.NOTHING);
    }

    @Test
    void aLookThatIsHandedBackIsLookedAgainAndShownAsWaitingAllTheWhile() {
        var deployment = new Simulated("docs").run().claim("docs", "repository");
        var instructions = new Instructions("Install the app", null, List.of());
        deployment.take(deployment.progress().on(deployment.waiting("docs", "repository", instructions), NOW));
        deployment.take(deployment.progress().onDue("docs", "repository", NOW));
        deployment.claim("docs", "repository");
        var before = deployment.step("docs", "repository");

        deployment.take(deployment.progress().on(deployment.handedBack("docs", "repository", false), NOW));

        var step = deployment.step("docs", "repository");
        assertThat(step.looksLike(before)).isTrue();
        assertThat(step.attempt()).isEqualTo(new StepProgress.Attempt(1, AttemptMode.LOOK, Phase.OPEN, 2));
        assertThat(step.term()).isEqualTo(before.term());
    }

    @Test
    void whatIsHandedBackWhileItIsCancelledIsStoppedIfItMayHaveBegunAndElseOver() {
        var untouched = new Simulated("docs").run().claim("docs", "repository");
        untouched.take(untouched.cancel("docs", "repository"));
        var written = new Simulated("docs").run().claim("docs", "repository");
        written.take(written.cancel("docs", "repository"));

        untouched.take(untouched.progress().on(untouched.handedBack("docs", "repository", false), NOW));
        written.take(written.progress().on(written.handedBack("docs", "repository", true), NOW));

        assertThat(untouched.step("docs", "repository").state()).isEqualTo(StepState.CANCELLED);
        assertThat(written.step("docs", "repository").attempt())
                .isEqualTo(new StepProgress.Attempt(2, AttemptMode.CANCEL, Phase.OPEN, 1));
        written.claim("docs", "repository");
        written.take(written.progress().on(written.handedBack("docs", "repository", true), NOW));
        assertThat(written.step("docs", "repository").attempt())
                .isEqualTo(new StepProgress.Attempt(2, AttemptMode.CANCEL, Phase.OPEN, 2));
    }

    // Deadlines

    @Test
    void aStepIsOverAtItsDeadlineAndSaysWhatWasAwaited() {
        var deployment = new Simulated("docs").run().claim("docs", "repository");
        deployment.take(deployment.progress().on(deployment.waiting("docs", "repository", null), NOW));
        var deadline = NOW.plus(POLICY.limits().step());
        assertThat(deployment.progress().onDeadline("docs", "repository", deadline.minusMillis(1)))
                .isEqualTo(Decision.NOTHING);

        deployment.take(deployment.progress().onDeadline("docs", "repository", deadline));

        var step = deployment.step("docs", "repository");
        assertThat(step.state()).isEqualTo(StepState.FAILED);
        assertThat(step.error().code()).isEqualTo("deadline-exceeded");
        assertThat(step.error().message()).contains("the provider");
        assertThat(step.term()).isNull();
        assertThat(deployment.step("docs", "domain").state()).isEqualTo(StepState.SKIPPED);
    }

    @Test
    void aBlockedStepHasTheTimeOfItsRun() {
        var deployment = new Simulated("docs").run();

        assertThat(deployment.step("docs", "domain").term().end())
                .isEqualTo(NOW.plus(POLICY.limits().run()));
        deployment.take(deployment
                .progress()
                .onDeadline("docs", "domain", NOW.plus(POLICY.limits().run())));

        assertThat(deployment.step("docs", "domain").error().message()).contains("deployment, project");
    }

    @Test
    void aPersonHasTimeOfTheirOwnWhichAskingAgainDoesNotProlong() {
        var deployment = new Simulated("docs").run().claim("docs", "repository");
        var instructions = new Instructions("Install the app", null, List.of());
        deployment.take(deployment.progress().on(deployment.waiting("docs", "repository", instructions), NOW));
        var limit = NOW.plus(POLICY.limits().person());
        assertThat(deployment.step("docs", "repository").term().end()).isEqualTo(limit);
        var later = NOW.plus(Duration.ofDays(1));
        deployment.take(deployment.progress().onDue("docs", "repository", later));
        deployment.claim("docs", "repository");

        deployment.take(deployment.progress().on(deployment.waiting("docs", "repository", instructions), later));

        assertThat(deployment.step("docs", "repository").term().end()).isEqualTo(limit);
    }

    @Test
    void whenAPersonIsDoneTheMachinesTimeBeginsAnew() {
        var deployment = new Simulated("docs").run().claim("docs", "repository");
        var instructions = new Instructions("Install the app", null, List.of());
        deployment.take(deployment.progress().on(deployment.waiting("docs", "repository", instructions), NOW));
        var later = NOW.plus(Duration.ofDays(1));
        deployment.take(deployment.progress().onDue("docs", "repository", later));
        deployment.claim("docs", "repository");

        deployment.take(deployment.progress().on(deployment.waiting("docs", "repository", null), later));

        assertThat(deployment.step("docs", "repository").term().end())
                .isEqualTo(later.plus(POLICY.limits().step()));
    }

    @Test
    void whatWasRunningAtTheDeadlineIsProbedByTheNextGeneration() {
        var deployment = new Simulated("docs").run().claim("docs", "repository");
        deployment.take(deployment
                .progress()
                .onDeadline("docs", "repository", NOW.plus(POLICY.limits().step())));
        assertThat(deployment.step("docs", "repository").error().kind()).isEqualTo(FailureClass.UNCERTAIN);

        deployment.take(deployment.progress().on(request(Kind.RESUME, null, null), REQUEST, NOW));

        var step = deployment.step("docs", "repository");
        assertThat(step.attempt().mode()).isEqualTo(AttemptMode.PROBE_FIRST);
        assertThat(step.past().previousGeneration()).isEqualTo(1);
    }

    @Test
    void aGenerationThatEndedUncertainIsRememberedUntilOneSucceeds() {
        var deployment = new Simulated("docs").run();
        for (FailureClass kind : List.of(FailureClass.UNCERTAIN, FailureClass.RETRYABLE, FailureClass.REFUSED)) {
            deployment.claim("docs", "repository");
            deployment.take(deployment.progress().on(deployment.failed("docs", "repository", kind), NOW));
            deployment.take(deployment.progress().onDue("docs", "repository", NOW));
        }
        deployment.take(deployment.progress().on(request(Kind.RESUME, null, null), REQUEST, NOW));
        deployment.claim("docs", "repository");
        deployment.take(deployment.progress().on(deployment.failed("docs", "repository", FailureClass.REFUSED), NOW));
        deployment.take(deployment.progress().on(request(Kind.RESUME, null, null), REQUEST, NOW));

        assertThat(deployment.step("docs", "repository").generation()).isEqualTo(3);
        assertThat(deployment.step("docs", "repository").past().previousGeneration())
                .isEqualTo(1);
        deployment.claim("docs", "repository");
        deployment.take(deployment.progress().on(deployment.done("docs", "repository"), NOW));

        assertThat(deployment.step("docs", "repository").past()).isEqualTo(Past.NONE);
    }

    // Cancel

    @Test
    void whatHasNotBegunIsCancelledAtOnce() {
        var deployment = new Simulated("docs").run();

        var decision = deployment.take(deployment.cancelAll());

        assertThat(decision.outcome()).isEqualTo(Outcome.STARTED);
        assertThat(deployment.steps.values()).allMatch(step -> step.state() == StepState.CANCELLED);
        assertThat(deployment.step("docs", "repository").error().code()).isEqualTo("cancelled");
        assertThat(deployment.cancelAll().outcome()).isEqualTo(Outcome.ALREADY_DONE);
    }

    @Test
    void whatFailedWithoutEffectIsCancelledAtOnceAndWhatMayHaveHadOneIsLookedFor() {
        var sure = new Simulated("docs").run().claim("docs", "repository");
        sure.take(sure.progress().on(sure.failed("docs", "repository", FailureClass.RETRYABLE), NOW));
        var unsure = new Simulated("docs").run().claim("docs", "repository");
        unsure.take(unsure.progress().on(unsure.failed("docs", "repository", FailureClass.UNCERTAIN), NOW));

        sure.take(sure.cancel("docs", "repository"));
        unsure.take(unsure.cancel("docs", "repository"));

        assertThat(sure.step("docs", "repository").state()).isEqualTo(StepState.CANCELLED);
        assertThat(unsure.step("docs", "repository").state()).isEqualTo(StepState.CANCELLING);
        assertThat(unsure.step("docs", "repository").dueAt()).isEqualTo(NOW.plus(PROBE_AFTER_UNCERTAIN));
        unsure.take(unsure.progress().onDue("docs", "repository", NOW));
        assertThat(unsure.step("docs", "repository").attempt().mode()).isEqualTo(AttemptMode.CANCEL);
    }

    @Test
    void aWaitIsStoppedByAnAttemptOfItsOwn() {
        var deployment = new Simulated("docs").run().claim("docs", "repository");
        deployment.take(deployment.progress().on(deployment.waiting("docs", "repository", null), NOW));

        deployment.take(deployment.cancel("docs", "repository"));
        var stopping = deployment.step("docs", "repository");
        deployment.claim("docs", "repository");
        deployment.take(deployment.progress().on(deployment.failed("docs", "repository", FailureClass.REFUSED), NOW));

        assertThat(stopping.state()).isEqualTo(StepState.CANCELLING);
        assertThat(stopping.attempt().mode()).isEqualTo(AttemptMode.CANCEL);
        assertThat(stopping.number()).isEqualTo(2);
        assertThat(deployment.step("docs", "repository").state()).isEqualTo(StepState.CANCELLED);
        assertThat(deployment.step("docs", "contents").state()).isEqualTo(StepState.SKIPPED);
    }

    @Test
    void aResultBeatsACancel() {
        var deployment = new Simulated("docs").run().claim("docs", "repository");
        var done = deployment.done("docs", "repository");

        deployment.take(deployment.cancel("docs", "repository"));
        assertThat(deployment.step("docs", "repository").state()).isEqualTo(StepState.CANCELLING);
        deployment.take(deployment.progress().on(done, NOW));

        assertThat(deployment.step("docs", "repository").state()).isEqualTo(StepState.SUCCEEDED);
        assertThat(deployment.step("docs", "contents").state()).isEqualTo(StepState.DISPATCHED);
    }

    @Test
    void aCancelOfAllBeatsWhatWouldFollowFromAResult() {
        var deployment = new Simulated("docs").run().claim("docs", "repository");
        var done = deployment.done("docs", "repository");
        deployment.take(deployment.cancelAll());

        deployment.take(deployment.progress().on(done, NOW));

        assertThat(deployment.step("docs", "repository").state()).isEqualTo(StepState.SUCCEEDED);
        assertThat(deployment.step("docs", "contents").state()).isEqualTo(StepState.CANCELLED);
    }

    @Test
    void aFailureWhileStoppingIsTheEndAndAWaitIsStopped() {
        var failing = new Simulated("docs").run().claim("docs", "repository");
        failing.take(failing.cancel("docs", "repository"));
        var waiting = new Simulated("docs").run().claim("docs", "repository");
        waiting.take(waiting.cancel("docs", "repository"));

        failing.take(failing.progress().on(failing.failed("docs", "repository", FailureClass.RETRYABLE), NOW));
        waiting.take(waiting.progress().on(waiting.waiting("docs", "repository", null), NOW));

        assertThat(failing.step("docs", "repository").state()).isEqualTo(StepState.CANCELLED);
        assertThat(waiting.step("docs", "repository").state()).isEqualTo(StepState.CANCELLING);
        assertThat(waiting.step("docs", "repository").attempt().mode()).isEqualTo(AttemptMode.CANCEL);
    }

    @Test
    void aLapsedLeaseWhileStoppingIsFollowedByAnotherAttemptToStop() {
        var deployment = new Simulated("docs").run().claim("docs", "repository");
        deployment.take(deployment.cancel("docs", "repository"));

        deployment.take(deployment.progress().onLeaseLapsed("docs", "repository", NOW));
        assertThat(deployment.step("docs", "repository").dueAt()).isEqualTo(NOW.plus(PROBE_AFTER_LAPSE));
        deployment.take(deployment.progress().onDue("docs", "repository", NOW));
        deployment.claim("docs", "repository");
        deployment.take(deployment.progress().onLeaseLapsed("docs", "repository", NOW));
        deployment.take(deployment.progress().onDue("docs", "repository", NOW));

        var step = deployment.step("docs", "repository");
        assertThat(step.state()).isEqualTo(StepState.CANCELLING);
        assertThat(step.number()).isEqualTo(3);
        assertThat(step.attempt().mode()).isEqualTo(AttemptMode.CANCEL);
    }

    @Test
    void stoppingThatCannotBeConfirmedIsOverAtItsDeadline() {
        var deployment = new Simulated("docs").run().claim("docs", "repository");
        deployment.take(deployment.cancel("docs", "repository"));

        deployment.take(deployment
                .progress()
                .onDeadline("docs", "repository", NOW.plus(POLICY.limits().step())));

        assertThat(deployment.step("docs", "repository").state()).isEqualTo(StepState.CANCELLED);
        assertThat(deployment.step("docs", "repository").error().code()).isEqualTo("deadline-exceeded");
    }

    @Test
    void resumeReturnsWhatWasCancelledAndWhatWasSkippedForIt() {
        var deployment = new Simulated("docs").run();
        deployment.take(deployment.cancel("docs", "repository"));
        assertThat(deployment.step("docs", "domain").state()).isEqualTo(StepState.SKIPPED);

        deployment.take(deployment.progress().on(request(Kind.RESUME, null, null), REQUEST, NOW));

        assertThat(deployment.step("docs", "repository").state()).isEqualTo(StepState.DISPATCHED);
        assertThat(deployment.step("docs", "domain").state()).isEqualTo(StepState.BLOCKED);
    }

    @Test
    void aTriggerWhileStoppingIsRefusedAndACancelOfNothingToo() {
        var deployment = new Simulated("docs");
        assertThat(deployment.cancelAll().refusal()).isEqualTo(ProblemType.NOTHING_TO_CANCEL);
        deployment.run().claim("docs", "repository");
        deployment.take(deployment.cancel("docs", "repository"));

        assertThat(deployment
                        .progress()
                        .on(request(Kind.TRIGGER, "docs", "repository"), REQUEST, NOW)
                        .refusal())
                .isEqualTo(ProblemType.BEING_CANCELLED);
        assertThat(deployment.cancel("docs", "repository").outcome()).isEqualTo(Outcome.JOINED);
        assertThat(deployment.cancel("docs", "nothing").refusal()).isEqualTo(ProblemType.UNKNOWN_ACTION);
    }

    // Rerun and changed input

    @Test
    void aRerunBeginsANewGenerationAndLeavesDependentsAsTheyAre() {
        var deployment = new Simulated("docs").succeed("docs", "repository").succeed("docs", "contents");

        var plain = deployment.progress().on(request(Kind.TRIGGER, "docs", "repository"), REQUEST, NOW);
        var rerun = deployment.take(deployment.progress().on(rerun("docs", "repository", null), REQUEST, NOW));

        assertThat(plain.outcome()).isEqualTo(Outcome.ALREADY_DONE);
        assertThat(rerun.outcome()).isEqualTo(Outcome.STARTED);
        assertThat(rerun.changed()).hasSize(1);
        assertThat(deployment.step("docs", "repository").generation()).isEqualTo(2);
        assertThat(deployment.step("docs", "repository").state()).isEqualTo(StepState.DISPATCHED);
        assertThat(deployment.step("docs", "contents").state()).isEqualTo(StepState.SUCCEEDED);
    }

    @Test
    void aRerunUnderWhatReadsItsOutputsIsRefused() {
        var deployment = new Simulated("docs").succeed("docs", "repository");
        deployment.take(deployment.progress().on(request(Kind.TRIGGER, "docs", "contents"), REQUEST, NOW));

        assertThat(deployment
                        .progress()
                        .on(rerun("docs", "repository", null), REQUEST, NOW)
                        .refusal())
                .isEqualTo(ProblemType.DEPENDENTS_RUNNING);
    }

    @Test
    void aTriggerOfWhatFailedReplacesTheArgumentsOrKeepsThem() {
        var deployment = new Simulated("docs");
        var first = JsonNodeFactory.instance.objectNode().put("upstream", "a/b");
        var second = JsonNodeFactory.instance.objectNode().put("upstream", "c/d");
        deployment.take(deployment.progress().on(trigger("docs", "repository", first), REQUEST, NOW));

        deployment.fail("docs", "repository");
        deployment.take(deployment.progress().on(trigger("docs", "repository", null), REQUEST, NOW));
        var kept = deployment.step("docs", "repository").args();
        deployment.fail("docs", "repository");
        deployment.take(deployment.progress().on(trigger("docs", "repository", second), REQUEST, NOW));

        assertThat(kept).isEqualTo(first);
        assertThat(deployment.step("docs", "repository").args()).isEqualTo(second);
        assertThat(deployment.step("docs", "repository").generation()).isEqualTo(3);
    }

    // Teardown

    @Test
    void aTeardownTakesBackWhatDependsOnOthersFirst() {
        var deployment = new Simulated("docs").succeedAll("docs");

        var decision = deployment.take(deployment.progress().on(teardown("docs"), REQUEST, NOW));

        assertThat(decision.outcome()).isEqualTo(Outcome.STARTED);
        var order = new ArrayList<String>();
        for (int i = 0; i < DocsSite.WORKFLOW.steps().size(); i++) {
            var open = deployment.steps.values().stream()
                    .filter(step -> step.shown() == StepState.DISPATCHED)
                    .toList();
            assertThat(open).hasSize(1);
            assertThat(open.get(0).attempt().mode()).isEqualTo(AttemptMode.UNDO);
            order.add(open.get(0).stepId());
            deployment.claim("docs", open.get(0).stepId());
            deployment.take(
                    deployment.progress().on(deployment.done("docs", open.get(0).stepId()), NOW));
        }
        assertThat(order)
                .containsExactly(
                        "domain", "deployment", "environment", "project", "customise", "contents", "repository");
        assertThat(deployment.steps.values())
                .allMatch(step -> step.shown() == StepState.IDLE && !step.isUndoing() && step.outputs() == null);
    }

    @Test
    void aTeardownAskedForTwiceJoinsAndThenHasNothingLeftToDo() {
        var deployment = new Simulated("docs").succeed("docs", "repository");
        deployment.take(deployment.progress().on(teardown("docs"), REQUEST, NOW));

        var again = deployment.progress().on(teardown("docs"), new UUID(0, 9), NOW);
        deployment.claim("docs", "repository");
        deployment.take(deployment.progress().on(deployment.done("docs", "repository"), NOW));

        assertThat(again.outcome()).isEqualTo(Outcome.JOINED);
        assertThat(deployment
                        .progress()
                        .on(teardown("docs"), new UUID(0, 10), NOW)
                        .outcome())
                .isEqualTo(Outcome.ALREADY_DONE);
    }

    @Test
    void whatWasNeverBegunIsTakenBackWithoutAnAttempt() {
        var deployment = new Simulated("docs").run();
        deployment.fail("docs", "repository");

        deployment.take(deployment.progress().on(teardown("docs"), REQUEST, NOW));

        assertThat(deployment.step("docs", "domain").shown()).isEqualTo(StepState.IDLE);
        assertThat(deployment.step("docs", "domain").attempt()).isNull();
        assertThat(deployment.step("docs", "repository").attempt().mode()).isEqualTo(AttemptMode.UNDO);
    }

    @Test
    void whatIsUnderWayIsNotTornDown() {
        var deployment = new Simulated("docs", "handbook").run();

        assertThat(deployment.progress().on(teardown("docs"), REQUEST, NOW).refusal())
                .isEqualTo(ProblemType.STILL_RUNNING);
        assertThat(deployment.progress().on(teardown("nothing"), REQUEST, NOW).refusal())
                .isEqualTo(ProblemType.UNKNOWN_APP);
    }

    @Test
    void whatIsTornDownIsNotRunAndTheOtherAppIs() {
        var deployment = new Simulated("docs", "handbook").succeedAll("docs");
        deployment.take(deployment.progress().on(teardown("docs"), REQUEST, NOW));

        assertThat(deployment
                        .progress()
                        .on(trigger("docs", "repository", null), REQUEST, NOW)
                        .refusal())
                .isEqualTo(ProblemType.BEING_TORN_DOWN);
        assertThat(deployment
                        .progress()
                        .on(request(Kind.RUN, null, null), REQUEST, NOW)
                        .refusal())
                .isEqualTo(ProblemType.BEING_TORN_DOWN);
        assertThat(deployment
                        .progress()
                        .on(trigger("handbook", "repository", null), REQUEST, NOW)
                        .outcome())
                .isEqualTo(Outcome.STARTED);
    }

    @Test
    void aTeardownThatFailedIsGoneOnWithByResume() {
        var deployment = new Simulated("docs").succeed("docs", "repository").succeed("docs", "contents");
        deployment.take(deployment.progress().on(teardown("docs"), REQUEST, NOW));
        deployment.fail("docs", "contents");
        assertThat(deployment.step("docs", "repository").shown()).isEqualTo(StepState.SKIPPED);

        deployment.take(deployment.progress().on(request(Kind.RESUME, null, null), new UUID(0, 9), NOW));

        assertThat(deployment.step("docs", "contents").attempt().mode()).isEqualTo(AttemptMode.UNDO);
        assertThat(deployment.step("docs", "repository").shown()).isEqualTo(StepState.BLOCKED);
        for (String step : List.of("contents", "repository")) {
            deployment.claim("docs", step);
            deployment.take(deployment.progress().on(deployment.done("docs", step), NOW));
        }
        assertThat(deployment.steps.values()).allMatch(step -> step.shown() == StepState.IDLE);
    }

    @Test
    void aTeardownWhoseExecutorWasNotHeardOfLooksAgainAndTakesBack() {
        var deployment = new Simulated("docs").succeed("docs", "repository");
        deployment.take(deployment.progress().on(teardown("docs"), REQUEST, NOW));
        deployment.claim("docs", "repository");

        deployment.take(deployment.progress().onLeaseLapsed("docs", "repository", NOW));
        deployment.take(deployment.progress().onDue("docs", "repository", NOW));

        assertThat(deployment.step("docs", "repository").attempt().mode()).isEqualTo(AttemptMode.UNDO);
    }

    @Test
    void aTeardownThatIsCancelledLeavesTheRestForResume() {
        var deployment = new Simulated("docs").succeed("docs", "repository").succeed("docs", "contents");
        deployment.take(deployment.progress().on(teardown("docs"), REQUEST, NOW));
        deployment.claim("docs", "contents");

        deployment.take(deployment.cancelAll());

        assertThat(deployment.step("docs", "contents").state()).isEqualTo(StepState.RUNNING);
        assertThat(deployment.step("docs", "repository").shown()).isEqualTo(StepState.CANCELLED);
        deployment.take(deployment.progress().on(deployment.done("docs", "contents"), NOW));
        deployment.take(deployment.progress().on(request(Kind.RESUME, null, null), new UUID(0, 9), NOW));
        assertThat(deployment.step("docs", "repository").attempt().mode()).isEqualTo(AttemptMode.UNDO);
    }

    @Test
    void aRunAfterATeardownMakesEverythingAnew() {
        var deployment = new Simulated("docs").succeed("docs", "repository");
        deployment.take(deployment.progress().on(teardown("docs"), REQUEST, NOW));
        deployment.claim("docs", "repository");
        deployment.take(deployment.progress().on(deployment.done("docs", "repository"), NOW));

        deployment.take(deployment.progress().on(request(Kind.RUN, null, null), new UUID(0, 9), NOW));

        assertThat(deployment.step("docs", "repository").attempt().mode()).isEqualTo(AttemptMode.EXECUTE);
        assertThat(deployment.step("docs", "repository").generation()).isEqualTo(3);
    }

    // Lanes

    @Test
    void whatIsReadyLinesUpWhereItsLaneIsFullAndIsPublishedWhenItIsItsTurn() {
        var deployment = new Simulated("docs");

        deployment.inLine(deployment.progress().on(request(Kind.RUN, null, null), REQUEST, NOW));
        var queued = deployment.step("docs", "repository");
        deployment.turn("docs", "repository");
        var sent = deployment.step("docs", "repository");

        assertThat(queued.shown()).isEqualTo(StepState.QUEUED);
        assertThat(queued.attempt().number()).isEqualTo(1);
        assertThat(sent.shown()).isEqualTo(StepState.DISPATCHED);
        assertThat(sent.attempt().number()).isEqualTo(1);
        assertThat(sent.phase()).isEqualTo(Phase.OPEN);
    }

    @Test
    void aSecondTurnOfTheSameAttemptChangesNothing() {
        var deployment = new Simulated("docs");
        deployment.inLine(deployment.progress().on(request(Kind.RUN, null, null), REQUEST, NOW));

        deployment.turn("docs", "repository");

        assertThat(deployment.progress().onTurn("docs", "repository", NOW).changed())
                .isEmpty();
    }

    @Test
    void timeInLineIsNoneOfTheStepsUntilItWasPublishedOnce() {
        var deployment = new Simulated("docs");
        deployment.inLine(deployment.progress().on(request(Kind.RUN, null, null), REQUEST, NOW));
        var queued = deployment.step("docs", "repository").term();

        deployment.now = NOW.plus(Duration.ofHours(3));
        deployment.turn("docs", "repository").claim("docs", "repository");
        var sent = deployment.step("docs", "repository").term();
        deployment.take(deployment.progress().on(deployment.failed("docs", "repository", FailureClass.RETRYABLE), NOW));
        deployment.inLine(deployment.progress().onDue("docs", "repository", NOW));

        assertThat(queued.end()).isEqualTo(queued.run());
        assertThat(sent.end()).isEqualTo(NOW.plus(Duration.ofHours(5)));
        assertThat(deployment.step("docs", "repository").term()).isEqualTo(sent);
        assertThat(deployment
                        .turn("docs", "repository")
                        .step("docs", "repository")
                        .term())
                .isEqualTo(sent);
    }

    @Test
    void aRetryAndALookLineUpTooAndTheLookIsShownAsWaitingAllTheWhile() {
        var deployment = new Simulated("docs").run().claim("docs", "repository");
        deployment.take(deployment.progress().on(deployment.waiting("docs", "repository", null), NOW));

        deployment.inLine(deployment.progress().onDue("docs", "repository", NOW));
        var look = deployment.step("docs", "repository");
        deployment.turn("docs", "repository").claim("docs", "repository");
        deployment.take(deployment.progress().on(deployment.failed("docs", "repository", FailureClass.RETRYABLE), NOW));
        deployment.inLine(deployment.progress().onDue("docs", "repository", NOW));
        var retry = deployment.step("docs", "repository");

        assertThat(look.shown()).isEqualTo(StepState.WAITING);
        assertThat(look.attempt().mode()).isEqualTo(AttemptMode.LOOK);
        assertThat(look.attempt().number()).isEqualTo(1);
        assertThat(retry.shown()).isEqualTo(StepState.QUEUED);
        assertThat(retry.attempt().number()).isEqualTo(2);
        assertThat(retry.error()).isNotNull();
    }

    @Test
    void aResultThatComesTwiceDoesNotEndTheLookInLine() {
        var deployment = new Simulated("docs").run().claim("docs", "repository");
        var waiting = deployment.waiting("docs", "repository", null);
        deployment.take(deployment.progress().on(waiting, NOW));
        deployment.inLine(deployment.progress().onDue("docs", "repository", NOW));

        assertThat(deployment.progress().on(waiting, NOW).changed()).isEmpty();
    }

    @Test
    void whatIsInLineIsCancelledAtOnceUnlessItMayHaveBegun() {
        var fresh = new Simulated("docs");
        fresh.inLine(fresh.progress().on(request(Kind.RUN, null, null), REQUEST, NOW));
        var begun = new Simulated("docs").run().claim("docs", "repository");
        begun.take(begun.progress().on(begun.failed("docs", "repository", FailureClass.UNCERTAIN), NOW));
        begun.inLine(begun.progress().onDue("docs", "repository", NOW));

        fresh.take(fresh.cancel("docs", "repository"));
        begun.inLine(begun.cancel("docs", "repository"));
        var stopping = begun.step("docs", "repository");
        begun.turn("docs", "repository");

        assertThat(fresh.step("docs", "repository").shown()).isEqualTo(StepState.CANCELLED);
        assertThat(stopping.shown()).isEqualTo(StepState.CANCELLING);
        assertThat(stopping.phase()).isEqualTo(Phase.QUEUED);
        assertThat(begun.step("docs", "repository").attempt().mode()).isEqualTo(AttemptMode.CANCEL);
        assertThat(begun.step("docs", "repository").phase()).isEqualTo(Phase.OPEN);
    }

    @Test
    void whatIsHandedBackKeepsItsRoom() {
        var deployment = new Simulated("docs").run().claim("docs", "repository");

        deployment.inLine(deployment.progress().on(deployment.handedBack("docs", "repository", true), NOW));

        assertThat(deployment.step("docs", "repository").phase()).isEqualTo(Phase.OPEN);
    }

    static LongStream seeds() {
        var given = Long.getLong("seed");
        if (given != null) {
            return LongStream.of(given);
        }
        var random = new SplittableRandom();
        return LongStream.generate(random::nextLong).limit(300);
    }

    @ParameterizedTest(name = "replay with -Dseed={0}")
    @MethodSource("seeds")
    void whateverHappensTheInvariantsHold(long seed) {
        var random = new SplittableRandom(seed);
        var deployment = new Simulated("docs", "handbook");
        var results = new ArrayList<StepResult>();
        var invariants = new Invariants(DocsSite.WORKFLOW);
        for (int i = 0; i < 400; i++) {
            var before = deployment.copy();
            var decision = deployment.something(random, results);
            deployment.apply(decision, random::nextBoolean);
            assertThat(invariants.broken(before, deployment.copy(), decision)).isEmpty();
        }
        deployment.checkEndsByItsDeadline();
        deployment.checkEndsDone(random);
    }

    private static DeploymentRequest request(Kind kind, String app, String action) {
        return new DeploymentRequest(kind, DEPLOYMENT, app, action, null, "test");
    }

    private static DeploymentRequest trigger(String app, String action, ObjectNode args) {
        return new DeploymentRequest(Kind.TRIGGER, DEPLOYMENT, app, action, args, "test");
    }

    private static DeploymentRequest teardown(String app) {
        return new DeploymentRequest(
                Kind.TEARDOWN, DEPLOYMENT, app, null, null, "test", false, "plan", Removal.ARCHIVE);
    }

    private static DeploymentRequest rerun(String app, String action, ObjectNode args) {
        return new DeploymentRequest(Kind.TRIGGER, DEPLOYMENT, app, action, args, "test", true);
    }

    private static Policy policy(Jitter jitter) {
        return new Policy(
                new Policy.Backoff(Duration.ofSeconds(2), Duration.ofMinutes(1)),
                new Policy.Backoff(Duration.ofSeconds(5), Duration.ofMinutes(1)),
                PROBE_AFTER_LAPSE,
                PROBE_AFTER_UNCERTAIN,
                3,
                new Policy.Limits(Duration.ofHours(2), Duration.ofDays(7), Duration.ofDays(8)),
                jitter);
    }

    private static StepProgress withPast(StepProgress step, Past past) {
        return new StepProgress(
                step.appId(),
                step.stepId(),
                step.shown(),
                step.generation(),
                step.undoing(),
                step.attempt(),
                past,
                step.term(),
                step.dueAt(),
                step.args(),
                step.checkpoint(),
                step.outputs(),
                step.error(),
                step.instructions(),
                step.requestId());
    }

    /** A deployment in memory: what is decided is stored, claims raise the fence. */
    private static final class Simulated {

        private final Map<String, StepProgress> steps = new LinkedHashMap<>();
        private Instant now = NOW;

        Simulated(String... apps) {
            for (String app : apps) {
                DocsSite.WORKFLOW
                        .steps()
                        .forEach(step -> steps.put(app + "/" + step.id(), StepProgress.idle(app, step.id())));
            }
        }

        Progress progress() {
            return new Progress(DocsSite.WORKFLOW, POLICY, steps.values());
        }

        StepProgress step(String app, String step) {
            return steps.get(app + "/" + step);
        }

        Map<String, StepProgress> copy() {
            return new HashMap<>(steps);
        }

        Decision take(Decision decision) {
            decision.changed().forEach(step -> steps.put(step.appId() + "/" + step.stepId(), step));
            return decision;
        }

        /** As under locks: what is to be published lines up where its lane is full. */
        void apply(Decision decision, BooleanSupplier laneIsFull) {
            for (StepProgress next : decision.changed()) {
                var before = step(next.appId(), next.stepId());
                var lined = next.begins(before) && laneIsFull.getAsBoolean();
                steps.put(next.appId() + "/" + next.stepId(), lined ? next.inLine(before) : next);
            }
        }

        /** Where every lane is full. */
        Simulated inLine(Decision decision) {
            apply(decision, () -> true);
            return this;
        }

        Simulated turn(String app, String id) {
            take(progress().onTurn(app, id, now));
            return this;
        }

        Simulated run() {
            take(progress().on(request(Kind.RUN, null, null), REQUEST, NOW));
            return this;
        }

        /** What the claim's row update does. */
        Simulated claim(String app, String id) {
            var step = step(app, id);
            if (step.phase() == Phase.OPEN) {
                steps.put(app + "/" + id, step.claimed());
            }
            return this;
        }

        Simulated succeed(String app, String id) {
            take(progress().on(trigger(app, id, null), REQUEST, NOW));
            claim(app, id);
            take(progress().on(done(app, id), NOW));
            return this;
        }

        Simulated succeedAll(String app) {
            DocsSite.WORKFLOW.steps().forEach(step -> succeed(app, step.id()));
            return this;
        }

        void fail(String app, String id) {
            claim(app, id);
            take(progress().on(failed(app, id, FailureClass.REFUSED), NOW));
        }

        Decision cancel(String app, String id) {
            return progress().on(request(Kind.CANCEL, app, id), REQUEST, NOW);
        }

        Decision cancelAll() {
            return progress().on(request(Kind.CANCEL, null, null), REQUEST, NOW);
        }

        StepResult waiting(String app, String id, Instructions instructions) {
            return result(
                    app, id, StepResult.Outcome.WAITING, null, new StepResult.Waiting(1000, null, instructions), null);
        }

        StepResult done(String app, String id) {
            return result(app, id, StepResult.Outcome.DONE, OUTPUTS, null, null);
        }

        StepResult handedBack(String app, String id, boolean wrote) {
            var attempt = step(app, id).attempt();
            return new StepResult(
                    DEPLOYMENT,
                    app,
                    id,
                    attempt.number(),
                    attempt.fence(),
                    "test",
                    StepResult.Outcome.HANDED_BACK,
                    null,
                    null,
                    null,
                    new StepResult.HandedBack(wrote),
                    List.of());
        }

        StepResult failed(String app, String id, FailureClass kind) {
            return failed(app, id, new Failure(kind, "no", "No."));
        }

        StepResult failed(String app, String id, Failure failure) {
            return result(app, id, StepResult.Outcome.FAILED, null, null, failure);
        }

        private StepResult result(
                String app,
                String id,
                StepResult.Outcome outcome,
                ObjectNode outputs,
                StepResult.Waiting waiting,
                Failure failure) {
            var attempt = step(app, id).attempt();
            return new StepResult(
                    DEPLOYMENT,
                    app,
                    id,
                    attempt.number(),
                    attempt.fence(),
                    "test",
                    outcome,
                    outputs,
                    waiting,
                    failure,
                    List.of());
        }

        /** One thing at random: a request, a claim, a result new or old, a timer. */
        Decision something(SplittableRandom random, List<StepResult> results) {
            var any = List.copyOf(steps.values()).get(random.nextInt(steps.size()));
            var app = any.appId();
            var id = any.stepId();
            var request = new UUID(1, random.nextLong());
            switch (random.nextInt(22)) {
                case 0, 1:
                    return progress().on(request(Kind.TRIGGER, app, id), request, now);
                case 2:
                    return progress().on(rerun(app, id, null), request, now);
                case 3:
                    return progress().on(request(Kind.RUN, null, null), request, now);
                case 4:
                    return progress().on(request(Kind.RESUME, null, null), request, now);
                case 5:
                    return progress().on(request(Kind.CANCEL, app, id), request, now);
                case 6:
                    return random.nextInt(4) == 0
                            ? progress().on(request(Kind.CANCEL, null, null), request, now)
                            : Decision.NOTHING;
                case 7, 8, 9, 10, 11:
                    claim(app, id);
                    return Decision.NOTHING;
                case 12, 13, 14, 15:
                    if (any.attempt() != null) {
                        results.add(randomResult(random, app, id));
                    }
                    return results.isEmpty()
                            ? Decision.NOTHING
                            : progress().on(results.get(random.nextInt(results.size())), now);
                case 16, 17:
                    return progress().onDue(app, id, now);
                case 20, 21:
                    return progress().onTurn(app, id, now);
                case 18:
                    now = now.plus(Duration.ofMinutes(random.nextInt(60)));
                    return progress().onDeadline(app, id, now);
                case 19:
                    return progress().on(teardown(app), request, now);
                default:
                    return progress().onLeaseLapsed(app, id, now);
            }
        }

        private StepResult randomResult(SplittableRandom random, String app, String id) {
            return switch (random.nextInt(5)) {
                case 0 -> failed(app, id, FailureClass.values()[random.nextInt(FailureClass.values().length)]);
                case 1 -> waiting(app, id, null);
                case 2 -> handedBack(app, id, random.nextBoolean());
                default -> done(app, id);
            };
        }

        /** Whoever stays away, the deadline ends it. */
        void checkEndsByItsDeadline() {
            for (StepProgress step : steps.values()) {
                if (step.term() != null) {
                    var decision = progress()
                            .onDeadline(step.appId(), step.stepId(), step.term().end());
                    assertThat(decision.changed())
                            .anyMatch(ended -> ended.appId().equals(step.appId())
                                    && ended.stepId().equals(step.stepId())
                                    && ended.shown().isTerminal());
                }
            }
        }

        /** With executors that succeed, what was begun ends done. */
        void checkEndsDone(SplittableRandom random) {
            for (int i = 0; i < 4 * steps.size(); i++) {
                take(progress().on(request(Kind.RUN, null, null), new UUID(3, random.nextLong()), now));
                take(progress().on(request(Kind.RESUME, null, null), new UUID(3, random.nextLong()), now));
                for (StepProgress step : List.copyOf(steps.values())) {
                    take(progress().onDue(step.appId(), step.stepId(), now));
                    turn(step.appId(), step.stepId());
                    claim(step.appId(), step.stepId());
                    if (step(step.appId(), step.stepId()).attempt() != null) {
                        take(progress().on(done(step.appId(), step.stepId()), now));
                    }
                }
            }
            assertThat(steps.values()).allMatch(step -> step.shown() == StepState.SUCCEEDED);
        }
    }
}
