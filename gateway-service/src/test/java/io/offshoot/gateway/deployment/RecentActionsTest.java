package io.offshoot.gateway.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.offshoot.gateway.stream.LiveEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RecentActionsTest {

    private static final UUID DEPLOYMENT = UUID.randomUUID();
    private static final RecentActions.Action ACTION =
            new RecentActions.Action("north", DEPLOYMENT, "docs", "repository");

    private Instant now = Instant.EPOCH;
    private final RecentActions recent = new RecentActions(
            new Clock() {

                @Override
                public ZoneOffset getZone() {
                    return ZoneOffset.UTC;
                }

                @Override
                public Clock withZone(ZoneId zone) {
                    return this;
                }

                @Override
                public Instant instant() {
                    return now;
                }
            },
            Duration.ofSeconds(1));

    @Test
    void whatWasReadAnswersForAMoment() {
        recent.read(ACTION, 3, answer("three"));

        assertThat(recent.of(ACTION)).contains(answer("three"));
        now = now.plusMillis(999);
        assertThat(recent.of(ACTION)).isPresent();
        now = now.plusMillis(1);
        assertThat(recent.of(ACTION)).isEmpty();
    }

    @Test
    void anEventMakesItForget() {
        recent.read(ACTION, 3, answer("three"));

        recent.happened(event("north", "repository", 4));

        assertThat(recent.of(ACTION)).isEmpty();
    }

    @Test
    void whatIsShownAlreadyOrHappensElsewhereForgetsNothing() {
        recent.read(ACTION, 3, answer("three"));

        recent.happened(event("north", "repository", 3));
        recent.happened(event("north", "project", 4));
        recent.happened(event("south", "repository", 4));

        assertThat(recent.of(ACTION)).isPresent();
    }

    @Test
    void aReadThatWasOvertakenIsNotKept() {
        recent.read(ACTION, 3, answer("three"));
        recent.happened(event("north", "repository", 5));
        recent.read(ACTION, 4, answer("four"));
        assertThat(recent.of(ACTION)).isEmpty();

        recent.read(ACTION, 5, answer("five"));
        recent.read(ACTION, 4, answer("four"));
        assertThat(recent.of(ACTION)).contains(answer("five"));
    }

    @Test
    void anotherHubIsNotAnswered() {
        recent.read(ACTION, 3, answer("three"));

        assertThat(recent.of(new RecentActions.Action("south", DEPLOYMENT, "docs", "repository")))
                .isEmpty();
    }

    private static final byte[] NOTHING = {};

    private static Snapshot answer(String etag) {
        return new Snapshot(NOTHING, etag, false, false);
    }

    private static LiveEvent event(String hub, String action, long seq) {
        return new LiveEvent(UUID.randomUUID(), hub, DEPLOYMENT, "docs", action, seq, "{}");
    }
}
