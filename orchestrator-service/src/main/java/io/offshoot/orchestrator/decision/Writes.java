package io.offshoot.orchestrator.decision;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Some writes that count in a window, told apart no finer than a twelfth of it. Such a part is forgotten when the last
 * write in it is out of the window, so that more is counted than was made, never less.
 *
 * @param lengthMs the window's
 * @param at the end of the part
 */
public record Writes(long lengthMs, Instant at, int count) {

    private static final int PARTS = 12;

    /** What counts now, with some more writes. @param lengths of the windows, in milliseconds */
    public static List<Writes> add(List<Writes> before, Collection<Long> lengths, int more, Instant now) {
        var after = new ArrayList<Writes>();
        for (long length : lengths) {
            var part = Math.max(1, length / PARTS);
            var end = Instant.ofEpochMilli((now.toEpochMilli() / part + 1) * part);
            var added = more;
            for (Writes writes : before) {
                if (writes.lengthMs != length || !writes.counts(now)) {
                    continue;
                }
                if (writes.at.equals(end)) {
                    added += writes.count;
                } else {
                    after.add(writes);
                }
            }
            if (added > 0) {
                after.add(new Writes(length, end, added));
            }
        }
        return List.copyOf(after);
    }

    public boolean counts(Instant now) {
        return now.isBefore(at.plusMillis(lengthMs));
    }

    /** How long ago the last of them can have been. */
    public Duration ago(Instant now) {
        return now.isAfter(at) ? Duration.between(at, now) : Duration.ZERO;
    }
}
