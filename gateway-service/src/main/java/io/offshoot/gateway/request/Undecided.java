package io.offshoot.gateway.request;

import io.offshoot.contracts.query.RequestView;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * The triggers this gateway accepted and has not yet heard the orchestrator's word of, so that a plain poll after a
 * trigger is never answered with the state from before it. Bounded; whoever must be sure names the request.
 */
@Singleton
public class Undecided {

    private static final int LIMIT = 10_000;
    private static final Duration KEPT = Duration.ofMinutes(10);

    private record Step(UUID deployment, String app, String action) {}

    private record Request(UUID id, Instant accepted) {}

    private final Bounded<Step, Request> latest = new Bounded<>(LIMIT);
    private final Clock clock;

    Undecided(Clock clock) {
        this.clock = clock;
    }

    synchronized void accepted(UUID deployment, String app, String action, UUID request) {
        latest.put(new Step(deployment, app, action), new Request(request, clock.instant()));
    }

    /** The request that a plain poll of this action must name; null if there is none. */
    public synchronized UUID of(UUID deployment, String app, String action) {
        var step = new Step(deployment, app, action);
        var request = latest.get(step);
        if (request != null && request.accepted().plus(KEPT).isBefore(clock.instant())) {
            latest.remove(step);
            return null;
        }
        return request == null ? null : request.id();
    }

    /** The client itself was told what became of the request: nobody else has to hear of it. */
    public synchronized void told(UUID deployment, String app, String action, UUID request) {
        var step = new Step(deployment, app, action);
        var kept = latest.get(step);
        if (kept != null && kept.id().equals(request)) {
            latest.remove(step);
        }
    }

    /** Takes in the orchestrator's word. A refusal is kept: a client that only polls hears of it no other way. */
    public synchronized void heard(UUID deployment, String app, String action, RequestView word) {
        if (word == null) {
            return;
        }
        switch (word.outcome()) {
            case STARTED, JOINED, ALREADY_DONE -> told(deployment, app, action, word.id());
            case ACCEPTED, REFUSED -> {
                // Still to be asked for.
            }
        }
    }
}
