package io.offshoot.gateway.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Puts events that come from two sides, in any order and more than once, into the one order: by seq, without gap and
 * without repeat. Bounded: too far ahead of a gap it forgets, and the log has what was forgotten. Not thread-safe.
 */
final class Splice<E> {

    private static final int LIMIT = 1_000;

    private final TreeMap<Long, E> ahead = new TreeMap<>();
    private long last;

    /** @param after the last seq that the reader has */
    Splice(long after) {
        last = after;
    }

    void offer(long seq, E event) {
        if (seq > last) {
            ahead.putIfAbsent(seq, event);
            if (ahead.size() > LIMIT) {
                ahead.pollLastEntry();
            }
        }
    }

    /** What follows without gap on what was drained before. */
    List<E> drain() {
        var next = new ArrayList<E>();
        while (!ahead.isEmpty() && ahead.firstKey() == last + 1) {
            next.add(ahead.pollFirstEntry().getValue());
            last++;
        }
        return next;
    }

    /** After draining: whether events are held back because one before them is missing. */
    boolean hasGap() {
        return !ahead.isEmpty();
    }

    /** The seq of the last event drained. */
    long last() {
        return last;
    }
}
