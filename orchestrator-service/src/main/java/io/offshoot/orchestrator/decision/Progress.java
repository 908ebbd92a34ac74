package io.offshoot.orchestrator.decision;

import static io.offshoot.contracts.message.StepState.BLOCKED;
import static io.offshoot.contracts.message.StepState.CANCELLED;
import static io.offshoot.contracts.message.StepState.CANCELLING;
import static io.offshoot.contracts.message.StepState.FAILED;
import static io.offshoot.contracts.message.StepState.IDLE;
import static io.offshoot.contracts.message.StepState.SKIPPED;
import static io.offshoot.contracts.message.StepState.SUCCEEDED;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.StepResult;
import io.offshoot.contracts.message.StepState;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.RequestView.Outcome;
import io.offshoot.workflows.Workflow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * How far a deployment has come, and what follows when something happens to it. Pure: it knows no clock, database or
 * broker, and deciding changes nothing here. Total: whatever comes, a decision follows; the same thing a second time
 * decides {@linkplain Decision#NOTHING nothing}, or the same outcome without a change.
 */
public final class Progress {

    private record Place(String appId, String stepId) {}

    private final Workflow workflow;
    private final Policy policy;
    private final Map<Place, StepProgress> steps = new LinkedHashMap<>();

    public Progress(Workflow workflow, Policy policy, Collection<StepProgress> steps) {
        this.workflow = workflow;
        this.policy = policy;
        for (StepProgress step : steps) {
            this.steps.put(new Place(step.appId(), step.stepId()), step);
        }
    }

    /** A request that was not seen before. */
    public Decision on(DeploymentRequest request, UUID requestId, Instant now) {
        return switch (request.kind()) {
            case TRIGGER -> trigger(request, requestId, now);
            case RUN -> run(requestId, now);
            case RESUME -> resume(requestId, now);
            case CANCEL -> cancel(request, now);
            case TEARDOWN -> teardown(request, requestId, now);
            case ANSWER, HINT -> Decision.refused(ProblemType.NOT_SUPPORTED, "This version cannot do that yet.");
        };
    }

    /** A result. One of another attempt or fence, or for a step that takes none now, changes nothing. */
    public Decision on(StepResult result, Instant now) {
        var step = steps.get(new Place(result.appId(), result.stepId()));
        if (step == null
                || step.attempt() == null
                || step.attempt().number() != result.attempt()
                || step.attempt().fence() != result.fence()
                || !isAwaited(step.attempt())
                // What has lapsed is followed by a probe anyway.
                || result.outcome() == StepResult.Outcome.HANDED_BACK && step.phase() != Phase.CLAIMED
                || result.outcome() == StepResult.Outcome.FOUND
                || !Transitions.takesResults(step.state())) {
            return Decision.NOTHING;
        }
        return settle(
                switch (result.outcome()) {
                    case DONE -> step.isUndoing() ? step.undone() : step.succeeded(result.outputs());
                    case WAITING ->
                        step.state() == CANCELLING
                                ? step.stopping(result.waiting(), now, policy)
                                : step.waiting(result.waiting(), now, policy);
                    case FAILED -> afterFailure(step, result.failure(), now);
                    case HANDED_BACK -> step.handedBack(result.handedBack().wrote(), now, policy);
                    case FOUND -> step;
                },
                now);
    }

    /** The time a step waited for has come, as the caller has seen. */
    public Decision onDue(String appId, String stepId, Instant now) {
        var step = steps.get(new Place(appId, stepId));
        if (step == null || step.dueAt() == null) {
            return Decision.NOTHING;
        }
        return settle(step.dispatched(now, policy), now);
    }

    /** It is the turn of a step's attempt in its lane, as the caller has seen. */
    public Decision onTurn(String appId, String stepId, Instant now) {
        var step = steps.get(new Place(appId, stepId));
        if (step == null || step.phase() != Phase.QUEUED) {
            return Decision.NOTHING;
        }
        return settle(step.sent(now, policy), now);
    }

    /** The lease of a step's attempt has run out, as the caller has seen. */
    public Decision onLeaseLapsed(String appId, String stepId, Instant now) {
        var step = steps.get(new Place(appId, stepId));
        if (step == null || step.phase() != Phase.CLAIMED) {
            return Decision.NOTHING;
        }
        return settle(step.lapsed(now.plus(policy.probeAfterLapse()), now, policy), now);
    }

    /** The time in which a step had to be over may have passed. */
    public Decision onDeadline(String appId, String stepId, Instant now) {
        var step = steps.get(new Place(appId, stepId));
        if (step == null
                || step.term() == null
                || now.isBefore(step.term().end())
                || Transitions.after(step.state(), Signal.DEADLINE) == step.state()) {
            return Decision.NOTHING;
        }
        return settle(step.overdue(awaited(step)), now);
    }

    /** What a step that is overdue was waiting for, in plain words. */
    private String awaited(StepProgress step) {
        return "Not done in time. "
                + switch (step.state()) {
                    case BLOCKED -> "It waited for %s.".formatted(String.join(", ", awaitedSteps(step)));
                    case QUEUED -> "It waited for its turn at the provider.";
                    case DISPATCHED -> "It waited for an executor to take it.";
                    case RUNNING -> "The executor that had it did not finish.";
                    case WAITING ->
                        step.instructions() == null
                                ? "It waited for the provider to finish."
                                : "It waited for a person: %s"
                                        .formatted(step.instructions().what());
                    case RETRY_WAIT ->
                        step.error() == null
                                ? "It waited to look what became of an attempt that was cut off."
                                : "It was to be tried again after: %s"
                                        .formatted(step.error().message());
                    case CANCELLING -> "It was being stopped, and that was not confirmed.";
                    case IDLE, SUCCEEDED, FAILED, SKIPPED, CANCELLED ->
                        throw new IllegalStateException("Not overdue: " + step.state());
                };
    }

    private List<String> awaitedSteps(StepProgress step) {
        return step.isUndoing()
                ? dependents(step, steps).stream()
                        .filter(other -> other.shown() != IDLE)
                        .map(StepProgress::stepId)
                        .toList()
                : openNeeds(step);
    }

    /** Whether nothing has been heard of how the attempt, or its look that goes on, has ended. */
    private static boolean isAwaited(StepProgress.Attempt attempt) {
        return attempt.phase() == Phase.CLAIMED || attempt.phase() == Phase.PARKED;
    }

    private StepProgress afterFailure(StepProgress step, Failure failure, Instant now) {
        if (step.state() == CANCELLING) {
            var goesOn = step.isStopping()
                    ? isTriedAgain(step, failure)
                    : failure.kind().isRetried()
                            && (step.past().mayHaveBegun() || failure.kind() == FailureClass.UNCERTAIN);
            return goesOn ? retrying(step, failure, now) : step.stopped(failure);
        }
        return isTriedAgain(step, failure) ? retrying(step, failure, now) : step.failed(failure);
    }

    private StepProgress retrying(StepProgress step, Failure failure, Instant now) {
        return step.retrying(failure, now.plus(policy.delay(step, failure)), now, policy);
    }

    private boolean isTriedAgain(StepProgress step, Failure failure) {
        return switch (failure.kind()) {
            case RETRYABLE, UNCERTAIN -> step.past().failures() + 1 < policy.maxFailures();
            case THROTTLED -> true;
            case REFUSED, CREDENTIAL -> false;
        };
    }

    private Decision trigger(DeploymentRequest request, UUID requestId, Instant now) {
        var step = steps.get(new Place(request.appId(), request.actionId()));
        if (step == null) {
            return unknown(request.appId());
        }
        if (isTornDown(step.appId())) {
            return tornDown();
        }
        var args = request.args();
        return switch (step.shown()) {
            case SUCCEEDED -> request.rerun() ? rerun(step, args, requestId, now) : outcome(Outcome.ALREADY_DONE);
            case BLOCKED, QUEUED, DISPATCHED, RUNNING, WAITING, RETRY_WAIT ->
                args == null || Objects.equals(args, step.args())
                        ? outcome(Outcome.JOINED)
                        : Decision.refused(ProblemType.CONFLICTING_ARGUMENTS, "The action runs with other arguments.");
            case CANCELLING -> Decision.refused(ProblemType.BEING_CANCELLED, "The action is being stopped.");
            case IDLE, FAILED, SKIPPED, CANCELLED -> begin(step, args, requestId, now);
        };
    }

    private Decision begin(StepProgress step, ObjectNode args, UUID requestId, Instant now) {
        var open = openNeeds(step);
        return open.isEmpty()
                ? start(List.of(step), args, requestId, now)
                : Decision.refused(ProblemType.NEEDS_NOT_DONE, "Not done yet: %s.".formatted(String.join(", ", open)));
    }

    /** Dependents that succeeded stay as they are. One under way reads the outputs that would change under it. */
    private Decision rerun(StepProgress step, ObjectNode args, UUID requestId, Instant now) {
        var underWay = where(other -> other.appId().equals(step.appId())
                        && !other.shown().isTerminal()
                        && other.shown() != IDLE
                        && other.shown() != BLOCKED
                        && workflow.allNeeds(other.stepId()).contains(step.stepId()))
                .stream()
                .map(StepProgress::stepId)
                .toList();
        return underWay.isEmpty()
                ? begin(step, args, requestId, now)
                : Decision.refused(
                        ProblemType.DEPENDENTS_RUNNING, "Running: %s.".formatted(String.join(", ", underWay)));
    }

    private List<String> openNeeds(StepProgress step) {
        return workflow.step(step.stepId()).needs().stream()
                .filter(need -> steps.get(new Place(step.appId(), need)).shown() != SUCCEEDED)
                .sorted()
                .toList();
    }

    private Decision unknown(String appId) {
        return steps.keySet().stream().anyMatch(place -> place.appId().equals(appId))
                ? Decision.refused(ProblemType.UNKNOWN_ACTION, "The workflow has no action of that id.")
                : Decision.refused(ProblemType.UNKNOWN_APP, "The deployment has no app of that id.");
    }

    /** Whether an app is being taken back, or was to be and is not yet. */
    private boolean isTornDown(String appId) {
        return !where(step -> step.isUndoing() && step.appId().equals(appId)).isEmpty();
    }

    private static Decision tornDown() {
        return Decision.refused(ProblemType.BEING_TORN_DOWN, ProblemType.BEING_TORN_DOWN.cause());
    }

    private Decision run(UUID requestId, Instant now) {
        if (!where(StepProgress::isUndoing).isEmpty()) {
            return tornDown();
        }
        var idle = where(step -> step.shown() == IDLE);
        if (!idle.isEmpty()) {
            var begun = start(idle, null, requestId, now);
            if (begun.changed().stream().anyMatch(step -> step.shown() != SKIPPED)) {
                return begun;
            }
        }
        return atRest().orElse(
                        Decision.refused(ProblemType.NEEDS_RESUME, "Nothing is left to run but what has failed."));
    }

    private Decision resume(UUID requestId, Instant now) {
        var ended = where(step -> step.shown() == FAILED || step.shown() == CANCELLED);
        if (!ended.isEmpty()) {
            return start(ended, null, requestId, now);
        }
        return atRest().orElse(Decision.refused(ProblemType.NOTHING_TO_RESUME, "Nothing has failed."));
    }

    /** Takes back all that was ever begun of an app, what depends on others first. */
    private Decision teardown(DeploymentRequest request, UUID requestId, Instant now) {
        var app = where(step -> step.appId().equals(request.appId()));
        if (app.isEmpty()) {
            return unknown(request.appId());
        }
        var begun = app.stream().filter(step -> step.shown() != IDLE).toList();
        if (begun.isEmpty()) {
            return outcome(Outcome.ALREADY_DONE);
        }
        var underWay = begun.stream().filter(step -> !step.shown().isTerminal()).toList();
        if (!underWay.isEmpty()) {
            return underWay.stream().allMatch(StepProgress::isUndoing)
                    ? outcome(Outcome.JOINED)
                    : Decision.refused(ProblemType.STILL_RUNNING, ProblemType.STILL_RUNNING.cause());
        }
        var runEnds = now.plus(policy.limits().run());
        var changes = new LinkedHashMap<Place, StepProgress>();
        for (StepProgress step : begun) {
            changes.put(
                    new Place(step.appId(), step.stepId()), step.asked(requestId, null, request.removal(), runEnds));
        }
        return new Decision(settle(changes, now), Outcome.STARTED, null, null);
    }

    /** One action, or all of the deployment that is under way. */
    private Decision cancel(DeploymentRequest request, Instant now) {
        var asked = List.copyOf(steps.values());
        if (request.actionId() != null) {
            var step = steps.get(new Place(request.appId(), request.actionId()));
            if (step == null) {
                return unknown(request.appId());
            }
            asked = List.of(step);
        }
        var changes = new LinkedHashMap<Place, StepProgress>();
        for (StepProgress step : asked) {
            var next = step.cancelled(now, policy);
            if (next != step) {
                changes.put(new Place(step.appId(), step.stepId()), next);
            }
        }
        if (!changes.isEmpty()) {
            return new Decision(settle(changes, now), Outcome.STARTED, null, null);
        }
        if (asked.stream().anyMatch(step -> step.isUndoing() && !step.shown().isTerminal())) {
            return tornDown();
        }
        if (asked.stream().anyMatch(step -> step.shown() == CANCELLING)) {
            return outcome(Outcome.JOINED);
        }
        return asked.stream().anyMatch(step -> step.shown() == CANCELLED)
                ? outcome(Outcome.ALREADY_DONE)
                : Decision.refused(ProblemType.NOTHING_TO_CANCEL, "Nothing of it is under way.");
    }

    /** The outcome of a request that finds nothing to start, if what is there answers it. */
    private Optional<Decision> atRest() {
        if (!where(step -> !step.shown().isTerminal() && step.shown() != IDLE).isEmpty()) {
            return Optional.of(outcome(Outcome.JOINED));
        }
        if (where(step -> step.shown() != SUCCEEDED).isEmpty()) {
            return Optional.of(outcome(Outcome.ALREADY_DONE));
        }
        return Optional.empty();
    }

    /** Begins steps anew. Dependents that were skipped because of them are asked for again with them. */
    private Decision start(List<StepProgress> begun, ObjectNode args, UUID requestId, Instant now) {
        var runEnds = now.plus(policy.limits().run());
        var changes = new LinkedHashMap<Place, StepProgress>();
        for (StepProgress step : begun) {
            changes.put(new Place(step.appId(), step.stepId()), step.asked(requestId, args, step.undoing(), runEnds));
        }
        for (StepProgress step : where(step -> step.shown() == SKIPPED)) {
            if (begun.stream().anyMatch(other -> follows(step, other))) {
                changes.put(
                        new Place(step.appId(), step.stepId()), step.asked(requestId, null, step.undoing(), runEnds));
            }
        }
        return new Decision(settle(changes, now), Outcome.STARTED, null, null);
    }

    /** Whether one comes only after the other: it needs it, or, being taken back, is needed by it. */
    private boolean follows(StepProgress step, StepProgress other) {
        return step.appId().equals(other.appId())
                && (step.isUndoing()
                        ? workflow.allNeeds(other.stepId()).contains(step.stepId())
                        : workflow.allNeeds(step.stepId()).contains(other.stepId()));
    }

    private Decision settle(StepProgress changed, Instant now) {
        var changes = new LinkedHashMap<Place, StepProgress>();
        changes.put(new Place(changed.appId(), changed.stepId()), changed);
        return new Decision(settle(changes, now), null, null, null);
    }

    /**
     * Needed steps are listed first, so one pass over the steps settles all that follows from the changes; what is taken
     * back goes the other way.
     */
    private List<StepProgress> settle(Map<Place, StepProgress> changes, Instant now) {
        var current = new LinkedHashMap<>(steps);
        current.putAll(changes);
        var forward = List.copyOf(steps.keySet());
        for (Place place : forward) {
            current.computeIfPresent(
                    place,
                    (same, step) ->
                            step.shown() == BLOCKED && !step.isUndoing() ? unblocked(step, current, now) : step);
        }
        for (int last = forward.size() - 1; last >= 0; last--) {
            current.computeIfPresent(
                    forward.get(last),
                    (same, step) -> step.shown() == BLOCKED && step.isUndoing() ? takenBack(step, current, now) : step);
        }
        var settled = new ArrayList<StepProgress>();
        for (Place place : forward) {
            var step = current.get(place);
            if (step != steps.get(place)) {
                // What is taken back is told in the order in which it is: what others need comes after them.
                settled.add(step.isUndoing() || steps.get(place).isUndoing() ? 0 : settled.size(), step);
            }
        }
        return settled;
    }

    private StepProgress unblocked(StepProgress step, Map<Place, StepProgress> current, Instant now) {
        var needs = workflow.step(step.stepId()).needs().stream()
                .map(need -> current.get(new Place(step.appId(), need)).shown())
                .toList();
        if (needs.stream().allMatch(SUCCEEDED::equals)) {
            return step.dispatched(now, policy);
        }
        return needs.stream().anyMatch(Progress::isLost) ? step.skipped() : step;
    }

    private StepProgress takenBack(StepProgress step, Map<Place, StepProgress> current, Instant now) {
        var dependents =
                dependents(step, current).stream().map(StepProgress::shown).toList();
        if (dependents.stream().allMatch(IDLE::equals)) {
            return step.attempt() == null ? step.undone() : step.dispatched(now, policy);
        }
        return dependents.stream().anyMatch(StepState::isTerminal) ? step.skipped() : step;
    }

    private List<StepProgress> dependents(StepProgress step, Map<Place, StepProgress> all) {
        return all.values().stream()
                .filter(other -> other.appId().equals(step.appId())
                        && workflow.step(other.stepId()).needs().contains(step.stepId()))
                .toList();
    }

    private static boolean isLost(StepState state) {
        return state.isTerminal() && state != SUCCEEDED;
    }

    private List<StepProgress> where(Predicate<StepProgress> condition) {
        return steps.values().stream().filter(condition).toList();
    }

    private static Decision outcome(Outcome outcome) {
        return new Decision(List.of(), outcome, null, null);
    }
}
