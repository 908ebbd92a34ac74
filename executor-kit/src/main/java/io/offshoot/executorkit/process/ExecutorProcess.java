package io.offshoot.executorkit.process;

import io.offshoot.contracts.message.Messages;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Handlers;
import io.offshoot.executorkit.attempt.Claims;
import io.offshoot.executorkit.attempt.Delivery;
import io.offshoot.executorkit.attempt.Intake;
import io.offshoot.executorkit.attempt.Reports;
import io.offshoot.executorkit.attempt.Settings;
import io.offshoot.executorkit.attempt.Time;
import io.offshoot.executorkit.intent.Intents;
import io.offshoot.executorkit.lane.Connections;
import io.offshoot.executorkit.secret.Keyset;
import io.offshoot.executorkit.secret.Vault;
import io.quarkus.logging.Log;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import jakarta.validation.Validator;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The running executor: the intake with its pool, from start to stop. */
@Singleton
public class ExecutorProcess {

    /** When the process is told to stop: nothing more is claimed. */
    public static final int STOP = 100;

    /** After that, and after the group is left: what runs comes to its end. */
    private static final int END = 300;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration STOP_CHECK = Duration.ofMillis(20);

    private final ExecutorConfig config;
    private final Handlers handlers;
    private final Time time;
    private final ExecutorService pool;
    private final Intake intake;

    ExecutorProcess(
            ExecutorConfig config,
            @Any Instance<ActionHandler<?, ?>> handlers,
            Validator validator,
            Claims claims,
            Reports reports,
            Time time,
            Connections connections,
            Keyset keyset,
            Vault vault,
            Intents intents) {
        this.config = config;
        this.time = time;
        this.handlers = new Handlers(config.provider(), handlers);
        this.pool = Executors.newFixedThreadPool(config.concurrency(), task -> {
            var thread = new Thread(task, "attempt");
            thread.setDaemon(true);
            return thread;
        });
        var settings = new Settings(
                config.processName(),
                config.concurrency(),
                config.callTimeout(),
                config.settle(),
                config.heartbeat(),
                FIRST_PAUSE,
                LONGEST_PAUSE);
        this.intake = new Intake(
                settings,
                this.handlers,
                validator,
                claims,
                reports,
                connections,
                keyset,
                vault,
                intents,
                pool,
                time,
                Messages::newId);
    }

    /** See {@link Intake#take}. */
    public CompletionStage<Void> take(List<Delivery> batch) {
        return intake.take(batch);
    }

    /** Built here at the latest, so that a wrong set of handlers ends the start. */
    void start(@Observes StartupEvent event) {
        Log.infof("Ready for %s", handlers);
    }

    /** From now on nothing is claimed, and what runs is handed back as soon as it can be. */
    void stop(@Observes @Priority(STOP) ShutdownEvent event) {
        intake.stop();
    }

    /** Waits until all is reported or handed back; the lease of what takes longer lapses. */
    void end(@Observes @Priority(END) ShutdownEvent event) {
        var deadline = time.nanos() + config.grace().toNanos();
        while (intake.running() > 0 && time.nanos() - deadline < 0) {
            time.pause(STOP_CHECK);
        }
        if (intake.running() > 0) {
            Log.warnf("Stopping with %d attempts unfinished; their leases will lapse", intake.running());
        }
        pool.shutdownNow();
    }
}
