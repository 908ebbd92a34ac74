package io.offshoot.orchestrator.decision;

/**
 * What the attempts of a generation have been through.
 *
 * @param previousGeneration the first of the earlier generations that may have had an effect unseen; null if none. Such
 *     an effect may belong to it or to any since
 * @param failures the failed attempts
 * @param probe whether an earlier attempt may have had its effect unseen
 * @param begun whether an attempt has begun something that goes on at the provider: it waited
 */
public record Past(Integer previousGeneration, int failures, boolean probe, boolean begun) {

    static final Past NONE = new Past(null, 0, false, false);

    /** The past of the generation after this one. */
    Past next(int generation) {
        var unsure = previousGeneration == null && probe ? Integer.valueOf(generation) : previousGeneration;
        return new Past(unsure, 0, unsure != null, false);
    }

    Past failed(boolean counts, boolean mayHaveHadEffect) {
        return new Past(previousGeneration, counts ? failures + 1 : failures, probe || mayHaveHadEffect, begun);
    }

    Past unsure() {
        return failed(false, true);
    }

    /** How the attempt ended is known: what failed before it does not add up over a long wait. */
    Past waited() {
        return new Past(previousGeneration, 0, false, true);
    }

    /** What is tried from now on is something else: to stop. */
    Past stopping() {
        return new Past(previousGeneration, 0, probe, begun);
    }

    /** Whether there may be something to stop. */
    boolean mayHaveBegun() {
        return probe || begun;
    }
}
