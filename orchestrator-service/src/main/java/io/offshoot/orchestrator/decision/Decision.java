package io.offshoot.orchestrator.decision;

import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.RequestView.Outcome;
import java.util.List;

/**
 * What follows from one thing that happened: to be stored and sent in one transaction.
 *
 * @param changed the steps that are different now, each after those that it waited for
 * @param outcome what was made of a request; null if it was no request
 * @param refusal why it was refused; null unless it was
 * @param detail the refusal in plain words
 */
public record Decision(List<StepProgress> changed, Outcome outcome, ProblemType refusal, String detail) {

    /** Nothing follows: a repeat, or too late. */
    public static final Decision NOTHING = new Decision(List.of(), null, null, null);

    public Decision {
        changed = List.copyOf(changed);
    }

    static Decision refused(ProblemType refusal, String detail) {
        return new Decision(List.of(), Outcome.REFUSED, refusal, detail);
    }
}
