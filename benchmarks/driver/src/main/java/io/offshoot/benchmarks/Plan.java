package io.offshoot.benchmarks;

/**
 * How much is measured. The figures that are compared are those of {@link #FULL}.
 *
 * @param warmUp runs before anything is measured, a quarter of them one at a time
 * @param single runs whose latency is measured, one at a time
 * @param burst runs that are started at once
 * @param closed runs that are done with {@link #clients} in flight
 * @param clients connections of the load
 * @param seconds how long there are polls
 * @param streams clients that follow a deployment each
 */
record Plan(int warmUp, int single, int burst, int closed, int clients, int seconds, int streams) {

    static final Plan FULL = new Plan(8_000, 200, 2_000, 4_000, 64, 10, 1_000);

    /** The same with so many runs in the burst, and the rest in proportion. */
    static Plan of(int runs) {
        if (runs == FULL.burst) {
            return FULL;
        }
        return new Plan(
                4 * runs,
                Math.max(10, runs / 10),
                runs,
                2 * runs,
                FULL.clients,
                Math.max(1, Math.min(FULL.seconds, runs / 100)),
                Math.max(10, Math.min(FULL.streams, runs / 2)));
    }
}
