package io.offshoot.executorkit.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.action.EffectClass;
import io.offshoot.contracts.action.EffectKey;
import io.offshoot.contracts.claim.AttemptRef;
import io.offshoot.contracts.claim.ClaimAnswer;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Instructions;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.StepResult;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.NeedsPersonException;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.ProviderException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PerformanceTest {

    private final Bench bench = new Bench();

    @Test
    void aWaitCarriesItsCheckpointInstructionsAndEffects() throws Exception {
        var effect = new Effect("key", "thing", "1", null, "acme", Effect.Verb.CREATED);
        var instructions = new Instructions("Do it", null, List.of());
        bench.greeter.behaviour = attempt -> new Outcome.Waiting<>(
                Duration.ofSeconds(5), Messages.json().createObjectNode().put("id", 7), instructions, List.of(effect));

        var result = run();

        assertThat(result.outcome()).isEqualTo(StepResult.Outcome.WAITING);
        assertThat(result.waiting().lookAfterMs()).isEqualTo(5000);
        assertThat(result.waiting().checkpoint().path("id").asInt()).isEqualTo(7);
        assertThat(result.waiting().instructions()).isEqualTo(instructions);
        assertThat(result.effects()).containsExactly(effect);
    }

    @Test
    void whatAProviderRefusesIsAFailureWithItsClassAndPause() throws Exception {
        bench.greeter.behaviour = attempt -> {
            throw new ProviderException(FailureClass.THROTTLED, "rate-limited", "Slowly.", Duration.ofSeconds(7));
        };

        assertThat(run().failure()).isEqualTo(new Failure(FailureClass.THROTTLED, "rate-limited", "Slowly.", 7000L));
    }

    @Test
    void whatOnlyAPersonCanMendIsWaitedFor() throws Exception {
        var instructions = new Instructions("Resume it", URI.create("https://acme.test/settings"), List.of());
        bench.greeter.behaviour = attempt -> {
            throw new NeedsPersonException("suspended", instructions, Duration.ofMinutes(1));
        };

        var result = run();

        assertThat(result.outcome()).isEqualTo(StepResult.Outcome.WAITING);
        assertThat(result.waiting()).isEqualTo(new StepResult.Waiting(60_000, null, instructions));
    }

    @Test
    void anUnexpectedExceptionIsRetryableAndTellsNothing() throws Exception {
        bench.greeter.behaviour = attempt -> {
            throw new IllegalStateException("token=planted-secret");
        };

        var failure = run().failure();

        assertThat(failure.kind()).isEqualTo(FailureClass.RETRYABLE);
        assertThat(failure.code()).isEqualTo("executor-error");
        assertThat(failure.message()).doesNotContain("planted-secret");
    }

    @Test
    void invalidInputIsRefusedByFieldAndNeverRun() throws Exception {
        bench.orchestrator.input.put("name", " ");

        var failure = run().failure();

        assertThat(failure.kind()).isEqualTo(FailureClass.REFUSED);
        assertThat(failure.code()).isEqualTo("invalid-input");
        assertThat(failure.message()).contains("name");
        assertThat(bench.greeter.attempts).isEmpty();
    }

    @Test
    void inputOfTheWrongKindIsRefusedByFieldWithoutItsValue() throws Exception {
        bench.orchestrator.input.putObject("name").put("planted", "secret");

        var failure = run().failure();

        assertThat(failure.code()).isEqualTo("invalid-input");
        assertThat(failure.message()).contains("name").doesNotContain("planted");
    }

    @Test
    void unknownFieldsOfTheInputAreIgnored() throws Exception {
        bench.orchestrator.input.put("added-later", 1);

        assertThat(run().outcome()).isEqualTo(StepResult.Outcome.DONE);
    }

    @Test
    void invalidOutputIsRefusedWithTheEffectsThatThereWere() throws Exception {
        var effect = new Effect("key", "thing", "1", null, "acme", Effect.Verb.CREATED);
        bench.greeter.behaviour = attempt -> new Outcome.Done<>(new Bench.Greeted(""), List.of(effect));

        var result = run();

        assertThat(result.failure().code()).isEqualTo("invalid-output");
        assertThat(result.failure().message()).contains("text");
        assertThat(result.effects()).containsExactly(effect);
    }

    @Test
    void anActionThatIsNotKnownHereMayBeKnownElsewhere() throws Exception {
        bench.orchestrator.action = "acme/greet/2";

        var failure = run().failure();

        assertThat(failure.kind()).isEqualTo(FailureClass.RETRYABLE);
        assertThat(failure.code()).isEqualTo("unknown-action");
    }

    @Test
    void anActionThatCannotBeStoppedIsReportedAsCancelled() throws Exception {
        bench.orchestrator.mode = AttemptMode.CANCEL;

        var failure = run().failure();

        assertThat(failure.code()).isEqualTo("cancelled");
        assertThat(bench.greeter.attempts).isEmpty();
    }

    @Test
    void aProbeLooksTwiceWithAPause() throws Exception {
        bench.orchestrator.mode = AttemptMode.PROBE_FIRST;
        var looks = new ArrayList<Long>();
        bench.greeter.behaviour = attempt -> {
            attempt.lookTwice(() -> {
                looks.add(bench.time.nanos());
                return Optional.empty();
            });
            return new Outcome.Done<>(new Bench.Greeted("not found"), List.of());
        };

        run();

        assertThat(looks).hasSize(2);
        assertThat(looks.get(1) - looks.get(0)).isEqualTo(Duration.ofSeconds(1).toNanos());
    }

    @Test
    void aFirstTryLooksOnce() throws Exception {
        var looks = new ArrayList<Long>();
        bench.greeter.behaviour = attempt -> {
            attempt.lookTwice(() -> {
                looks.add(bench.time.nanos());
                return Optional.empty();
            });
            return new Outcome.Done<>(new Bench.Greeted("not found"), List.of());
        };

        run();

        assertThat(looks).hasSize(1);
    }

    @Test
    void theMarkOfANamedEffectOmitsTheGeneration() throws Exception {
        run();

        assertThat(bench.greeter.attempts.get(0).effectKey("thing"))
                .isEqualTo(EffectKey.named(Bench.DEPLOYMENT, "docs", "one", "thing"));
    }

    @ParameterizedTest
    @EnumSource(AttemptMode.class)
    void whatMayBeThereUnseenIsLookedForTwice(AttemptMode mode) {
        var looks = new AtomicInteger();
        var attempt = attempt(EffectClass.MARKED, mode, 1, null);

        attempt.lookTwice(() -> {
            looks.incrementAndGet();
            return Optional.empty();
        });

        assertThat(looks.get()).isEqualTo(mode == AttemptMode.PROBE_FIRST || mode == AttemptMode.CANCEL ? 2 : 1);
    }

    @Test
    void theMarksOfEarlierGenerationsAreKnownWhereTheyMayHaveHadAnEffectUnseen() {
        var unsure = attempt(EffectClass.MARKED, AttemptMode.PROBE_FIRST, 4, 2);
        var sure = attempt(EffectClass.MARKED, AttemptMode.EXECUTE, 4, null);
        var named = attempt(EffectClass.NATURAL, AttemptMode.PROBE_FIRST, 4, 2);

        assertThat(unsure.previousEffectKeys("build"))
                .containsExactly(
                        EffectKey.of(Bench.DEPLOYMENT, "docs", "one", 2, "build"),
                        EffectKey.of(Bench.DEPLOYMENT, "docs", "one", 3, "build"));
        assertThat(sure.previousEffectKeys("build")).isEmpty();
        assertThat(named.previousEffectKeys("build")).isEmpty();
    }

    private static Attempt<Bench.Greeting> attempt(
            EffectClass effectClass, AttemptMode mode, int generation, Integer previous) {
        var action = new Action<>("acme", "greet", 1, effectClass, Bench.Greeting.class, Bench.Greeted.class);
        var context = new ClaimAnswer.Context(
                "hub-a", action.name(), mode, generation, "main", null, Map.of(), null, previous);
        var ref = new AttemptRef(Bench.DEPLOYMENT, "docs", "one", 1);
        return new Attempt<>(action, ref, context, new Bench.Greeting("Ada"), () -> {}, () -> {});
    }

    private StepResult run() throws Exception {
        bench.take(bench.command("one"));
        bench.work();
        return bench.topics.onlyResult().data();
    }
}
