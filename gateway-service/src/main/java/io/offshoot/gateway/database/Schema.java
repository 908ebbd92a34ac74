package io.offshoot.gateway.database;

import io.quarkus.logging.Log;
import io.quarkus.runtime.Startup;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Event;
import jakarta.inject.Singleton;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * Brings the database up to date as soon as it is there. The gateway does not wait for it: until it is done, what needs
 * the database is not confirmed.
 */
@Singleton
@Startup
class Schema {

    private final Flyway flyway;
    private final Event<SchemaReady> ready;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        var schema = new Thread(work, "schema");
        schema.setDaemon(true);
        return schema;
    });
    private boolean told;

    Schema(Flyway flyway, Event<SchemaReady> ready) {
        this.flyway = flyway;
        this.ready = ready;
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
        } catch (FlywayException e) {
            if (!told) {
                Log.warnf("The database cannot be used yet; what needs it is not confirmed: %s", e.getMessage());
                told = true;
            }
            thread.schedule(this::migrate, 1, TimeUnit.SECONDS);
            return;
        }
        ready.fire(new SchemaReady());
    }
}
