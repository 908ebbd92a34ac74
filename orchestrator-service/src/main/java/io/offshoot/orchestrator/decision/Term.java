package io.offshoot.orchestrator.decision;

import java.time.Instant;
import java.util.Objects;

/**
 * Until when a step must be over.
 *
 * @param run when its run ends; nothing is later
 * @param person when a person must have done what was asked; set once in a generation, null before
 * @param end which of all counts now
 */
public record Term(Instant run, Instant person, Instant end) {

    public Term {
        Objects.requireNonNull(run, "run");
        Objects.requireNonNull(end, "end");
    }

    static Term ofRun(Instant run) {
        return new Term(run, null, run);
    }

    /** Executors and the provider are at it. */
    Term working(Instant until) {
        return new Term(run, person, earlier(run, until));
    }

    /** A person is. Asking again grants no more time. */
    Term awaitingPerson(Instant until) {
        var limit = person == null ? earlier(run, until) : person;
        return new Term(run, limit, limit);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}
