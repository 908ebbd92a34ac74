package io.offshoot.orchestrator.timer;

import io.offshoot.orchestrator.deployment.Deployments;
import io.offshoot.orchestrator.lane.HeldLanes;
import io.offshoot.orchestrator.lane.Lanes;
import io.offshoot.orchestrator.lane.Line;
import io.offshoot.orchestrator.service.Outage;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Has attempts in line take their turns: as soon as a transaction has made room in a lane, and where nothing tells, a
 * few times a second. Every replica does so; the locks see to it that a place is given once.
 */
@ApplicationScoped
public class Pump {

    /** Before anything is taken in, so that no deployment is taken for one without a lane. */
    private static final int FIRST = 1;

    private final Deployments deployments;
    private final Lanes lanes;
    private final Line line;
    private final Timing timing;
    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService pumping = Executors.newSingleThreadScheduledExecutor(work -> {
        var thread = new Thread(work, "pump");
        thread.setDaemon(true);
        return thread;
    });

    Pump(Deployments deployments, Lanes lanes, Line line, Timing timing) {
        this.deployments = deployments;
        this.lanes = lanes;
        this.line = line;
        this.timing = timing;
    }

    void start(@Observes @Priority(FIRST) StartupEvent started) {
        guarded(lanes::refresh);
        var tick = timing.tick().toMillis();
        pumping.scheduleWithFixedDelay(this::tick, tick, tick, TimeUnit.MILLISECONDS);
        var refresh = timing.lanesRead().toMillis();
        pumping.scheduleWithFixedDelay(() -> guarded(lanes::refresh), refresh, refresh, TimeUnit.MILLISECONDS);
    }

    void stop(@Observes ShutdownEvent stopping) throws InterruptedException {
        pumping.shutdown();
        pumping.awaitTermination(2, TimeUnit.SECONDS);
    }

    /** A transaction is over that may have made room. */
    void ended(@Observes(during = TransactionPhase.AFTER_SUCCESS) HeldLanes held) {
        for (String lane : held.withATurn()) {
            if (asked.add(lane)) {
                try {
                    pumping.execute(() -> {
                        asked.remove(lane);
                        guarded(() -> takeTurns(lane));
                    });
                } catch (RejectedExecutionException e) {
                    Log.debugf("Stopping: another replica sees to %s", lane);
                }
            }
        }
    }

    private void tick() {
        if (lanes.any()) {
            guarded(() -> {
                for (String lane : line.withATurn()) {
                    takeTurns(lane);
                }
            });
        }
    }

    private void takeTurns(String lane) {
        while (deployments.takeTurn(lane)) {
            if (pumping.isShutdown()) {
                return;
            }
        }
    }

    private static void guarded(Work work) {
        try {
            work.run();
        } catch (SQLException | RuntimeException e) {
            if (Outage.isOne(e)) {
                Log.debugf("The database cannot be reached: %s", e.getMessage());
            } else {
                Log.error("Turns could not be taken", e);
            }
        }
    }

    private interface Work {
        void run() throws SQLException;
    }
}
