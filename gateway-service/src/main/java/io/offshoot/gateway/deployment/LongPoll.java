package io.offshoot.gateway.deployment;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.GatewayConfig;
import io.offshoot.gateway.stream.EventFeed;
import io.offshoot.gateway.stream.Inbox;
import io.offshoot.gateway.stream.LiveEvent;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Holds a poll until there is something new to say. New is what differs from what the caller has (<code>If-None-Match
 * </code>), or, if the caller does not say what it has, from what was true when it asked. Without such a tag a poll of
 * something settled is not held. A gateway that stops answers at once.
 */
@Singleton
class LongPoll {

    /** The orchestrator's word on a request need not be an event: it is asked for. */
    private static final Duration UNDECIDED_PAUSE = Duration.ofMillis(300);

    private final EventFeed feed;
    private final Clock clock;
    private final Duration limit;

    LongPoll(EventFeed feed, Clock clock, GatewayConfig config) {
        this.feed = feed;
        this.clock = clock;
        limit = config.maxWait();
    }

    /**
     * @param seconds how long the caller would wait; null for not at all, and at most as long as configured
     * @param ifNoneMatch the header; null if there is none
     */
    Uni<Response> answer(
            String seconds,
            String ifNoneMatch,
            String hub,
            UUID deployment,
            Predicate<LiveEvent> interesting,
            Supplier<Uni<Snapshot>> read) {
        var wait = wait(seconds);
        if (wait.isZero()) {
            return read.get().map(snapshot -> snapshot.answer(ifNoneMatch));
        }
        var deadline = clock.instant().plus(wait);
        // Listens first: what happens while the orchestrator is read is not missed.
        var inbox = feed.listen(hub, deployment, interesting);
        return read.get()
                .flatMap(first -> ifNoneMatch == null && first.settled()
                        ? answered(first)
                        : changed(first, ifNoneMatch == null ? first.etag() : ifNoneMatch, inbox, deadline, read))
                .map(snapshot -> snapshot.answer(ifNoneMatch))
                .onTermination()
                .invoke(inbox::close);
    }

    private Uni<Snapshot> changed(
            Snapshot now, String known, Inbox inbox, Instant deadline, Supplier<Uni<Snapshot>> read) {
        var left = Duration.between(clock.instant(), deadline);
        if (!now.isKnownTo(known) || left.isNegative() || left.isZero() || feed.isOver()) {
            return answered(now);
        }
        var patience = now.undecided() && left.compareTo(UNDECIDED_PAUSE) > 0 ? UNDECIDED_PAUSE : left;
        return inbox.news(patience).chain(read::get).flatMap(next -> changed(next, known, inbox, deadline, read));
    }

    private static Uni<Snapshot> answered(Snapshot snapshot) {
        return Uni.createFrom().item(snapshot);
    }

    private Duration wait(String seconds) {
        if (seconds == null) {
            return Duration.ZERO;
        }
        if (!seconds.matches("[0-9]{1,5}")) {
            throw new ProblemException(ProblemType.INVALID_REQUEST, "The parameter wait must be a number of seconds.");
        }
        var asked = Duration.ofSeconds(Long.parseLong(seconds));
        return asked.compareTo(limit) > 0 ? limit : asked;
    }
}
