package io.offshoot.executorkit.process;

import io.offshoot.contracts.claim.ConnectionReport;
import io.offshoot.contracts.claim.Verdict;
import io.offshoot.executorkit.attempt.Time;
import io.offshoot.executorkit.connection.EnteredConnections;
import io.offshoot.executorkit.lane.Connections;
import io.offshoot.executorkit.lane.LaneConfig;
import io.offshoot.executorkit.orchestrator.ConnectionReports;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * Asks the orchestrator every second what hubs have entered, has it looked at, and says what came of it. Whatever gets
 * lost on the way is said again, or found out again by another replica.
 */
@Singleton
class ConnectionWatch {

    private static final int LOOKS_AT_ONCE = 4;

    private final ConnectionReports orchestrator;
    private final EnteredConnections<?> entered;
    private final String executor;
    private final Duration every;
    private final Duration whereUnknown;
    private final Time time;
    private final Queue<Verdict> unsaid = new ConcurrentLinkedQueue<>();
    private final ExecutorService looks = Executors.newFixedThreadPool(LOOKS_AT_ONCE, task -> {
        var thread = new Thread(task, "connection-check");
        thread.setDaemon(true);
        return thread;
    });
    private Long after;
    private volatile boolean stopped;

    @Inject
    ConnectionWatch(
            ConnectionReports orchestrator,
            Connections connections,
            ExecutorConfig executor,
            LaneConfig lanes,
            Time time) {
        this(
                orchestrator,
                connections.entered().orElse(null),
                executor.processName(),
                lanes.lookEvery(),
                lanes.announceEvery(),
                time);
    }

    /** @param entered null if hubs can enter nothing at this provider */
    ConnectionWatch(
            ConnectionReports orchestrator,
            EnteredConnections<?> entered,
            String executor,
            Duration every,
            Duration whereUnknown,
            Time time) {
        this.orchestrator = orchestrator;
        this.entered = entered;
        this.executor = executor;
        this.every = every;
        this.whereUnknown = whereUnknown;
        this.time = time;
    }

    void start(@Observes StartupEvent event) {
        if (entered != null) {
            ask();
        }
    }

    void stop(@Observes ShutdownEvent event) {
        stopped = true;
    }

    /** Whether it has something to say. */
    boolean hasNews() {
        return !unsaid.isEmpty();
    }

    @PreDestroy
    void close() {
        looks.shutdownNow();
    }

    /** One call at a time: each begins when the one before is over. */
    private void ask() {
        if (stopped) {
            return;
        }
        var said = List.copyOf(unsaid);
        orchestrator.report(new ConnectionReport(executor, after, said)).whenComplete((news, failure) -> {
            var pause = every;
            if (failure != null) {
                Log.debugf("The orchestrator could not be asked for connections: %s", failure.getMessage());
            } else if (news == null) {
                pause = whereUnknown;
            } else {
                unsaid.removeAll(said);
                entered.learn(news.connections());
                after = news.upTo();
            }
            entered.due().forEach(this::begin);
            time.after(pause, this::ask);
        });
    }

    private void begin(Supplier<Verdict> look) {
        try {
            looks.execute(() -> {
                try {
                    var verdict = look.get();
                    Log.infof(
                            "The connection %s of %s, version %d: %s%s",
                            verdict.name(),
                            verdict.hub(),
                            verdict.version(),
                            verdict.state(),
                            verdict.code() == null ? "" : ", " + verdict.code());
                    unsaid.add(verdict);
                } catch (RuntimeException e) {
                    // Its message may hold what must not be shown.
                    Log.errorf(
                            "A connection could not be looked at: %s",
                            e.getClass().getName());
                }
            });
        } catch (RejectedExecutionException e) {
            Log.debug("The process stops");
        }
    }
}
