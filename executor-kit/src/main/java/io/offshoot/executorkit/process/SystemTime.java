package io.offshoot.executorkit.process;

import io.offshoot.executorkit.attempt.Time;
import io.quarkus.logging.Log;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The machine's clocks, and one thread for timers. */
@Singleton
class SystemTime implements Time {

    private final Clock clock = Clock.systemUTC();
    private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "executor-timer");
        thread.setDaemon(true);
        return thread;
    });

    @Override
    public Instant now() {
        return clock.instant();
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public void after(Duration pause, Runnable task) {
        timers.schedule(() -> logged(task), pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void pause(Duration pause) {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Told to stop while waiting", e);
        }
    }

    @PreDestroy
    void close() {
        timers.shutdownNow();
    }

    /** A scheduler keeps what a task throws to itself. */
    private static void logged(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            Log.error("A timer's task failed", e);
        }
    }
}
