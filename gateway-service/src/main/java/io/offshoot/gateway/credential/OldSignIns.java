package io.offshoot.gateway.credential;

import io.offshoot.gateway.database.Database;
import io.offshoot.gateway.database.SchemaReady;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Forgets sign-ins a month after they ended. API keys are never forgotten: owners see what they gave out. */
@Singleton
class OldSignIns {

    private static final Duration KEPT = Duration.ofDays(30);
    private static final Duration EVERY = Duration.ofHours(1);
    private static final int BATCH = 10_000;

    private final Database database;
    private final Tokens tokens;
    private Cancellable work = () -> {};

    OldSignIns(Database database, Tokens tokens) {
        this.database = database;
        this.tokens = tokens;
    }

    void begin(@Observes SchemaReady ready) {
        work = Multi.createFrom()
                .ticks()
                .every(EVERY)
                .onOverflow()
                .drop()
                .onItem()
                .transformToUniAndConcatenate(tick -> forget())
                .subscribe()
                .with(done -> {});
    }

    @PreDestroy
    void end() {
        work.cancel();
    }

    private Uni<Integer> forget() {
        return database.ask(connection -> tokens.forgetSignIns(connection, KEPT, BATCH))
                .onFailure()
                .recoverWithItem(failure -> {
                    Log.debug("Old sign-ins cannot be forgotten now", failure);
                    return 0;
                });
    }
}
