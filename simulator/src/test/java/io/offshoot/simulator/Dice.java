package io.offshoot.simulator;

import java.util.SplittableRandom;

/** All chance of one history, from its seed. Which faults there are, and how often, differs from history to history. */
final class Dice {

    private static final Fault[] FAULTS = Fault.values();

    private final SplittableRandom random;
    private final double[] likelihood = new double[FAULTS.length];
    private final int[] struck = new int[FAULTS.length];
    private boolean calm;

    Dice(long seed) {
        random = new SplittableRandom(seed);
        for (Fault fault : FAULTS) {
            // A third of the faults is absent from a history, so that each is also seen without the others.
            var share = random.nextDouble() * 1.5 - 0.5;
            likelihood[fault.ordinal()] = share <= 0 ? 0 : share * fault.most();
        }
    }

    /** From now on nothing goes wrong. */
    void calm() {
        calm = true;
    }

    /** From now on things go wrong again, as often as before. */
    void uproar() {
        calm = false;
    }

    boolean strikes(Fault fault) {
        if (calm || likelihood[fault.ordinal()] == 0 || random.nextDouble() >= likelihood[fault.ordinal()]) {
            return false;
        }
        struck[fault.ordinal()]++;
        return true;
    }

    int struck(Fault fault) {
        return struck[fault.ordinal()];
    }

    boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    int upTo(int bound) {
        return random.nextInt(bound);
    }

    /** A duration in nanoseconds. */
    long millis(int from, int to) {
        return (from * 1000L + random.nextInt((to - from) * 1000)) * 1000L;
    }
}
