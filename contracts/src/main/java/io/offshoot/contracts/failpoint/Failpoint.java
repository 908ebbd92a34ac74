package io.offshoot.contracts.failpoint;

/**
 * Places at which a process can be made to halt at once, as by <code>kill -9</code>, to show that nothing is lost or
 * done twice. Inert unless the process was started with <code>-Doffshoot.failpoint=NAME</code>, or
 * <code>NAME:n</code> to halt when the place is reached for the n-th time.
 *
 * <p>The first word of a name is the service whose place it is.
 */
public enum Failpoint {
    /** A request is with the checks passed, and not in Kafka. */
    GATEWAY_BEFORE_PUBLISH,
    /** A request is in Kafka; the caller has not heard so. */
    GATEWAY_AFTER_PUBLISH,

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
        if (Armed.POINT == this && Armed.arrives()) {
            // No hook runs and nothing is flushed, as in a crash.
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }

    /** Read once: a constant to the compiler, so that places cost nothing. */
    private static final class Armed {

        static final Failpoint POINT;
        private static int arrivalsLeft;

        static {
            var wanted = System.getProperty(PROPERTY, "");
            if (wanted.isBlank()) {
                POINT = null;
            } else {
                var parts = wanted.split(":", 2);
                POINT = Failpoint.valueOf(parts[0]);
                arrivalsLeft = parts.length == 1 ? 1 : Integer.parseInt(parts[1]);
            }
        }

        private Armed() {}

        static synchronized boolean arrives() {
            return --arrivalsLeft == 0;
        }
    }
}
