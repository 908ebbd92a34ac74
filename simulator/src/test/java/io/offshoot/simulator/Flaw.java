package io.offshoot.simulator;

/** Rules broken on purpose, to prove that breaking them is noticed. */
enum Flaw {
    NO_PROBE,
    NO_LEASE_CHECK,
    CALLS_OUTLIVE_LEASES,
    NO_SECOND_LIST,
    OLD_RESULTS_COUNT,
    OLD_REQUESTS_COUNT,
    OUTBOX_IS_NOT_SWEPT,
    CLAIM_IS_NOT_EXCLUSIVE,
    LEASES_DO_NOT_LAPSE,
    ONLY_WHAT_WAS_CREATED_IS_TAKEN_BACK,
    LANES_ARE_NOT_KEPT,
    TURNS_ARE_NOT_TAKEN
}
