package io.offshoot.orchestrator.service;

import java.sql.SQLException;
import java.util.Set;

/** Tells an outage of the database, which passes, from a failure that would come again. */
public final class Outage {

    /** Classes of SQLSTATE that are about the data or the statement: the same again fails the same way. */
    private static final Set<String> LASTING = Set.of("22", "23", "42");

    /** A right that was taken away, in the class of wrong statements, can be given back. */
    private static final String NO_RIGHT = "42501";

    private Outage() {}

    /** Whether the same work can be expected to succeed later. */
    public static boolean isOne(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                // The pool has no state to give when it runs out of connections.
                var state = sql.getSQLState();
                return state == null || state.equals(NO_RIGHT) || !LASTING.contains(state.substring(0, 2));
            }
        }
        return false;
    }
}
