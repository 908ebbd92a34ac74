package io.offshoot.gateway.request;

import io.offshoot.gateway.GatewayConfig;
import io.offshoot.gateway.database.SchemaReady;
import io.quarkus.logging.Log;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Forgets old keys now and again, as soon as there is a database. */
@Singleton
class Upkeep {

    private static final int BATCH = 1_000;

    private final KeyedRequests keyed;
    private final Duration kept;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        var upkeep = new Thread(work, "upkeep");
        upkeep.setDaemon(true);
        return upkeep;
    });

    Upkeep(KeyedRequests keyed, GatewayConfig config) {
        this.keyed = keyed;
        kept = config.keysKept();
    }

    void begin(@Observes SchemaReady ready) {
        thread.scheduleWithFixedDelay(this::forget, 1, 60, TimeUnit.MINUTES);
    }

    @PreDestroy
    void stop() {
        thread.shutdownNow();
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
