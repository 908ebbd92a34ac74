package io.offshoot.gateway.hook;

import io.offshoot.gateway.database.Database;
import io.offshoot.gateway.database.SchemaReady;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Which of the providers' webhooks have arrived before. */
@Singleton
class SeenHooks {

    private final Database database;
    private final HooksConfig config;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        var forgetting = new Thread(work, "seen-hooks");
        forgetting.setDaemon(true);
        return forgetting;
    });

    SeenHooks(Database database, HooksConfig config) {
        this.database = database;
        this.config = config;
    }

    void begin(@Observes SchemaReady ready) {
        thread.scheduleWithFixedDelay(
                () -> forget().subscribe().with(count -> Log.debugf("Forgot %d hooks", count), failure -> {}),
                1,
                60,
                TimeUnit.MINUTES);
    }

    @PreDestroy
    void close() {
        thread.shutdownNow();
    }

    /** Of several that arrive at once one is the first. */
    Uni<Boolean> isFirst(String provider, String id) {
        return database.ask(connection -> {
            try (var insert = connection.prepareStatement(
                    "insert into provider_hook (provider, id) values (?, ?) on conflict do nothing")) {
                insert.setString(1, provider);
                insert.setString(2, id);
                return insert.executeUpdate() == 1;
            }
        });
    }

    /** So that it is taken when it is sent again. */
    Uni<Void> forget(String provider, String id) {
        return database.ask(connection -> {
            try (var delete = connection.prepareStatement("delete from provider_hook where provider = ? and id = ?")) {
                delete.setString(1, provider);
                delete.setString(2, id);
                delete.executeUpdate();
                return null;
            }
        });
    }

    Uni<Integer> forget() {
        return database.ask(connection -> {
            try (var delete = connection.prepareStatement(
                    "delete from provider_hook where seen_at < now() - make_interval(secs => ?)")) {
                delete.setDouble(1, config.seenKept().toSeconds());
                return delete.executeUpdate();
            }
        });
    }
}
