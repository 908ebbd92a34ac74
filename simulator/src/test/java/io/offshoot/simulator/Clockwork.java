package io.offshoot.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/** Virtual time: what is due happens one after the other, and nothing happens in between. */
final class Clockwork {

    /** More happenings than any history needs: something goes round in circles. */
    private static final int MOST = 200_000;

    private static final Instant BEGINNING = Instant.parse("2026-01-01T00:00:00Z");

    private record Due(long at, long order, Runnable task) {}

    private final PriorityQueue<Due> due =
            new PriorityQueue<>(256, Comparator.comparingLong(Due::at).thenComparingLong(Due::order));
    private long now = 1_000_000;
    private long order;
    private int happened;
    private Error broken;

    long nanos() {
        return now;
    }

    Instant instant() {
        return instant(now);
    }

    static Instant instant(long nanos) {
        return BEGINNING.plusNanos(nanos);
    }

    static long nanos(Instant instant) {
        return Duration.between(BEGINNING, instant).toNanos();
    }

    int happened() {
        return happened;
    }

    void after(long nanos, Runnable task) {
        at(now + nanos, task);
    }

    void at(long when, Runnable task) {
        due.add(new Due(Math.max(when, now), order++, task));
    }

    /** Lets everything happen that is due by then. May be called from within a task: others then happen in its midst. */
    void passUntil(long then) {
        while (!due.isEmpty() && due.peek().at() <= then) {
            next();
        }
        now = Math.max(now, then);
    }

    /** Lets time pass until nothing is due any more. */
    void passUntilRest() {
        while (!due.isEmpty()) {
            next();
        }
    }

    /**
     * Ends the history: whoever lets time pass learns of it. Thrown alone it could be lost, in a future of the code
     * that is tried.
     */
    <T extends Error> T broken(T why) {
        if (broken == null) {
            broken = why;
        }
        return why;
    }

    private void next() {
        if (broken != null) {
            throw broken;
        }
        if (++happened > MOST) {
            throw broken(new Violation(Promise.EVERYTHING_ENDS, "it never comes to rest"));
        }
        var next = due.poll();
        now = Math.max(now, next.at());
        try {
            next.task().run();
        } catch (RuntimeException e) {
            throw broken(new AssertionError("The simulation is at fault", e));
        } catch (Error e) {
            throw broken(e);
        }
        if (broken != null) {
            throw broken;
        }
    }
}
