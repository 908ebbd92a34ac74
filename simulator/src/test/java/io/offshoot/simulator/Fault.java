package io.offshoot.simulator;

/** What may go wrong, each with its own likelihood in each history. */
enum Fault {
    ORCHESTRATOR_CRASHES(0.04),
    EXECUTOR_CRASHES(0.06),
    ORCHESTRATOR_PAUSES(0.02),
    EXECUTOR_PAUSES(0.06),
    CALL_IS_LOST(0.10),
    HEARTBEAT_IS_LOST(0.6),
    SEND_IS_LOST(0.10),
    SEND_IS_NOT_ACKNOWLEDGED(0.10),
    RECORDS_COME_AGAIN(0.10),
    REQUEST_IS_SENT_AGAIN(0.5),
    PROVIDER_FAILS(0.15),
    PROVIDER_IS_DONE_BUT_DOES_NOT_ANSWER(0.15),
    PROVIDER_DOES_NOT_ANSWER(0.10),
    PROVIDER_IS_SLOW(0.15),
    PROVIDER_THROTTLES(0.10),
    BUILD_FAILS(0.3);

    private final double most;

    Fault(double most) {
        this.most = most;
    }

    /** The greatest likelihood any history gives it, at each opportunity. */
    double most() {
        return most;
    }
}
