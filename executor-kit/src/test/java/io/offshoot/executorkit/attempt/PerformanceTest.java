package io.offshoot.executorkit.attempt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.action.EffectClass;
import io.offshoot.contracts.action.EffectKey;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.claim.AttemptRef;
import io.offshoot.contracts.claim.ClaimAnswer;
import io.offshoot.contracts.intent.SignedIntent;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.message.Instructions;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.StepResult;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.NeedsPersonException;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.action.Undone;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

    @Test
    void aPlanSaysWhatARunWouldDoAndRunsNothing() throws Exception {
        bench.orchestrator.mode = AttemptMode.PLAN;

        var result = run();

        assertThat(result.outcome()).isEqualTo(StepResult.Outcome.FOUND);
        assertThat(result.findings())
                .extracting(Finding::kind, Finding::reads, Finding::writes)
                .containsExactly(tuple(Finding.Kind.CREATE, 1, 2));
    }

    @ParameterizedTest
    @EnumSource(
            value = AttemptMode.class,
            names = {"PLAN", "OBSERVE"})
    void aLookThatWouldWriteFindsNothing(AttemptMode mode) throws Exception {
        bench.orchestrator.mode = mode;
        bench.orchestrator.resources = mode == AttemptMode.OBSERVE ? List.of(thing("1")) : null;
        bench.greeter.planning = attempt -> {
            attempt.beforeWrite();
            return null;
        };
        bench.greeter.observing = resource -> {
            throw new IllegalStateException("would write");
        };

        assertThat(run().findings())
                .extracting(Finding::kind, Finding::code)
                .containsExactly(tuple(Finding.Kind.UNREAD, "executor-error"));
    }

    @Test
    void whatOnlyARunWouldBringIsNotJudged() throws Exception {
        bench.orchestrator.mode = AttemptMode.PLAN;
        bench.orchestrator.input.put("name", "");
        bench.orchestrator.unknown = List.of("name");

        assertThat(run().findings()).extracting(Finding::kind).containsExactly(Finding.Kind.CREATE);
        assertThat(bench.greeter.attempts.get(0).knows("name")).isFalse();
        assertThat(bench.greeter.attempts.get(0).knows("other")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "REFUSED, BLOCKED, HUB",
        "CREDENTIAL, BLOCKED, OPERATOR",
        "THROTTLED, UNREAD,",
        "RETRYABLE, UNREAD,",
        "UNCERTAIN, UNREAD,"
    })
    void aPlanTellsWhatStopsARunFromWhatOnlyHidesTheAnswer(FailureClass refused, Finding.Kind kind, Finding.FixedBy who)
            throws Exception {
        bench.orchestrator.mode = AttemptMode.PLAN;
        bench.greeter.planning = attempt -> {
            throw new ProviderException(refused, "no", "No.");
        };

        assertThat(run().findings())
                .extracting(Finding::kind, Finding::code, Finding::message, Finding::fixedBy)
                .containsExactly(tuple(kind, "no", "No.", who));
    }

    @Test
    void aPlanNamesThePlaceWhereAPersonIsNeeded() throws Exception {
        var link = URI.create("https://acme.test/settings");
        bench.orchestrator.mode = AttemptMode.PLAN;
        bench.greeter.planning = attempt -> {
            throw new NeedsPersonException(
                    "suspended", new Instructions("Resume it", link, List.of()), Duration.ofMinutes(1));
        };

        assertThat(run().findings())
                .extracting(Finding::kind, Finding::message, Finding::fixedBy, Finding::link)
                .containsExactly(tuple(Finding.Kind.BLOCKED, "Resume it", Finding.FixedBy.HUB, link));
    }

    @Test
    void aResourceThatCannotBeReadDoesNotHideTheOthers() throws Exception {
        bench.orchestrator.mode = AttemptMode.OBSERVE;
        bench.orchestrator.resources = List.of(thing("1"), thing("2"));
        bench.greeter.observing = resource -> {
            if (resource.id().equals("1")) {
                throw new ProviderException(FailureClass.THROTTLED, "rate-limited", "Slowly.");
            }
            return Finding.of(Finding.Kind.MISSING, "It is gone.");
        };

        assertThat(run().findings())
                .extracting(Finding::kind, Finding::resource, Finding::id)
                .containsExactly(tuple(Finding.Kind.UNREAD, "thing", "1"), tuple(Finding.Kind.MISSING, "thing", "2"));
    }

    @Test
    void whatWasMadeLastIsTakenBackFirst() throws Exception {
        bench.orchestrator.mode = AttemptMode.UNDO;
        bench.orchestrator.removal = Removal.ARCHIVE;
        bench.orchestrator.resources = List.of(thing("1"), thing("2"), thing("3"));
        bench.greeter.undoing = (resource, how) -> switch (resource.id()) {
            case "1" -> how == Removal.ARCHIVE ? Undone.retired() : Undone.removed();
            case "2" -> Undone.left("Its mark is another's.");
            default -> Undone.removed();
        };

        var result = run();

        assertThat(result.outcome()).isEqualTo(StepResult.Outcome.DONE);
        assertThat(result.effects())
                .extracting(Effect::id, Effect::verb, Effect::note)
                .containsExactly(
                        tuple("3", Effect.Verb.REMOVED, null),
                        tuple("2", Effect.Verb.LEFT, "Its mark is another's."),
                        tuple("1", Effect.Verb.RETIRED, null));
    }

    @Test
    void whatWasTakenBackBeforeAFailureIsReported() throws Exception {
        bench.orchestrator.mode = AttemptMode.UNDO;
        bench.orchestrator.resources = List.of(thing("1"), thing("2"));
        bench.greeter.undoing = (resource, how) -> {
            if (resource.id().equals("1")) {
                throw new ProviderException(FailureClass.RETRYABLE, "away", "Away.");
            }
            return Undone.removed();
        };

        var result = run();

        assertThat(result.failure().code()).isEqualTo("away");
        assertThat(result.effects()).extracting(Effect::id).containsExactly("2");
    }

    @Test
    void aPlanToTakeBackGoesAsFarAsTheFirstWrite() throws Exception {
        bench.orchestrator.mode = AttemptMode.PLAN;
        bench.orchestrator.removal = Removal.DELETE;
        bench.orchestrator.resources = List.of(thing("1"), thing("2"), thing("3"), thing("4"));
        bench.greeter.undoLooks = (resource, how) -> switch (resource.id()) {
            case "1" -> Undone.left("Its mark is another's.");
            case "2" -> Undone.removed();
            case "3" -> throw new ProviderException(FailureClass.THROTTLED, "rate-limited", "Slowly.");
            default -> null;
        };

        assertThat(run().findings())
                .extracting(Finding::id, Finding::kind, Finding::message)
                .containsExactly(
                        tuple("4", Finding.Kind.TAKE_BACK, "It would be taken back."),
                        tuple("3", Finding.Kind.UNREAD, "Slowly."),
                        tuple("2", Finding.Kind.MISSING, "It is not there any more."),
                        tuple("1", Finding.Kind.LEAVE, "Its mark is another's."));
        assertThat(bench.greeter.undone).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = AttemptMode.class,
            names = {"EXECUTE", "PROBE_FIRST", "LOOK", "CANCEL", "UNDO"})
    void nothingIsDoneForWhatTheHubDidNotSign(AttemptMode mode) throws Exception {
        bench.orchestrator.intent = unsigned();
        bench.orchestrator.mode = mode;
        bench.orchestrator.resources = List.of(thing("1"));

        var result = run();

        assertThat(result.failure().kind()).isEqualTo(FailureClass.REFUSED);
        assertThat(result.failure().code()).isEqualTo("intent-malformed");
        assertThat(result.effects()).isEmpty();
        assertThat(bench.greeter.attempts).isEmpty();
        assertThat(bench.greeter.undone).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = AttemptMode.class,
            names = {"PLAN", "OBSERVE"})
    void nothingIsLookedAtForWhatTheHubDidNotSign(AttemptMode mode) throws Exception {
        bench.orchestrator.intent = unsigned();
        bench.orchestrator.mode = mode;
        bench.orchestrator.resources = mode == AttemptMode.OBSERVE ? List.of(thing("1")) : null;

        var result = run();

        assertThat(result.findings()).extracting(Finding::kind).containsExactly(Finding.Kind.BLOCKED);
        assertThat(bench.greeter.attempts).isEmpty();
    }

    private static ClaimAnswer.Intent unsigned() {
        return new ClaimAnswer.Intent(new SignedIntent("{}", Messages.json().createObjectNode(), List.of()), Map.of());
    }

    private static Effect thing(String id) {
        return new Effect("key-" + id, "thing", id, null, "acme", Effect.Verb.CREATED, "mark-" + id, null);
    }

    private static Attempt<Bench.Greeting> attempt(
            EffectClass effectClass, AttemptMode mode, int generation, Integer previous) {
        var action = new Action<>("acme", "greet", 1, effectClass, Bench.Greeting.class, Bench.Greeted.class);
        var context = new ClaimAnswer.Context(
                "hub-a",
                action.name(),
                mode,
                generation,
                "main",
                null,
                Map.of(),
                null,
                previous,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
        var ref = new AttemptRef(Bench.DEPLOYMENT, "docs", "one", 1);
        return new Attempt<>(action, ref, context, new Bench.Greeting("Ada"), () -> {}, () -> {});
    }

    private StepResult run() throws Exception {
        bench.take(bench.command("one"));
        bench.work();
        return bench.topics.onlyResult().data();
    }
}
