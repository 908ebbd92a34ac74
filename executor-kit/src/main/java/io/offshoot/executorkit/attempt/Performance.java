package io.offshoot.executorkit.attempt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import io.offshoot.contracts.claim.AttemptRef;
import io.offshoot.contracts.claim.ClaimAnswer;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Messages;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Handlers;
import io.offshoot.executorkit.action.LeaseLostException;
import io.offshoot.executorkit.action.NeedsPersonException;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.intent.Intents;
import io.offshoot.executorkit.secret.Keyset;
import io.offshoot.executorkit.secret.Vault;
import io.quarkus.logging.Log;
import jakarta.validation.Validator;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Turns a claimed attempt into an outcome: the one place where what an action throws becomes a failure. */
final class Performance {

    private final Handlers handlers;
    private final Validator validator;
    private final Keyset keyset;
    private final Vault vault;
    private final Duration settle;
    private final Intents intents;
    private final Time time;

    /**
     * @param keyset what secrets are opened with
     * @param vault where those are that are only referred to
     * @param settle the pause between two looks
     */
    Performance(
            Handlers handlers,
            Validator validator,
            Keyset keyset,
            Vault vault,
            Duration settle,
            Intents intents,
            Time time) {
        this.handlers = handlers;
        this.validator = validator;
        this.keyset = keyset;
        this.vault = vault;
        this.settle = settle;
        this.intents = intents;
        this.time = time;
    }

    /**
     * @throws LeaseLostException if the attempt must end without a result
     * @throws HandedBackException if another executor is to have it
     */
    Outcome<?> of(AttemptRef attempt, ClaimAnswer.Context context, Turn turn) {
        turn.goOn();
        var handler = handlers.of(context.action());
        if (handler.isEmpty()) {
            // Not refused: while versions change, another process of this service may know it.
            Outcome<?> unknown = failed(
                    FailureClass.RETRYABLE,
                    "unknown-action",
                    "This executor does not know the action %s.".formatted(context.action()));
            return context.mode().onlyReads() ? found(unknown) : unknown;
        }
        var refusal = intents.refusal(attempt, context, time.now());
        if (refusal.isPresent()) {
            Outcome<?> refused = new Outcome.Failed<>(refusal.get(), List.of());
            return context.mode().onlyReads() ? found(refused) : refused;
        }
        var outcome = outcome(handler.get(), attempt, context.with(null), turn);
        return context.mode().onlyReads() ? found(outcome) : outcome;
    }

    private Outcome<?> outcome(
            ActionHandler<?, ?> handler, AttemptRef attempt, ClaimAnswer.Context context, Turn turn) {
        try {
            return perform(handler, attempt, context, turn);
        } catch (LeaseLostException | HandedBackException e) {
            throw e;
        } catch (NeedsPersonException e) {
            return e.waiting();
        } catch (ProviderException e) {
            return new Outcome.Failed<>(e.failure(), List.of());
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            // Only where it happened: the message of an unexpected exception may hold a payload.
            Log.errorf("The action ended in %s%s", e.getClass().getName(), places(e));
            return failed(FailureClass.RETRYABLE, "executor-error", "The executor could not finish this attempt.");
        }
    }

    private <I extends Record, O extends Record> Outcome<O> perform(
            ActionHandler<I, O> handler, AttemptRef ref, ClaimAnswer.Context context, Turn turn) {
        var action = handler.action();
        I input;
        try {
            input = Messages.json().treeToValue(context.input(), action.input());
        } catch (JsonProcessingException e) {
            return invalidInput(fieldOf(e));
        }
        if (input == null) {
            return invalidInput("everything is missing");
        }
        var wrong = wrongFields(input);
        if (context.unknown() != null) {
            // What only a run would bring is made up here, and fits nothing.
            wrong.removeIf(field -> context.unknown().stream().anyMatch(member -> isOf(field, member)));
        }
        if (!wrong.isEmpty()) {
            return invalidInput(String.join(", ", wrong));
        }
        Runnable beforeWrite = context.mode().onlyReads() ? Undoing::refuseToWrite : turn::beforeWrite;
        var attempt = new Attempt<>(action, ref, context, input, keyset, vault, beforeWrite, () -> turn.pause(settle));
        Outcome<O> outcome =
                switch (context.mode()) {
                    case EXECUTE, PROBE_FIRST, LOOK -> handler.run(attempt);
                    case CANCEL -> handler.cancel(attempt);
                    case PLAN -> plan(handler, attempt, context);
                    case OBSERVE -> Inspection.of(handler, attempt, context.resources());
                    case UNDO -> Undoing.of(handler, attempt, context.resources(), context.removal());
                };
        var wrongOutput = outcome.output().map(this::wrongFields).orElse(Set.of());
        if (!wrongOutput.isEmpty()) {
            return new Outcome.Failed<>(
                    new Failure(
                            FailureClass.REFUSED,
                            "invalid-output",
                            "The action's output is not valid: " + String.join(", ", wrongOutput)),
                    outcome.effects());
        }
        return outcome;
    }

    private static <I extends Record, O extends Record> Outcome<O> plan(
            ActionHandler<I, O> handler, Attempt<I> attempt, ClaimAnswer.Context context) {
        return context.resources() == null
                ? new Outcome.Found<>(List.of(handler.plan(attempt)))
                : Undoing.plan(handler, attempt, context.resources(), context.removal());
    }

    /** What keeps a look from its answer is its answer, and so is what would keep a run from its end. */
    private static Outcome<?> found(Outcome<?> outcome) {
        if (outcome instanceof Outcome.Failed<?> failed) {
            return new Outcome.Found<>(List.of(Inspection.of(failed.failure())));
        }
        if (outcome instanceof Outcome.Waiting<?> waiting) {
            return new Outcome.Found<>(List.of(Inspection.of(waiting.instructions())));
        }
        return outcome;
    }

    private Set<String> wrongFields(Record value) {
        return validator.validate(value).stream()
                .map(violation -> "%s %s".formatted(violation.getPropertyPath(), violation.getMessage()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String fieldOf(JsonProcessingException e) {
        if (e instanceof JsonMappingException unfit && !unfit.getPath().isEmpty()) {
            return unfit.getPath().stream()
                            .map(part -> part.getFieldName() == null
                                    ? "[%d]".formatted(part.getIndex())
                                    : part.getFieldName())
                            .collect(Collectors.joining("."))
                    + " has a value of the wrong kind";
        }
        return "it is of the wrong kind";
    }

    private static <O extends Record> Outcome<O> invalidInput(String what) {
        return failed(FailureClass.REFUSED, "invalid-input", "The action's input is not valid: " + what);
    }

    private static <O extends Record> Outcome<O> failed(FailureClass kind, String code, String message) {
        return new Outcome.Failed<>(new Failure(kind, code, message), List.of());
    }

    private static boolean isOf(String violation, String member) {
        return violation.startsWith(member)
                && (violation.length() == member.length() || " .[<".indexOf(violation.charAt(member.length())) >= 0);
    }

    private static String places(Throwable e) {
        var text = new StringBuilder();
        for (var cause = e; cause != null && cause != cause.getCause(); cause = cause.getCause()) {
            text.append(cause == e ? "" : "\ncaused by " + cause.getClass().getName());
            for (StackTraceElement place : cause.getStackTrace()) {
                text.append("\n\tat ").append(place);
            }
        }
        return text.toString();
    }
}
