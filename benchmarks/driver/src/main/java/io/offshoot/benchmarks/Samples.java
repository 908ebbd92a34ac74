package io.offshoot.benchmarks;

import java.util.Arrays;

/** Durations in nanoseconds, and what they say. Thread-safe while they are taken. */
final class Samples {

    private long[] taken = new long[1024];
    private int count;

    synchronized void add(long nanos) {
        if (count == taken.length) {
            taken = Arrays.copyOf(taken, 2 * count);
        }
        taken[count++] = nanos;
    }

    synchronized int count() {
        return count;
    }

    /** In milliseconds: so many per cent took no longer. @throws IllegalStateException if there is none */
    synchronized double percentile(double percent) {
        if (count == 0) {
            throw new IllegalStateException("Nothing was measured");
        }
        var sorted = Arrays.copyOf(taken, count);
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(count * percent / 100) - 1)] / 1e6;
    }
}
