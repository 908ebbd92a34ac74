package io.offshoot.contracts.failpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Places at which a process can be made to halt at once, as by <code>kill -9</code>, to show that nothing is lost or
 * done twice. Inert unless the process was started with <code>-Doffshoot.failpoint=</code>
 *
 * <ul>
 *   <li><code>NAME</code>: it halts at that place; <code>NAME:n</code>: when the place is reached for the n-th time;
 *   <li><code>@FILE</code>: it halts at the place whose name the file has at that time, and takes the file away. So a
 *       running process can be told.
 * </ul>
 *
 * <p>The first word of a name is the service whose place it is.
 */
public enum Failpoint {
    /** A request is with the checks passed, and not in Kafka. */
    GATEWAY_BEFORE_PUBLISH,
    /** A request is in Kafka; its answer is not kept and the caller has not heard. */
    GATEWAY_AFTER_PUBLISH,
    /** The answer to a request with a key is kept; the caller has not heard it. */
    GATEWAY_AFTER_ANSWER,

    /** A deployment is stored and not committed. */
    ORCHESTRATOR_BEFORE_REGISTRATION_COMMIT,
    /** A deployment is committed; the caller has not heard so. */
    ORCHESTRATOR_AFTER_REGISTRATION_COMMIT,
    /** A decision is stored and not committed. */
    ORCHESTRATOR_BEFORE_COMMIT,
    /** A decision is committed; nothing of it is in Kafka. */
    ORCHESTRATOR_AFTER_COMMIT,
    /** Messages are in Kafka, and still in the outbox. */
    ORCHESTRATOR_AFTER_SEND,
    /** What a timer, a lapsed lease or a deadline led to is stored and not committed. */
    ORCHESTRATOR_BEFORE_TIMER_COMMIT,
    /** What a timer led to is committed; nothing of it is in Kafka. */
    ORCHESTRATOR_AFTER_TIMER_COMMIT,
    /** Records are taken in; Kafka will deliver them again. */
    ORCHESTRATOR_BEFORE_ACK,
    /** An attempt is claimed and not committed. */
    ORCHESTRATOR_BEFORE_CLAIM_COMMIT,
    /** An attempt is claimed; the executor has not heard so. */
    ORCHESTRATOR_AFTER_CLAIM_COMMIT,

    /** Commands are read; nothing is claimed. */
    EXECUTOR_BEFORE_CLAIM,
    /** An attempt is claimed; its record will be delivered again. */
    EXECUTOR_AFTER_CLAIM,
    /** A call that changes something at the provider is about to be made. */
    EXECUTOR_BEFORE_PROVIDER_WRITE,
    /** The provider has changed something; nobody else knows. */
    EXECUTOR_AFTER_PROVIDER_WRITE,
    /** A result is ready and not in Kafka. */
    EXECUTOR_BEFORE_RESULT,
    /** A result is in Kafka; the lease is still held. */
    EXECUTOR_AFTER_RESULT;

    /** What a process that halts here exits with: as if killed. */
    public static final int EXIT_CODE = 137;

    /** The system property that arms one. */
    public static final String PROPERTY = "offshoot.failpoint";

    /** To be called at the place. Does nothing unless this very one is armed. */
    public void reached() {
        if (Armed.AT_ALL && Armed.halts(this)) {
            // No hook runs and nothing is flushed, as in a crash.
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }

    /** Read once: a constant to the compiler, so that places cost nothing. */
    private static final class Armed {

        static final boolean AT_ALL;

        private static final Path FILE;
        private static final Failpoint POINT;
        private static int arrivalsLeft;

        static {
            var wanted = System.getProperty(PROPERTY, "");
            AT_ALL = !wanted.isBlank();
            FILE = wanted.startsWith("@") ? Path.of(wanted.substring(1)) : null;
            if (AT_ALL && FILE == null) {
                var parts = wanted.split(":", 2);
                POINT = Failpoint.valueOf(parts[0]);
                arrivalsLeft = parts.length == 1 ? 1 : Integer.parseInt(parts[1]);
            } else {
                POINT = null;
            }
        }

        private Armed() {}

        static synchronized boolean halts(Failpoint point) {
            return FILE == null ? POINT == point && --arrivalsLeft == 0 : isNamedInFile(point);
        }

        private static boolean isNamedInFile(Failpoint point) {
            try {
                return Files.exists(FILE) && Files.readString(FILE).equals(point.name()) && Files.deleteIfExists(FILE);
            } catch (NoSuchFileException e) {
                return false;
            } catch (IOException e) {
                throw new IllegalStateException("The failpoint's file cannot be read: " + FILE, e);
            }
        }
    }
}
