package io.offshoot.orchestrator.service;

import java.sql.SQLException;
import java.util.Set;

/** Tells an outage of the database, which passes, from a failure that would come again. */
public final class Outage {

    /** Classes of SQLSTATE: connection, insufficient resources, operator intervention, transaction rollback. */
    private static final Set<String> PASSING = Set.of("08", "53", "57", "40");

    private Outage() {}

    /** Whether the same work can be expected to succeed later. */
    public static boolean isOne(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                // The pool has no state to give when it runs out of connections.
                return sql.getSQLState() == null
                        || PASSING.contains(sql.getSQLState().substring(0, 2));
            }
        }
        return false;
    }
}
