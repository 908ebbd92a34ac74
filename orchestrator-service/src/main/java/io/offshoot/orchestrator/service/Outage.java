package io.offshoot.orchestrator.service;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** Tells an outage of the database, which passes, from a failure that would come again. */
public final class Outage {

    /** Classes of SQLSTATE that are about the data or the statement: the same again fails the same way. */
    private static final Set<String> LASTING = Set.of("22", "23", "42");

    /** A right that was taken away, in the class of wrong statements, can be given back. */
    private static final String NO_RIGHT = "42501";

    /** Chains are short; longer ones go round in a circle. */
    private static final int DEEPEST = 8;

    private Outage() {}

    /** Whether the same work can be expected to succeed later. */
    public static boolean isOne(Throwable failure) {
        return first(failure, 0).map(Outage::passes).orElse(false);
    }

    private static boolean passes(SQLException failure) {
        // The pool has no state to give when it runs out of connections.
        var state = failure.getSQLState();
        return state == null || state.equals(NO_RIGHT) || !LASTING.contains(state.substring(0, 2));
    }

    /** What the database said first. A commit that fails is told by an exception that only suppresses it. */
    private static Optional<SQLException> first(Throwable failure, int depth) {
        if (failure == null || depth > DEEPEST) {
            return Optional.empty();
        }
        if (failure instanceof SQLException sql) {
            return Optional.of(sql);
        }
        return first(failure.getCause(), depth + 1).or(() -> Arrays.stream(failure.getSuppressed())
                .flatMap(suppressed -> first(suppressed, depth + 1).stream())
                .findFirst());
    }
}
