package io.offshoot.gateway.challenge;

import io.offshoot.contracts.problem.ProblemException;

/**
 * What came of an answered challenge. A refusal is a result and no exception until the transaction is over: the challenge
 * stays used and the audit stays written.
 *
 * @param refusal null if it was accepted
 */
public record Attempt<T>(T result, ProblemException refusal) {

    public static <T> Attempt<T> accepted(T result) {
        return new Attempt<>(result, null);
    }

    public static <T> Attempt<T> refused(ProblemException refusal) {
        return new Attempt<>(null, refusal);
    }

    public T orThrow() {
        if (refusal != null) {
            throw refusal;
        }
        return result;
    }
}
