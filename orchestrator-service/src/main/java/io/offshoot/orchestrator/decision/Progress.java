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
import io.offshoot.orchestrator.workflow.Workflow;
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
    public Decision on(DeploymentRequest request, UUID requestId) {
        return switch (request.kind()) {
            case TRIGGER -> trigger(request.appId(), request.actionId(), request.args(), requestId);
            case RUN -> run(requestId);
            case RESUME -> resume(requestId);
            case CANCEL, TEARDOWN, ANSWER, HINT ->
                Decision.refused(ProblemType.NOT_SUPPORTED, "This version cannot do that yet.");
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
                || !Transitions.takesResults(step.state())) {
            return Decision.NOTHING;
        }
        return settle(
                switch (result.outcome()) {
                    case DONE -> step.succeeded(result.outputs());
                    case WAITING -> step.state() == CANCELLING ? step : step.waiting(result.waiting(), now);
                    case FAILED -> afterFailure(step, result.failure(), now);
                });
    }

    /** The time a step waited for has come, as the caller has seen. */
    public Decision onDue(String appId, String stepId) {
        var step = steps.get(new Place(appId, stepId));
        if (step == null || Transitions.after(step.state(), Signal.DUE) == step.state()) {
            return Decision.NOTHING;
        }
        return settle(step.dispatched());
    }

    /** The lease of a step's attempt has run out, as the caller has seen. */
    public Decision onLeaseLapsed(String appId, String stepId, Instant now) {
        var step = steps.get(new Place(appId, stepId));
        if (step == null || Transitions.after(step.state(), Signal.LEASE_LAPSED) == step.state()) {
            return Decision.NOTHING;
        }
        return settle(step.lapsed(now.plus(policy.probeDelay())));
    }

    /** Whether nothing has been heard of how the attempt, or its look that goes on, has ended. */
    private static boolean isAwaited(StepProgress.Attempt attempt) {
        return attempt.phase() == Phase.CLAIMED || attempt.phase() == Phase.PARKED;
    }

    private StepProgress afterFailure(StepProgress step, Failure failure, Instant now) {
        if (step.state() == CANCELLING || !failure.kind().isRetried() || step.failures() + 1 >= policy.maxFailures()) {
            return step.failed(failure);
        }
        var uncertain = failure.kind() == FailureClass.UNCERTAIN;
        var delay = uncertain ? policy.probeDelay() : policy.retryDelay();
        var asked = failure.retryAfterMs() == null ? 0 : failure.retryAfterMs();
        return step.retrying(failure, uncertain, now.plusMillis(Math.max(delay.toMillis(), asked)));
    }

    private Decision trigger(String appId, String stepId, ObjectNode args, UUID requestId) {
        var step = steps.get(new Place(appId, stepId));
        if (step == null) {
            var knownApp =
                    steps.keySet().stream().anyMatch(place -> place.appId().equals(appId));
            return knownApp
                    ? Decision.refused(ProblemType.UNKNOWN_ACTION, "The workflow has no action of that id.")
                    : Decision.refused(ProblemType.UNKNOWN_APP, "The deployment has no app of that id.");
        }
        return switch (step.shown()) {
            case SUCCEEDED -> outcome(Outcome.ALREADY_DONE);
            case BLOCKED, QUEUED, DISPATCHED, RUNNING, WAITING, RETRY_WAIT, CANCELLING ->
                args == null || Objects.equals(args, step.args())
                        ? outcome(Outcome.JOINED)
                        : Decision.refused(ProblemType.CONFLICTING_ARGUMENTS, "The action runs with other arguments.");
            case IDLE, FAILED, SKIPPED, CANCELLED -> {
                var open = workflow.step(stepId).needs().stream()
                        .filter(need -> steps.get(new Place(appId, need)).shown() != SUCCEEDED)
                        .sorted()
                        .toList();
                yield open.isEmpty()
                        ? start(List.of(step), args, requestId)
                        : Decision.refused(
                                ProblemType.NEEDS_NOT_DONE, "Not done yet: %s.".formatted(String.join(", ", open)));
            }
        };
    }

    private Decision run(UUID requestId) {
        var idle = where(step -> step.shown() == IDLE);
        if (!idle.isEmpty()) {
            var begun = start(idle, null, requestId);
            if (begun.changed().stream().anyMatch(step -> step.shown() != SKIPPED)) {
                return begun;
            }
        }
        return atRest().orElse(
                        Decision.refused(ProblemType.NEEDS_RESUME, "Nothing is left to run but what has failed."));
    }

    private Decision resume(UUID requestId) {
        var ended = where(step -> step.shown() == FAILED || step.shown() == CANCELLED);
        if (!ended.isEmpty()) {
            return start(ended, null, requestId);
        }
        return atRest().orElse(Decision.refused(ProblemType.NOTHING_TO_RESUME, "Nothing has failed."));
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
    private Decision start(List<StepProgress> begun, ObjectNode args, UUID requestId) {
        var changes = new LinkedHashMap<Place, StepProgress>();
        for (StepProgress step : begun) {
            changes.put(new Place(step.appId(), step.stepId()), step.asked(requestId, args));
        }
        for (StepProgress step : where(step -> step.shown() == SKIPPED)) {
            var needs = workflow.allNeeds(step.stepId());
            if (needs.stream().anyMatch(need -> changes.containsKey(new Place(step.appId(), need)))) {
                changes.put(new Place(step.appId(), step.stepId()), step.asked(requestId, null));
            }
        }
        return new Decision(settle(changes), Outcome.STARTED, null, null);
    }

    private Decision settle(StepProgress changed) {
        var changes = new LinkedHashMap<Place, StepProgress>();
        changes.put(new Place(changed.appId(), changed.stepId()), changed);
        return new Decision(settle(changes), null, null, null);
    }

    /** Needed steps are listed first, so one pass over the steps settles all that follows from the changes. */
    private List<StepProgress> settle(Map<Place, StepProgress> changes) {
        var settled = new ArrayList<StepProgress>();
        var now = new LinkedHashMap<>(steps);
        now.putAll(changes);
        for (Place place : steps.keySet()) {
            var step = now.get(place);
            if (step.shown() == BLOCKED) {
                step = unblocked(step, now);
                now.put(place, step);
            }
            if (step != steps.get(place)) {
                settled.add(step);
            }
        }
        return settled;
    }

    private StepProgress unblocked(StepProgress step, Map<Place, StepProgress> now) {
        var needs = workflow.step(step.stepId()).needs().stream()
                .map(need -> now.get(new Place(step.appId(), need)).shown())
                .toList();
        if (needs.stream().allMatch(SUCCEEDED::equals)) {
            return step.dispatched();
        }
        return needs.stream().anyMatch(Progress::isLost) ? step.skipped() : step;
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
