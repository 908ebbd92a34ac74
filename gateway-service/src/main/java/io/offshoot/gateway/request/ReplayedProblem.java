package io.offshoot.gateway.request;

import io.offshoot.contracts.problem.Problem;
import io.offshoot.contracts.problem.ProblemException;

/** Ends a repeated request with the problem that the first one was refused with. */
public class ReplayedProblem extends ProblemException {

    /** Says that an answer is the one that an earlier request with the same key had. */
    public static final String HEADER = "Idempotent-Replayed";

    private static final long serialVersionUID = 1L;

    ReplayedProblem(Problem problem) {
        super(problem);
    }
}
