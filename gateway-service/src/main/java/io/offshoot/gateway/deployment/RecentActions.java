package io.offshoot.gateway.deployment;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.offshoot.gateway.GatewayConfig;
import io.offshoot.gateway.stream.EventFeed;
import io.offshoot.gateway.stream.LiveEvent;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * What polls of an action were answered with a moment ago, so that many who poll the same are one read. An event of the
 * action makes it forget at once, and an older state never takes the place of a newer one; what is no event, such as an
 * executor that begins, is seen when the moment is over. Bounded. Thread-safe.
 */
@Singleton
class RecentActions {

    private static final int MOST = 20_000;

    /** The hub is part of what one asks for, so nobody is answered with another hub's. */
    record Action(String hub, UUID deployment, String app, String action) {}

    /** @param answer null if it is only known that there is something newer than what was read */
    private record Kept(long seq, Snapshot answer, Instant at) {}

    private final Cache<Action, Kept> kept =
            Caffeine.newBuilder().maximumSize(MOST).build();
    private final Clock clock;
    private final Duration moment;

    @Inject
    RecentActions(EventFeed feed, Clock clock, GatewayConfig config) {
        this(clock, config.pollsKept());
        feed.follow(this::happened);
    }

    RecentActions(Clock clock, Duration moment) {
        this.clock = clock;
        this.moment = moment;
    }

    /** The answer of a moment ago; empty if it is to be read. */
    Optional<Snapshot> of(Action action) {
        return Optional.ofNullable(kept.getIfPresent(action))
                .filter(known -> known.answer() != null
                        && clock.instant().isBefore(known.at().plus(moment)))
                .map(Kept::answer);
    }

    /** Keeps what was just read. @param seq the event that it shows */
    void read(Action action, long seq, Snapshot answer) {
        var now = new Kept(seq, answer, clock.instant());
        kept.asMap().merge(action, now, (known, read) -> known.seq() > read.seq() ? known : read);
    }

    void happened(LiveEvent event) {
        atLeast(new Action(event.hub(), event.deploymentId(), event.appId(), event.stepId()), event.seq());
    }

    /** From now on nobody is answered with what is from before that event. */
    void atLeast(Action action, long seq) {
        kept.asMap()
                .computeIfPresent(action, (key, known) -> known.seq() < seq ? new Kept(seq, null, known.at()) : known);
    }
}
