package io.offshoot.orchestrator.timer;

import io.offshoot.orchestrator.deployment.Deployments;
import io.offshoot.orchestrator.service.Outage;
import io.offshoot.orchestrator.survey.Drift;
import io.offshoot.orchestrator.survey.Surveys;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * Looks for rows whose time has come, by the database's clock, and has them acted on. Every replica does so; a
 * deployment one of them works on is passed over by the others.
 */
@ApplicationScoped
public class Timers {

    private static final int BATCH = 200;

    private static final String DUE = """
            select deployment_id from (
                select deployment_id, due_at as due from step where due_at <= clock_timestamp()
                union all
                select deployment_id, deadline from step where deadline <= clock_timestamp()
                  and state not in ('IDLE', 'SUCCEEDED', 'FAILED', 'SKIPPED', 'CANCELLED')
                union all
                select deployment_id, resend_at from attempt where phase = 'OPEN' and resend_at <= clock_timestamp()
            ) as waiting order by due limit ?""";

    private static final String LAPSED = """
            select deployment_id from attempt where phase = 'CLAIMED' and lease_until < clock_timestamp()
            order by lease_until limit ?""";

    private static final String SURVEYS = """
            select survey_id from look where phase = 'OPEN' and resend_at <= clock_timestamp()
            union select survey_id from look where phase = 'CLAIMED' and lease_until < clock_timestamp()
            union select id from survey where done_at is null and until <= clock_timestamp()
            limit ?""";

    private final DataSource database;
    private final Deployments deployments;
    private final Surveys surveys;
    private final Drift drift;
    private final Timing timing;
    private final ScheduledExecutorService ticking = Executors.newSingleThreadScheduledExecutor(work -> {
        var thread = new Thread(work, "timers");
        thread.setDaemon(true);
        return thread;
    });

    /** Since when, without a break, heartbeats could be served; of {@link System#nanoTime()}. */
    private long servingSince;

    private long lastTick;

    Timers(DataSource database, Deployments deployments, Surveys surveys, Drift drift, Timing timing) {
        this.database = database;
        this.deployments = deployments;
        this.surveys = surveys;
        this.drift = drift;
        this.timing = timing;
    }

    void start(@Observes StartupEvent started) {
        servingSince = System.nanoTime();
        lastTick = servingSince;
        var tick = timing.tick().toMillis();
        ticking.scheduleWithFixedDelay(this::tick, tick, tick, TimeUnit.MILLISECONDS);
        drift.pace()
                .map(Duration::toMillis)
                .ifPresent(pace -> ticking.scheduleWithFixedDelay(drift::observe, pace, pace, TimeUnit.MILLISECONDS));
    }

    void stop(@Observes ShutdownEvent stopping) throws InterruptedException {
        ticking.shutdown();
        ticking.awaitTermination(2, TimeUnit.SECONDS);
    }

    private void tick() {
        try {
            noticeAPause();
            var leasesToo = System.nanoTime() - servingSince > timing.lease().toNanos();
            for (UUID deployment : due(leasesToo)) {
                act(deployment, () -> deployments.takeTimers(deployment, leasesToo));
            }
            for (UUID survey : surveysDue()) {
                act(survey, () -> surveys.takeTimers(survey, leasesToo));
            }
        } catch (SQLException | RuntimeException e) {
            if (Outage.isOne(e)) {
                // Nobody could keep a lease alive meanwhile: give every executor one lease to be heard again.
                servingSince = System.nanoTime();
                Log.debugf("The database cannot be reached: %s", e.getMessage());
            } else {
                Log.error("Due rows could not be looked for", e);
            }
        }
    }

    /** If this process stood still, the heartbeats that came meanwhile have not been read yet. */
    private void noticeAPause() {
        var now = System.nanoTime();
        if (now - lastTick > timing.tick().plus(timing.lease().dividedBy(3)).toNanos()) {
            servingSince = now;
        }
        lastTick = now;
    }

    /** One deployment or survey that cannot be acted on does not hold up the others. */
    private static void act(UUID deployment, Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            if (Outage.isOne(e)) {
                throw e;
            }
            Log.errorf(e, "The timers of %s could not be acted on", deployment);
        }
    }

    private Set<UUID> due(boolean leasesToo) throws SQLException {
        var due = new LinkedHashSet<UUID>();
        try (var connection = database.getConnection()) {
            find(connection, DUE, due);
            if (leasesToo) {
                find(connection, LAPSED, due);
            }
        }
        return due;
    }

    private Set<UUID> surveysDue() throws SQLException {
        var due = new LinkedHashSet<UUID>();
        try (var connection = database.getConnection()) {
            find(connection, SURVEYS, due);
        }
        return due;
    }

    private static void find(Connection connection, String query, Set<UUID> due) throws SQLException {
        try (var statement = connection.prepareStatement(query)) {
            statement.setInt(1, BATCH);
            var rows = statement.executeQuery();
            while (rows.next()) {
                due.add(rows.getObject(1, UUID.class));
            }
        }
    }
}
