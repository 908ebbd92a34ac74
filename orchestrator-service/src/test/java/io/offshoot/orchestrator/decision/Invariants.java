package io.offshoot.orchestrator.decision;

import static io.offshoot.contracts.invariant.Invariant.EVERYTHING_ENDS;
import static io.offshoot.contracts.invariant.Invariant.NEEDS_FIRST;
import static io.offshoot.contracts.invariant.Invariant.ONE_LIVE_ATTEMPT;
import static io.offshoot.contracts.invariant.Invariant.TERMINAL_STAYS;

import io.offshoot.contracts.invariant.Invariant;
import io.offshoot.contracts.message.StepState;
import io.offshoot.contracts.query.RequestView.Outcome;
import io.offshoot.workflows.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Those invariants that a decision shows by itself: what each change of a deployment's steps must keep. */
public final class Invariants {

    /** @param what in plain words, with the step's name */
    public record Broken(Invariant invariant, String what) {}

    private final Workflow workflow;

    public Invariants(Workflow workflow) {
        this.workflow = workflow;
    }

    /** What a decision broke. @param before and after: the steps by app and id, as {@code app/step} */
    public List<Broken> broken(Map<String, StepProgress> before, Map<String, StepProgress> after, Decision decision) {
        var broken = new ArrayList<Broken>();
        after.forEach((name, now) -> check(name, before.get(name), now, after, decision, broken));
        return broken;
    }

    private void check(
            String name,
            StepProgress was,
            StepProgress now,
            Map<String, StepProgress> all,
            Decision decision,
            List<Broken> broken) {
        if (was.shown().isTerminal()
                && now != was
                && (decision.outcome() != Outcome.STARTED || now.generation() != was.generation() + 1)) {
            broken.add(new Broken(TERMINAL_STAYS, name + " left " + was.shown()));
        }
        if (now.number() < was.number() || fence(now) < fence(was)) {
            broken.add(new Broken(ONE_LIVE_ATTEMPT, name + " went back"));
        }
        if (now.number() > was.number() + 1) {
            broken.add(new Broken(ONE_LIVE_ATTEMPT, name + " left an attempt out"));
        }
        if (now.shown().isTerminal() && now.phase() != Phase.ENDED) {
            broken.add(new Broken(ONE_LIVE_ATTEMPT, name + " is over and has a live attempt"));
        }
        var begins = !isUnderWay(was) && isUnderWay(now) && now.shown() != StepState.CANCELLING;
        if (begins && now.isUndoing()) {
            var dependents = all.values().stream()
                    .filter(other -> other.appId().equals(now.appId())
                            && workflow.step(other.stepId()).needs().contains(now.stepId()))
                    .toList();
            if (!dependents.stream().allMatch(other -> other.shown() == StepState.IDLE)) {
                broken.add(new Broken(NEEDS_FIRST, name + " was taken back early"));
            }
        } else if (begins
                && !workflow.step(now.stepId()).needs().stream()
                        .allMatch(need -> all.get(now.appId() + "/" + need).shown() == StepState.SUCCEEDED)) {
            broken.add(new Broken(NEEDS_FIRST, name + " was dispatched early"));
        }
        if (now.shown() == StepState.QUEUED && now.phase() != Phase.QUEUED) {
            broken.add(new Broken(EVERYTHING_ENDS, name + " waits for a turn that nobody gives"));
        }
        var runs = !now.shown().isTerminal() && now.shown() != StepState.IDLE;
        if (runs && (now.term() == null || now.term().end().isAfter(now.term().run()))) {
            broken.add(new Broken(EVERYTHING_ENDS, name + " has no end"));
        }
        if (isUnderWay(now) && now.dueAt() == null && now.phase() != Phase.QUEUED && !now.isUnderWay()) {
            broken.add(new Broken(EVERYTHING_ENDS, name + " waits for nothing"));
        }
    }

    private static boolean isUnderWay(StepProgress step) {
        return switch (step.shown()) {
            case DISPATCHED, RUNNING, WAITING, RETRY_WAIT, CANCELLING -> true;
            case IDLE, BLOCKED, QUEUED, SUCCEEDED, FAILED, SKIPPED, CANCELLED -> false;
        };
    }

    private static long fence(StepProgress step) {
        return step.attempt() == null ? 0 : step.attempt().fence();
    }
}
