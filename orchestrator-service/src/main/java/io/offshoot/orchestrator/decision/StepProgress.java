package io.offshoot.orchestrator.decision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.Instructions;
import io.offshoot.contracts.message.StepResult;
import io.offshoot.contracts.message.StepState;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/**
 * How far one step of one app has come. Immutable.
 *
 * @param shown the state that is stored and told; a claim and a look under way do not change it
 * @param generation how many times a request began it anew
 * @param attempt the latest attempt; null before the first
 * @param failures the failed attempts of this generation
 * @param probe whether an earlier attempt of this generation may have had its effect unseen
 * @param dueAt when to act by ourselves; null if not waiting for a time
 * @param args what the request put over the app's input; null for nothing
 */
public record StepProgress(
        String appId,
        String stepId,
        StepState shown,
        int generation,
        Attempt attempt,
        int failures,
        boolean probe,
        Instant dueAt,
        ObjectNode args,
        JsonNode checkpoint,
        ObjectNode outputs,
        Failure error,
        Instructions instructions,
        UUID requestId) {

    /** The latest attempt of a step. */
    public record Attempt(int number, AttemptMode mode, Phase phase, long fence) {

        private Attempt in(Phase next) {
            return new Attempt(number, mode, next, fence);
        }
    }

    public static StepProgress idle(String appId, String stepId) {
        return new StepProgress(
                appId, stepId, StepState.IDLE, 0, null, 0, false, null, null, null, null, null, null, null);
    }

    /** The precise state, with the claim and the look taken in. */
    public StepState state() {
        if (shown != StepState.DISPATCHED && shown != StepState.WAITING) {
            return shown;
        }
        return switch (attempt.phase()) {
            case OPEN -> StepState.DISPATCHED;
            case CLAIMED -> StepState.RUNNING;
            case PARKED, ENDED -> shown;
        };
    }

    /** Whether subscribers would see a difference. */
    public boolean looksLike(StepProgress other) {
        return shown == other.shown
                && generation == other.generation
                && number() == other.number()
                && Objects.equals(outputs, other.outputs)
                && Objects.equals(error, other.error)
                && Objects.equals(instructions, other.instructions);
    }

    /** The latest attempt's number; 0 before the first. */
    public int number() {
        return attempt == null ? 0 : attempt.number();
    }

    private long fence() {
        return attempt == null ? 0 : attempt.fence();
    }

    /** Begun anew by a request. Arguments of an earlier request stay unless this one brings some. */
    StepProgress asked(UUID request, ObjectNode newArgs) {
        return new StepProgress(
                appId,
                stepId,
                Transitions.after(shown, Signal.ASKED),
                generation + 1,
                attempt,
                0,
                false,
                null,
                newArgs == null ? args : newArgs,
                null,
                null,
                null,
                null,
                request);
    }

    /** An attempt is published: the first, the next, or another look of the same. */
    StepProgress dispatched() {
        if (shown == StepState.WAITING) {
            // Shown as waiting all the while: a look is no news.
            var look = new Attempt(number(), AttemptMode.LOOK, Phase.OPEN, fence());
            return with(shown, look, failures, probe, null, checkpoint, null, error, instructions);
        }
        var mode = probe ? AttemptMode.PROBE_FIRST : AttemptMode.EXECUTE;
        var next = new Attempt(number() + 1, mode, Phase.OPEN, fence());
        return with(
                after(shown == StepState.RETRY_WAIT ? Signal.DUE : Signal.READY),
                next,
                failures,
                probe,
                null,
                checkpoint,
                null,
                error,
                null);
    }

    StepProgress succeeded(ObjectNode results) {
        return with(after(Signal.DONE), attempt.in(Phase.ENDED), failures, false, null, null, results, null, null);
    }

    /** How the attempt ended is known: what went wrong before is over. */
    StepProgress waiting(StepResult.Waiting waiting, Instant now) {
        return with(
                after(Signal.STILL_WAITING),
                attempt.in(Phase.PARKED),
                0,
                false,
                now.plusMillis(Math.max(0, waiting.lookAfterMs())),
                waiting.checkpoint(),
                null,
                null,
                waiting.instructions());
    }

    StepProgress failed(Failure failure) {
        return with(
                after(Signal.FAILED_FOR_GOOD),
                attempt.in(Phase.ENDED),
                failures + 1,
                probe,
                null,
                null,
                null,
                failure,
                null);
    }

    /** Due again at a time. What a look or a wait had learned is kept. */
    StepProgress retrying(Failure failure, boolean mayHaveHadEffect, Instant at) {
        return with(
                after(Signal.FAILED_FOR_NOW),
                attempt.in(Phase.ENDED),
                failures + 1,
                probe || mayHaveHadEffect,
                at,
                checkpoint,
                null,
                failure,
                null);
    }

    /** The executor was not heard of for a lease: nobody knows what it did, and its result would still count. */
    StepProgress lapsed(Instant at) {
        return with(
                after(Signal.LEASE_LAPSED),
                attempt.in(Phase.PARKED),
                failures,
                true,
                at,
                checkpoint,
                null,
                error,
                null);
    }

    StepProgress skipped() {
        return with(after(Signal.NEED_LOST), attempt, failures, probe, null, null, null, null, null);
    }

    private StepState after(Signal signal) {
        return Transitions.after(state(), signal);
    }

    private StepProgress with(
            StepState nextShown,
            Attempt nextAttempt,
            int nextFailures,
            boolean nextProbe,
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
                nextAttempt,
                nextFailures,
                nextProbe,
                nextDueAt,
                args,
                nextCheckpoint,
                nextOutputs,
                nextError,
                nextInstructions,
                requestId);
    }
}
