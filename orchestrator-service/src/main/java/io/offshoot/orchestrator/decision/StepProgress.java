package io.offshoot.orchestrator.decision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Instructions;
import io.offshoot.contracts.message.StepResult;
import io.offshoot.contracts.message.StepState;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/**
 * How far one step of one app has come. Immutable.
 *
 * @param shown the state that is stored and told; a claim and a look under way do not change it
 * @param generation how many times a request began it anew
 * @param undoing how it is taken back; null if it is to be done
 * @param attempt the latest attempt; null before the first
 * @param past what earlier attempts have been through
 * @param term until when it must be over; null if it need not be
 * @param dueAt when to act by ourselves; null if not waiting for a time
 * @param args what the request put over the app's input; null for nothing
 */
public record StepProgress(
        String appId,
        String stepId,
        StepState shown,
        int generation,
        Removal undoing,
        Attempt attempt,
        Past past,
        Term term,
        Instant dueAt,
        ObjectNode args,
        JsonNode checkpoint,
        ObjectNode outputs,
        Failure error,
        Instructions instructions,
        UUID requestId) {

    private static final Failure CANCELLED = new Failure(FailureClass.REFUSED, "cancelled", "Stopped on request.");

    /** How long after a hint the look comes. */
    static final Duration HINTED_LOOK = Duration.ofSeconds(2);

    /** The latest attempt of a step. */
    public record Attempt(int number, AttemptMode mode, Phase phase, long fence) {

        private Attempt in(Phase next) {
            return new Attempt(number, mode, next, fence);
        }
    }

    public static StepProgress idle(String appId, String stepId) {
        return new StepProgress(
                appId,
                stepId,
                StepState.IDLE,
                0,
                null,
                null,
                Past.NONE,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** The precise state, with the claim and the look taken in. */
    public StepState state() {
        if (shown != StepState.DISPATCHED && shown != StepState.WAITING) {
            return shown;
        }
        return switch (attempt.phase()) {
            case OPEN -> StepState.DISPATCHED;
            case CLAIMED -> StepState.RUNNING;
            case QUEUED, PARKED, ENDED -> shown;
        };
    }

    /** Whether subscribers would see a difference. */
    public boolean looksLike(StepProgress other) {
        return shown == other.shown
                && generation == other.generation
                && undoing == other.undoing
                && number() == other.number()
                && Objects.equals(outputs, other.outputs)
                && Objects.equals(error, other.error)
                && Objects.equals(instructions, other.instructions);
    }

    /** The latest attempt's number; 0 before the first. */
    public int number() {
        return attempt == null ? 0 : attempt.number();
    }

    /** Where the latest attempt stands; ended before the first. */
    public Phase phase() {
        return attempt == null ? Phase.ENDED : attempt.phase();
    }

    private long fence() {
        return attempt == null ? 0 : attempt.fence();
    }

    /** What a claim makes of it. Claims are decided by the attempt's row alone; this is for those who have none. */
    public StepProgress claimed() {
        var taken = new Attempt(attempt.number(), attempt.mode(), Phase.CLAIMED, attempt.fence() + 1);
        return with(shown, taken, past, term, dueAt, checkpoint, outputs, error, instructions);
    }

    /** Whether it is being taken back, or was to be. */
    public boolean isUndoing() {
        return undoing != null;
    }

    /**
     * Begun anew by a request. Arguments of an earlier request stay unless this one brings some.
     *
     * @param how it is taken back; null if it is to be done
     */
    StepProgress asked(UUID request, ObjectNode newArgs, Removal how, Instant runEnds) {
        return new StepProgress(
                appId,
                stepId,
                Transitions.after(shown, shown == StepState.SUCCEEDED ? Signal.RERUN : Signal.ASKED),
                generation + 1,
                how,
                attempt,
                past.next(generation),
                Term.ofRun(runEnds),
                null,
                newArgs == null ? args : newArgs,
                null,
                null,
                null,
                null,
                request);
    }

    /** An attempt is published: the first, the next, another look of the same, or one that stops it. */
    StepProgress dispatched(Instant now, Policy policy) {
        return switch (shown) {
            // Shown as waiting all the while: a look is no news.
            case WAITING -> open(shown, new Attempt(number(), look(), Phase.OPEN, fence()), term);
            case CANCELLING -> open(shown, next(AttemptMode.CANCEL), term);
            case RETRY_WAIT -> open(after(Signal.DUE), next(mode()), term);
            case BLOCKED -> open(after(Signal.READY), next(mode()), working(now, policy));
            case IDLE, QUEUED, DISPATCHED, RUNNING, SUCCEEDED, FAILED, SKIPPED, CANCELLED -> this;
        };
    }

    /** Whether an attempt is published that had no room in its lane before, nor its turn now: it needs room. */
    public boolean begins(StepProgress before) {
        var goesOn = before.number() == number() && (before.isUnderWay() || before.phase() == Phase.QUEUED);
        return phase() == Phase.OPEN && !goesOn;
    }

    /** Whether an attempt is with the executors: it takes room in its lane. */
    public boolean isUnderWay() {
        return phase() == Phase.OPEN || phase() == Phase.CLAIMED;
    }

    /**
     * The attempt that was to be published waits for its turn in its lane instead. Time in line before the first
     * attempt is none of the step's.
     */
    public StepProgress inLine(StepProgress before) {
        if (shown != StepState.DISPATCHED) {
            return at(shown, Phase.QUEUED, term);
        }
        return before.shown == StepState.RETRY_WAIT
                ? at(Transitions.after(before.shown, Signal.LANE_FULL), Phase.QUEUED, term)
                : at(
                        Transitions.after(StepState.BLOCKED, Signal.LANE_FULL),
                        Phase.QUEUED,
                        term == null ? null : Term.ofRun(term.run()));
    }

    /** It is the turn of the attempt in line: it is published. */
    StepProgress sent(Instant now, Policy policy) {
        var isFirst = shown == StepState.QUEUED && term != null && term.end().equals(term.run());
        return at(after(Signal.READY), Phase.OPEN, isFirst ? working(now, policy) : term);
    }

    private StepProgress at(StepState state, Phase phase, Term until) {
        return with(state, attempt.in(phase), past, until, dueAt, checkpoint, outputs, error, instructions);
    }

    private StepProgress open(StepState state, Attempt opened, Term until) {
        return with(
                state,
                opened,
                past,
                until,
                null,
                checkpoint,
                null,
                error,
                state == StepState.WAITING ? instructions : null);
    }

    private Attempt next(AttemptMode mode) {
        return new Attempt(number() + 1, mode, Phase.OPEN, fence());
    }

    /** To take something back is to look first, each time. */
    private AttemptMode look() {
        return isUndoing() ? AttemptMode.UNDO : AttemptMode.LOOK;
    }

    private AttemptMode mode() {
        if (isUndoing()) {
            return AttemptMode.UNDO;
        }
        return past.probe() ? AttemptMode.PROBE_FIRST : AttemptMode.EXECUTE;
    }

    StepProgress succeeded(ObjectNode results) {
        return ended(after(Signal.DONE), Past.NONE, results, null);
    }

    /** Nothing is left of it but what the ledger says was left: as if it had never been asked for. */
    StepProgress undone() {
        var last = attempt == null ? null : attempt.in(Phase.ENDED);
        return new StepProgress(
                appId,
                stepId,
                after(Signal.UNDONE),
                generation,
                null,
                last,
                Past.NONE,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                requestId);
    }

    /** How the attempt ended is known: what went wrong before is over. */
    StepProgress waiting(StepResult.Waiting waiting, Instant now, Policy policy) {
        return with(
                after(Signal.STILL_WAITING),
                attempt.in(Phase.PARKED),
                past.waited(),
                waiting.instructions() == null ? machineAgain(now, policy) : person(now, policy),
                policy.after(now, waiting.lookAfterMs()),
                waiting.checkpoint(),
                null,
                null,
                waiting.instructions());
    }

    /**
     * Something at the provider has changed: the next look comes soon, if it is not to come sooner. Not at once, for
     * what a provider tells it often tells in several parts, and before it shows it; so however many hints come, there is
     * one look in that time.
     */
    public StepProgress hinted(Instant now) {
        var soon = now.plus(HINTED_LOOK);
        return state() == StepState.WAITING && dueAt != null && dueAt.isAfter(soon)
                ? with(shown, attempt, past, term, soon, checkpoint, outputs, error, instructions)
                : this;
    }

    StepProgress failed(Failure failure) {
        return ended(after(Signal.FAILED_FOR_GOOD), past.failed(true, isUncertain(failure)), null, failure);
    }

    /** Due again at a time. What a look or a wait had learned is kept. */
    StepProgress retrying(Failure failure, Instant at, Instant now, Policy policy) {
        var counts = failure.kind() != FailureClass.THROTTLED;
        return with(
                after(Signal.FAILED_FOR_NOW),
                attempt.in(Phase.ENDED),
                past.failed(counts, isUncertain(failure)),
                machineAgain(now, policy),
                at,
                checkpoint,
                null,
                failure,
                null);
    }

    /** Its executor stops: the attempt is published again at once, and looks first if a write was begun. */
    StepProgress handedBack(boolean wrote, Instant now, Policy policy) {
        var known = wrote ? past.unsure() : past;
        if (shown == StepState.CANCELLING && !isStopping()) {
            return known.mayHaveBegun()
                    ? with(shown, attempt, known, term, null, checkpoint, null, error, null)
                            .dispatched(now, policy)
                    : stopped(CANCELLED);
        }
        var goesOn = !wrote || isStopping() || isUndoing();
        return with(
                goesOn ? shown : after(Signal.HANDED_BACK),
                new Attempt(number(), goesOn ? attempt.mode() : AttemptMode.PROBE_FIRST, Phase.OPEN, fence()),
                known,
                goesOn ? term : machineAgain(now, policy),
                null,
                checkpoint,
                null,
                error,
                goesOn ? instructions : null);
    }

    /** The executor was not heard of for a lease: nobody knows what it did, and its result would still count. */
    StepProgress lapsed(Instant at, Instant now, Policy policy) {
        return with(
                after(Signal.LEASE_LAPSED),
                attempt.in(Phase.PARKED),
                past.unsure(),
                machineAgain(now, policy),
                at,
                checkpoint,
                null,
                error,
                null);
    }

    StepProgress skipped() {
        return ended(after(Signal.NEED_LOST), past, null, null);
    }

    /** Asked to stop: over at once where nothing can have begun, else as soon as it is known what became of it. */
    StepProgress cancelled(Instant now, Policy policy) {
        if (isUndoing()) {
            return leftUndone();
        }
        return switch (shown) {
            case BLOCKED -> ended(after(Signal.CANCEL), past, null, CANCELLED);
            case QUEUED, DISPATCHED, RETRY_WAIT, WAITING -> {
                if (phase() != Phase.CLAIMED && shown != StepState.WAITING && !past.mayHaveBegun()) {
                    yield ended(after(Signal.CANCEL), past, null, CANCELLED);
                }
                var at = shown != StepState.RETRY_WAIT
                        ? null
                        : earlier(dueAt, now.plus(past.probe() ? policy.probeAfterUncertain() : Duration.ZERO));
                var stopping = with(
                        after(Signal.CANCEL_UNDER_WAY),
                        attempt,
                        past.stopping(),
                        working(now, policy),
                        at,
                        checkpoint,
                        null,
                        error,
                        null);
                yield phase() == Phase.CLAIMED || at != null ? stopping : stopping.dispatched(now, policy);
            }
            case IDLE, RUNNING, CANCELLING, SUCCEEDED, FAILED, SKIPPED, CANCELLED -> this;
        };
    }

    /** What is being taken back comes to its end; what is not yet is left as it is. */
    private StepProgress leftUndone() {
        return switch (state()) {
            case BLOCKED, QUEUED, DISPATCHED, RETRY_WAIT -> ended(after(Signal.CANCEL), past, null, CANCELLED);
            case IDLE, RUNNING, WAITING, CANCELLING, SUCCEEDED, FAILED, SKIPPED, CANCELLED -> this;
        };
    }

    /** What was to be stopped turns out to go on: an attempt that stops it is published, or looks again later. */
    StepProgress stopping(StepResult.Waiting waiting, Instant now, Policy policy) {
        var seen = with(
                shown,
                attempt.in(Phase.ENDED),
                past.waited(),
                term,
                policy.after(now, waiting.lookAfterMs()),
                waiting.checkpoint(),
                null,
                error,
                null);
        return isStopping() ? seen : seen.dispatched(now, policy);
    }

    /** Whether the attempt is one that stops what an earlier one began. */
    boolean isStopping() {
        return attempt.mode() == AttemptMode.CANCEL;
    }

    StepProgress stopped(Failure failure) {
        return ended(after(Signal.STOPPED), past.failed(true, isUncertain(failure)), null, failure);
    }

    /** Not over in time. Who still works on it is not waited for, so what it does is unseen. */
    StepProgress overdue(String awaited) {
        var unseen = phase() == Phase.CLAIMED ? past.unsure() : past;
        var kind = unseen.probe() ? FailureClass.UNCERTAIN : FailureClass.RETRYABLE;
        return ended(after(Signal.DEADLINE), unseen, null, new Failure(kind, "deadline-exceeded", awaited));
    }

    private StepState after(Signal signal) {
        return Transitions.after(state(), signal);
    }

    private static boolean isUncertain(Failure failure) {
        return failure.kind() == FailureClass.UNCERTAIN;
    }

    private Term working(Instant now, Policy policy) {
        return term == null ? null : term.working(now.plus(policy.limits().step()));
    }

    private Term person(Instant now, Policy policy) {
        return term == null
                ? null
                : term.awaitingPerson(now.plus(policy.limits().person()));
    }

    /** A person's time is not the machine's: when a person was awaited, the machine's begins anew. */
    private Term machineAgain(Instant now, Policy policy) {
        return instructions == null ? term : working(now, policy);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one == null || other.isBefore(one) ? other : one;
    }

    private StepProgress ended(StepState state, Past nextPast, ObjectNode results, Failure failure) {
        var last = attempt == null ? null : attempt.in(Phase.ENDED);
        return with(state, last, nextPast, null, null, null, results, failure, null);
    }

    private StepProgress with(
            StepState nextShown,
            Attempt nextAttempt,
            Past nextPast,
            Term nextTerm,
            Instant nextDueAt,
            JsonNode nextCheckpoint,
            ObjectNode nextOutputs,
            Failure nextError,
            Instructions nextInstructions) {
        return new StepProgress(
                appId,
                stepId,
                nextShown,
                generation,
                undoing,
                nextAttempt,
                nextPast,
                nextTerm,
                nextDueAt,
                args,
                nextCheckpoint,
                nextOutputs,
                nextError,
                nextInstructions,
                requestId);
    }
}
