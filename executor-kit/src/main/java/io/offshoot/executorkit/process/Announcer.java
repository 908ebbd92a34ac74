package io.offshoot.executorkit.process;

import io.offshoot.contracts.claim.Announcement;
import io.offshoot.executorkit.attempt.Time;
import io.offshoot.executorkit.lane.Connections;
import io.offshoot.executorkit.lane.LaneConfig;
import io.offshoot.executorkit.orchestrator.Announcements;
import io.offshoot.executorkit.secret.Keyset;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.function.Supplier;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Tells the orchestrator what connections there are, and with what secrets are sealed for them, again and again. Ready means that it was told once: deployments
 * that name them are taken, and their lanes are known, from then on.
 */
@Readiness
@Singleton
class Announcer implements HealthCheck {

    private static final Duration UNTIL_FIRST = Duration.ofSeconds(1);

    private final Announcements announcements;
    private final Supplier<Announcement> announcement;
    private final Duration every;
    private final Time time;
    private volatile boolean taken;
    private volatile boolean stopped;

    @Inject
    Announcer(
            Announcements announcements,
            Connections connections,
            ExecutorConfig executor,
            LaneConfig lanes,
            Keyset keyset,
            Time time) {
        this(
                announcements,
                // The keyset may change while the process runs.
                () -> new Announcement(
                        executor.processName(),
                        connections.announced(),
                        keyset.published().orElse(null)),
                lanes.announceEvery(),
                time);
    }

    Announcer(Announcements announcements, Supplier<Announcement> announcement, Duration every, Time time) {
        this.announcements = announcements;
        this.announcement = announcement;
        this.every = every;
        this.time = time;
    }

    void start(@Observes StartupEvent event) {
        announce();
    }

    void stop(@Observes ShutdownEvent event) {
        stopped = true;
    }

    private void announce() {
        if (stopped) {
            return;
        }
        announcements.announce(announcement.get()).whenComplete((nothing, failure) -> {
            if (failure == null) {
                taken = true;
            } else {
                Log.debugf("The orchestrator could not be told what connections there are: %s", failure.getMessage());
            }
            time.after(taken ? every : UNTIL_FIRST, this::announce);
        });
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("connections announced").status(taken).build();
    }
}
