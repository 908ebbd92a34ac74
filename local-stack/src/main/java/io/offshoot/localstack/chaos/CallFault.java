package io.offshoot.localstack.chaos;

import java.util.SplittableRandom;

/** What happens to one call on its way to the provider. */
enum CallFault {
    NONE,
    /** The call arrives a little later. */
    LATENCY,
    /** The call takes effect; its answer is held until the caller has long given up. */
    STALL,
    /** The connection is reset and the provider never hears of the call. */
    RESET_BEFORE,
    /** The call takes effect; in place of the answer the connection is reset. */
    DROP_ANSWER,
    /** The call takes effect; half of the answer comes. */
    CUT_BODY;

    /** How many of a thousand calls go wrong in each way, in the order above; all others are NONE. */
    private static final int[] IN_A_THOUSAND = {0, 30, 4, 8, 12, 8};

    /** What the seed has in store for the call of that number. Every run with the seed has the same. */
    static CallFault of(long seed, long call) {
        var drawn = new SplittableRandom(seed * 31 + call).nextInt(1_000);
        for (var fault : values()) {
            drawn -= IN_A_THOUSAND[fault.ordinal()];
            if (drawn < 0) {
                return fault;
            }
        }
        return NONE;
    }
}
