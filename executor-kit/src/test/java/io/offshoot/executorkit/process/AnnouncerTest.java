package io.offshoot.executorkit.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.offshoot.contracts.claim.Announcement;
import io.offshoot.executorkit.attempt.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;

class AnnouncerTest {

    private static final Announcement ANNOUNCEMENT = new Announcement("executor", List.of());

    private final List<Announcement> told = new ArrayList<>();
    private final Steps time = new Steps();
    private boolean isAway;
    private final Announcer announcer = new Announcer(
            announcement -> {
                told.add(announcement);
                return isAway
                        ? CompletableFuture.failedFuture(new IllegalStateException("away"))
                        : CompletableFuture.completedFuture(null);
            },
            () -> ANNOUNCEMENT,
            Duration.ofSeconds(10),
            time);

    @Test
    void readyMeansThatTheOrchestratorWasToldOnce() {
        isAway = true;
        announcer.start(null);
        var before = announcer.call().getStatus();

        isAway = false;
        time.next();

        assertThat(before).isEqualTo(Status.DOWN);
        assertThat(announcer.call().getStatus()).isEqualTo(Status.UP);
        isAway = true;
        time.next();
        assertThat(announcer.call().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void itIsToldAgainAndAgainUntilTheProcessStops() {
        announcer.start(null);
        time.next();
        time.next();
        announcer.stop(null);
        time.next();

        assertThat(told).containsExactly(ANNOUNCEMENT, ANNOUNCEMENT, ANNOUNCEMENT);
        assertThat(time.pauses).containsOnly(Duration.ofSeconds(10));
    }

    private static final class Steps implements Time {

        private final Deque<Runnable> due = new ArrayDeque<>();
        private final List<Duration> pauses = new ArrayList<>();

        void next() {
            due.remove().run();
        }

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public long nanos() {
            return 0;
        }

        @Override
        public void after(Duration pause, Runnable task) {
            pauses.add(pause);
            due.add(task);
        }

        @Override
        public void pause(Duration pause) {
            throw new UnsupportedOperationException();
        }
    }
}
