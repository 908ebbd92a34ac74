package io.offshoot.localstack.chaos;

import io.offshoot.contracts.failpoint.Failpoint;
import java.time.Duration;

/**
 * One thing that is done to the system.
 *
 * @param target the process's name, as the stack knows it
 * @param lasting how long it stays down, or frozen, before it is started again or goes on
 * @param point where it halts; null unless it is made to
 */
record Blow(Kind kind, String target, Duration lasting, Failpoint point) {

    Blow(Kind kind, String target, Duration lasting) {
        this(kind, target, lasting, null);
    }

    enum Kind {
        /** Killed as by <code>kill -9</code>, and started again. */
        KILL,
        /** Asked to stop, and started again. */
        RESTART,
        /** Held for longer than a lease, and let go on. */
        FREEZE,
        /** Made to halt when it next comes by a failpoint, and started again when it has. */
        HALT,
        /** All sessions of the orchestrators at PostgreSQL are terminated. */
        SESSIONS
    }

    @Override
    public String toString() {
        return switch (kind) {
            case KILL -> "kill -9 " + target;
            case RESTART -> "stop and start " + target;
            case FREEZE -> "hold %s for %.1f s".formatted(target, lasting.toMillis() / 1000.0);
            case HALT -> "halt %s at %s".formatted(target, point);
            case SESSIONS -> "terminate the orchestrators' sessions at " + target;
        };
    }
}
