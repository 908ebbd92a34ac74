package io.offshoot.gateway.deployment;

import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.problem.Problem;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import java.util.List;

/** What becomes of repositories, as clients write it. */
final class Removals {

    private Removals() {}

    /** @param text null for the default: deleting takes an explicit choice */
    static Removal of(String text) {
        if (text == null || text.equals("archive")) {
            return Removal.ARCHIVE;
        }
        if (text.equals("delete")) {
            return Removal.DELETE;
        }
        throw new ProblemException(Problem.of(
                ProblemType.INVALID_REQUEST,
                "This is not a choice.",
                List.of(new Problem.Invalid("/repositories", "must be archive or delete"))));
    }
}
