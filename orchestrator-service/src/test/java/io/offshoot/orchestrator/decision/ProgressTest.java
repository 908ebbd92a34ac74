package io.offshoot.orchestrator.decision;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.message.DeploymentRequest.Kind;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.StepResult;
import io.offshoot.contracts.message.StepState;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.RequestView.Outcome;
import io.offshoot.orchestrator.workflow.DocsSite;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProgressTest {

    private static final UUID DEPLOYMENT = new UUID(0, 1);
    private static final UUID REQUEST = new UUID(0, 2);
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final Policy POLICY = new Policy(Duration.ofSeconds(5), Duration.ofSeconds(10), 3);
    private static final ObjectNode OUTPUTS = JsonNodeFactory.instance.objectNode();

    @Test
    void aRunDispatchesWhatNeedsNothingAndBlocksTheRest() {
        var deployment = new Simulated("docs", "handbook");

        var decision = deployment.take(deployment.progress().on(request(Kind.RUN, null, null), REQUEST));

        assertThat(decision.outcome()).isEqualTo(Outcome.STARTED);
        assertThat(deployment.step("docs", "repository").state()).isEqualTo(StepState.DISPATCHED);
        assertThat(deployment.step("handbook", "repository").state()).isEqualTo(StepState.DISPATCHED);
        assertThat(deployment.step("docs", "domain").state()).isEqualTo(StepState.BLOCKED);
    }

    @Test
    void aSecondRunJoins() {
        var deployment = new Simulated("docs").run();

        var decision = deployment.progress().on(request(Kind.RUN, null, null), new UUID(0, 3));

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
                        .on(request(Kind.RUN, null, null), REQUEST)
                        .refusal())
                .isEqualTo(ProblemType.NEEDS_RESUME);
    }

    @Test
    void aResumeOfWhatHasNotFailedIsRefused() {
        assertThat(new Simulated("docs")
                        .progress()
                        .on(request(Kind.RESUME, null, null), REQUEST)
                        .refusal())
                .isEqualTo(ProblemType.NOTHING_TO_RESUME);
    }

    @Test
    void failuresEndAGenerationAndLapsedLeasesDoNot() {
        var deployment = new Simulated("docs").run();
        for (int i = 0; i < 5; i++) {
            deployment.claim("docs", "repository");
            deployment.take(deployment.progress().onLeaseLapsed("docs", "repository", NOW));
            deployment.take(deployment.progress().onDue("docs", "repository"));
        }
        for (int i = 0; i < 2; i++) {
            deployment.claim("docs", "repository");
            deployment.take(
                    deployment.progress().on(deployment.failed("docs", "repository", FailureClass.RETRYABLE), NOW));
            deployment.take(deployment.progress().onDue("docs", "repository"));
        }
        assertThat(deployment.step("docs", "repository").state()).isEqualTo(StepState.DISPATCHED);

        deployment.claim("docs", "repository");
        deployment.take(deployment.progress().on(deployment.failed("docs", "repository", FailureClass.RETRYABLE), NOW));

        assertThat(deployment.step("docs", "repository").state()).isEqualTo(StepState.FAILED);
    }

    @Test
    void theProvidersPauseIsKeptWhereItIsLongerThanOurs() {
        var deployment = new Simulated("docs").run().claim("docs", "repository");
        var failure = new Failure(FailureClass.THROTTLED, "throttled", "Later.", 60_000L);

        deployment.take(deployment.progress().on(deployment.failed("docs", "repository", failure), NOW));

        assertThat(deployment.step("docs", "repository").dueAt()).isEqualTo(NOW.plusSeconds(60));
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
    void secondDeliveryOfAFailureCountsOnce() {
        var deployment = new Simulated("docs").run().claim("docs", "repository");
        var result = deployment.failed("docs", "repository", FailureClass.RETRYABLE);
        deployment.take(deployment.progress().on(result, NOW));

        assertThat(deployment.progress().on(result, NOW.plusSeconds(3))).isEqualTo(Decision.NOTHING);
    }

    @Test
    void secondDeliveryOfAWaitDoesNotEndTheLookThatFollowed() {
        var deployment = new Simulated("docs").run().claim("docs", "repository");
        var result = deployment.waiting("docs", "repository", 100);
        deployment.take(deployment.progress().on(result, NOW));
        deployment.take(deployment.progress().onDue("docs", "repository"));

        assertThat(deployment.progress().on(result, NOW)).isEqualTo(Decision.NOTHING);
    }

    @Test
    void failuresOfLooksDoNotAddUpOverAWait() {
        var deployment = new Simulated("docs").run();
        for (int i = 0; i < 10; i++) {
            deployment.claim("docs", "repository");
            deployment.take(
                    deployment.progress().on(deployment.failed("docs", "repository", FailureClass.RETRYABLE), NOW));
            deployment.take(deployment.progress().onDue("docs", "repository"));
            deployment.claim("docs", "repository");
            deployment.take(deployment.progress().on(deployment.waiting("docs", "repository", 100), NOW));
            deployment.take(deployment.progress().onDue("docs", "repository"));
        }

        assertThat(deployment.step("docs", "repository").state()).isEqualTo(StepState.DISPATCHED);
    }

    @Test
    void aRunThatCouldOnlySkipAsksForResume() {
        var deployment = new Simulated("docs");
        deployment.take(deployment.progress().on(request(Kind.TRIGGER, "docs", "repository"), REQUEST));
        deployment.claim("docs", "repository");
        deployment.take(deployment.progress().on(deployment.failed("docs", "repository", FailureClass.REFUSED), NOW));

        var decision = deployment.progress().on(request(Kind.RUN, null, null), new UUID(0, 3));

        assertThat(decision.refusal()).isEqualTo(ProblemType.NEEDS_RESUME);
        assertThat(decision.changed()).isEmpty();
    }

    @Test
    void aResultOfAnEarlierAttemptCountsNoMore() {
        var deployment = new Simulated("docs").run().claim("docs", "repository");
        var result = deployment.done("docs", "repository");
        deployment.take(deployment.progress().onLeaseLapsed("docs", "repository", NOW));
        deployment.take(deployment.progress().onDue("docs", "repository"));

        assertThat(deployment.progress().on(result, NOW)).isEqualTo(Decision.NOTHING);
        assertThat(deployment.step("docs", "repository").attempt().mode()).isEqualTo(AttemptMode.PROBE_FIRST);
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
        for (int i = 0; i < 400; i++) {
            var before = deployment.copy();
            var decision = deployment.something(random, results);
            deployment.take(decision);
            deployment.checkAgainst(before, decision);
        }
        deployment.checkEndsDone(random);
    }

    private static DeploymentRequest request(Kind kind, String app, String action) {
        return new DeploymentRequest(kind, DEPLOYMENT, app, action, null, "test");
    }

    /** A deployment in memory: what is decided is stored, claims raise the fence. */
    private static final class Simulated {

        private final Map<String, StepProgress> steps = new LinkedHashMap<>();

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

        Simulated run() {
            take(progress().on(request(Kind.RUN, null, null), REQUEST));
            return this;
        }

        /** What the claim's row update does. */
        Simulated claim(String app, String id) {
            var step = step(app, id);
            if (step.state() == StepState.DISPATCHED) {
                var attempt = step.attempt();
                var claimed =
                        new StepProgress.Attempt(attempt.number(), attempt.mode(), Phase.CLAIMED, attempt.fence() + 1);
                steps.put(
                        app + "/" + id,
                        new StepProgress(
                                app,
                                id,
                                step.shown(),
                                step.generation(),
                                claimed,
                                step.failures(),
                                step.probe(),
                                step.dueAt(),
                                step.args(),
                                step.checkpoint(),
                                step.outputs(),
                                step.error(),
                                step.instructions(),
                                step.requestId()));
            }
            return this;
        }

        StepResult done(String app, String id) {
            return result(app, id, StepResult.Outcome.DONE, OUTPUTS, null, null);
        }

        StepResult waiting(String app, String id, long lookAfterMs) {
            var waiting = new StepResult.Waiting(lookAfterMs, null, null);
            return result(app, id, StepResult.Outcome.WAITING, null, waiting, null);
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
            switch (random.nextInt(8)) {
                case 0:
                    return progress().on(request(Kind.TRIGGER, app, id), new UUID(1, random.nextLong()));
                case 1:
                    var kind = random.nextBoolean() ? Kind.RUN : Kind.RESUME;
                    return progress().on(request(kind, null, null), new UUID(1, random.nextLong()));
                case 2, 3:
                    claim(app, id);
                    return Decision.NOTHING;
                case 4, 5:
                    if (any.attempt() != null) {
                        results.add(randomResult(random, app, id));
                    }
                    return results.isEmpty()
                            ? Decision.NOTHING
                            : progress().on(results.get(random.nextInt(results.size())), NOW);
                case 6:
                    return any.dueAt() == null ? Decision.NOTHING : progress().onDue(app, id);
                default:
                    return progress().onLeaseLapsed(app, id, NOW);
            }
        }

        private StepResult randomResult(SplittableRandom random, String app, String id) {
            return switch (random.nextInt(4)) {
                case 0 -> failed(app, id, FailureClass.values()[random.nextInt(FailureClass.values().length)]);
                case 1 -> waiting(app, id, random.nextInt(1000));
                default -> done(app, id);
            };
        }

        void checkAgainst(Map<String, StepProgress> before, Decision decision) {
            steps.forEach((name, now) -> {
                var was = before.get(name);
                if (was.shown().isTerminal() && now != was) {
                    assertThat(decision.outcome()).isEqualTo(Outcome.STARTED);
                    assertThat(now.generation()).isEqualTo(was.generation() + 1);
                }
                assertThat(now.number()).isGreaterThanOrEqualTo(was.number());
                if (now.attempt() != null && was.attempt() != null) {
                    assertThat(now.attempt().fence())
                            .isGreaterThanOrEqualTo(was.attempt().fence());
                }
                if (!now.shown().isTerminal() && now.shown() != StepState.IDLE && now.shown() != StepState.BLOCKED) {
                    assertThat(DocsSite.WORKFLOW.step(now.stepId()).needs())
                            .allMatch(need -> step(now.appId(), need).shown() == StepState.SUCCEEDED);
                }
                if (now.shown() == StepState.WAITING || now.shown() == StepState.RETRY_WAIT) {
                    assertThat(now.dueAt() != null || now.state() != now.shown())
                            .isTrue();
                }
            });
        }

        /** With executors that succeed, what was begun ends done. */
        void checkEndsDone(SplittableRandom random) {
            take(progress().on(request(Kind.RUN, null, null), new UUID(2, 1)));
            take(progress().on(request(Kind.RESUME, null, null), new UUID(2, 2)));
            for (int i = 0; i < 4 * steps.size(); i++) {
                for (StepProgress step : List.copyOf(steps.values())) {
                    take(progress().onDue(step.appId(), step.stepId()));
                    claim(step.appId(), step.stepId());
                    if (step(step.appId(), step.stepId()).attempt() != null) {
                        take(progress().on(done(step.appId(), step.stepId()), NOW));
                    }
                }
                take(progress().on(request(Kind.RUN, null, null), new UUID(3, random.nextLong())));
                take(progress().on(request(Kind.RESUME, null, null), new UUID(3, random.nextLong())));
            }
            assertThat(steps.values()).allMatch(step -> step.shown() == StepState.SUCCEEDED);
        }
    }
}
