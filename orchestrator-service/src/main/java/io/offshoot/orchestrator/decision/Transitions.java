package io.offshoot.orchestrator.decision;

import static io.offshoot.contracts.message.StepState.BLOCKED;
import static io.offshoot.contracts.message.StepState.CANCELLED;
import static io.offshoot.contracts.message.StepState.CANCELLING;
import static io.offshoot.contracts.message.StepState.DISPATCHED;
import static io.offshoot.contracts.message.StepState.FAILED;
import static io.offshoot.contracts.message.StepState.IDLE;
import static io.offshoot.contracts.message.StepState.QUEUED;
import static io.offshoot.contracts.message.StepState.RETRY_WAIT;
import static io.offshoot.contracts.message.StepState.RUNNING;
import static io.offshoot.contracts.message.StepState.SKIPPED;
import static io.offshoot.contracts.message.StepState.SUCCEEDED;
import static io.offshoot.contracts.message.StepState.WAITING;

import io.offshoot.contracts.message.StepState;

/**
 * The one table of legal transitions.
 *
 * <pre>
 *            ASKED              READY                CLAIMED
 *  IDLE ───────────▶ BLOCKED ───────────▶ DISPATCHED ────────▶ RUNNING ──┬─ DONE ───────────▶ SUCCEEDED
 *                     │   │ LANE_FULL       ▲  ▲  ▲               │      ├─ FAILED_FOR_GOOD ▶ FAILED
 *           NEED_LOST │   ▼                 │  │  │ DUE           │      │
 *                     │  QUEUED ── READY ───┘  │  └── WAITING ◀───┼──────┤ STILL_WAITING
 *                     ▼                    DUE └──── RETRY_WAIT ◀─┴──────┘ FAILED_FOR_NOW, LEASE_LAPSED
 *                  SKIPPED
 *
 *  HANDED_BACK: RUNNING ▶ DISPATCHED, the same attempt.
 *  LANE_FULL: RETRY_WAIT ▶ QUEUED, too. WAITING and CANCELLING stay what they are while an attempt of theirs is in line.
 *
 *  CANCEL: nothing can have begun, so BLOCKED, QUEUED, DISPATCHED, RETRY_WAIT ▶ CANCELLED at once.
 *
 *  QUEUED     ┐
 *  DISPATCHED │ CANCEL_UNDER_WAY              ┌─ DONE ───────▶ SUCCEEDED: a result beats a cancel
 *  RUNNING    ├─────────────────▶ CANCELLING ─┤
 *  WAITING    │                    │  ▲       └─ STOPPED ────▶ CANCELLED
 *  RETRY_WAIT ┘                    └──┘ attempts are dispatched, claimed, lapse, wait, fail for now
 *
 *  ASKED again: FAILED, CANCELLED, SKIPPED ▶ BLOCKED. RERUN: SUCCEEDED ▶ BLOCKED.
 *  DEADLINE: whatever is neither idle nor terminal ▶ FAILED; CANCELLING ▶ CANCELLED.
 *  UNDONE: what a teardown asked for ▶ IDLE where it would be SUCCEEDED; BLOCKED ▶ IDLE if it was never begun.
 *  A result with the current fence counts also in DISPATCHED and RETRY_WAIT.
 * </pre>
 */
public final class Transitions {

    private Transitions() {}

    /** The state after a signal; the very same state where the signal means nothing there. */
    public static StepState after(StepState state, Signal signal) {
        return switch (signal) {
            case ASKED ->
                switch (state) {
                    case IDLE, FAILED, SKIPPED, CANCELLED -> BLOCKED;
                    case BLOCKED, QUEUED, DISPATCHED, RUNNING, WAITING, RETRY_WAIT, CANCELLING, SUCCEEDED -> state;
                };
            case RERUN -> state == SUCCEEDED ? BLOCKED : state;
            case READY ->
                switch (state) {
                    case BLOCKED, QUEUED -> DISPATCHED;
                    case IDLE,
                            DISPATCHED,
                            RUNNING,
                            WAITING,
                            RETRY_WAIT,
                            CANCELLING,
                            SUCCEEDED,
                            FAILED,
                            SKIPPED,
                            CANCELLED -> state;
                };
            case LANE_FULL -> state == BLOCKED || state == RETRY_WAIT ? QUEUED : state;
            case NEED_LOST -> state == BLOCKED ? SKIPPED : state;
            case CLAIMED -> state == DISPATCHED ? RUNNING : state;
            case DONE -> takesResults(state) ? SUCCEEDED : state;
            case UNDONE ->
                switch (state) {
                    case BLOCKED, RUNNING, DISPATCHED, RETRY_WAIT -> IDLE;
                    case IDLE, QUEUED, WAITING, CANCELLING, SUCCEEDED, FAILED, SKIPPED, CANCELLED -> state;
                };
            case STILL_WAITING -> takesResults(state) && state != CANCELLING ? WAITING : state;
            case FAILED_FOR_NOW ->
                switch (state) {
                    case RUNNING, DISPATCHED, RETRY_WAIT -> RETRY_WAIT;
                    case IDLE, BLOCKED, QUEUED, WAITING, CANCELLING, SUCCEEDED, FAILED, SKIPPED, CANCELLED -> state;
                };
            case FAILED_FOR_GOOD ->
                switch (state) {
                    case RUNNING, DISPATCHED, RETRY_WAIT -> FAILED;
                    case IDLE, BLOCKED, QUEUED, WAITING, CANCELLING, SUCCEEDED, FAILED, SKIPPED, CANCELLED -> state;
                };
            case HANDED_BACK -> state == RUNNING ? DISPATCHED : state;
            case LEASE_LAPSED -> state == RUNNING ? RETRY_WAIT : state;
            case DUE -> state == WAITING || state == RETRY_WAIT ? DISPATCHED : state;
            case CANCEL ->
                switch (state) {
                    case BLOCKED, QUEUED, DISPATCHED, RETRY_WAIT -> CANCELLED;
                    case IDLE, RUNNING, WAITING, CANCELLING, SUCCEEDED, FAILED, SKIPPED, CANCELLED -> state;
                };
            case CANCEL_UNDER_WAY ->
                switch (state) {
                    case QUEUED, DISPATCHED, RUNNING, WAITING, RETRY_WAIT -> CANCELLING;
                    case IDLE, BLOCKED, CANCELLING, SUCCEEDED, FAILED, SKIPPED, CANCELLED -> state;
                };
            case STOPPED -> state == CANCELLING ? CANCELLED : state;
            case DEADLINE ->
                switch (state) {
                    case BLOCKED, QUEUED, DISPATCHED, RUNNING, WAITING, RETRY_WAIT -> FAILED;
                    case CANCELLING -> CANCELLED;
                    case IDLE, SUCCEEDED, FAILED, SKIPPED, CANCELLED -> state;
                };
        };
    }

    /** Whether a result with the current attempt and fence is applied in this state. */
    public static boolean takesResults(StepState state) {
        return switch (state) {
            case RUNNING, DISPATCHED, RETRY_WAIT, CANCELLING -> true;
            case IDLE, BLOCKED, QUEUED, WAITING, SUCCEEDED, FAILED, SKIPPED, CANCELLED -> false;
        };
    }
}
