package io.offshoot.gateway.request;

import io.offshoot.gateway.GatewayConfig;
import io.quarkus.logging.Log;
import io.quarkus.runtime.Startup;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * Brings the database up to date as soon as it is there, and then forgets old keys now and again. The gateway does not
 * wait for it: until it is done a request with a key is not confirmed.
 */
@Singleton
@Startup
class Upkeep {

    private static final int BATCH = 1_000;

    private final Flyway flyway;
    private final KeyedRequests keyed;
    private final Duration kept;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        var upkeep = new Thread(work, "upkeep");
        upkeep.setDaemon(true);
        return upkeep;
    });
    private boolean told;

    Upkeep(Flyway flyway, KeyedRequests keyed, GatewayConfig config) {
        this.flyway = flyway;
        this.keyed = keyed;
        kept = config.keysKept();
    }

    @PostConstruct
    void start() {
        thread.execute(this::migrate);
    }

    @PreDestroy
    void stop() {
        thread.shutdownNow();
    }

    private void migrate() {
        try {
            flyway.migrate();
            thread.scheduleWithFixedDelay(this::forget, 1, 60, TimeUnit.MINUTES);
        } catch (FlywayException e) {
            if (!told) {
                Log.warnf("The database cannot be used yet; requests with a key are not confirmed: %s", e.getMessage());
                told = true;
            }
            thread.schedule(this::migrate, 1, TimeUnit.SECONDS);
        }
    }

    /** A few at a time: nobody waits behind it for long. */
    void forget() {
        try {
            var forgotten = 0;
            int batch;
            do {
                batch = keyed.forget(kept, BATCH);
                forgotten += batch;
            } while (batch == BATCH);
            if (forgotten > 0) {
                Log.infof("Forgot %d old keys", forgotten);
            }
        } catch (SQLException e) {
            Log.warnf("Old keys cannot be forgotten now: %s", e.getMessage());
        }
    }
}
