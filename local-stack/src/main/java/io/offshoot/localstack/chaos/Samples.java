package io.offshoot.localstack.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Durations that were measured. Thread-safe. */
final class Samples {

    private final List<Long> millis = new ArrayList<>();

    synchronized void add(Duration measured) {
        millis.add(measured.toMillis());
    }

    synchronized int count() {
        return millis.size();
    }

    /** The smallest value that so many of a hundred do not exceed; null if nothing was measured. */
    synchronized Long percentile(int percent) {
        if (millis.isEmpty()) {
            return null;
        }
        var sorted = millis.stream().sorted().toList();
        var rank = (int) Math.ceil(sorted.size() * percent / 100.0);
        return sorted.get(Math.max(0, rank - 1));
    }
}
