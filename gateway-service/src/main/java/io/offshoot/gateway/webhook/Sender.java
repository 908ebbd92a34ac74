package io.offshoot.gateway.webhook;

import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.gateway.database.SchemaReady;
import io.quarkus.logging.Log;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/**
 * Sends what is due. Every gateway does; a delivery is one gateway's at a time. A gateway that dies while it sends
 * leaves a lease that lapses, and the receiver gets the delivery once more, under the same id.
 */
@Singleton
class Sender {

    private static final int FORGOTTEN_AT_ONCE = 1_000;

    private final DataSource database;
    private final Deliveries deliveries;
    private final Receivers receivers;
    private final Poster poster;
    private final Signer signer;
    private final Clock clock;
    private final WebhooksConfig config;
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicBoolean woken = new AtomicBoolean();

    /** All that asks the database. */
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(Sender::thread);

    /** A look-up may block for long: as many threads as there may be deliveries under way. */
    private final ExecutorService lookups;

    private volatile boolean begun;
    private boolean away;

    Sender(
            DataSource database,
            Deliveries deliveries,
            Receivers receivers,
            Poster poster,
            Signer signer,
            Clock clock,
            WebhooksConfig config) {
        this.database = database;
        this.deliveries = deliveries;
        this.receivers = receivers;
        this.poster = poster;
        this.signer = signer;
        this.clock = clock;
        this.config = config;
        lookups = new ThreadPoolExecutor(
                0, 2 * config.atOnce(), 10, TimeUnit.SECONDS, new SynchronousQueue<>(), Sender::thread);
    }

    private static Thread thread(Runnable work) {
        var thread = new Thread(work, "webhooks");
        thread.setDaemon(true);
        return thread;
    }

    void begin(@Observes SchemaReady ready) {
        if (!signer.isSetUp()) {
            Log.info("No keys for webhooks are configured; none are sent");
            return;
        }
        begun = true;
        var tick = config.tick().toMillis();
        thread.scheduleWithFixedDelay(this::sweep, tick, tick, TimeUnit.MILLISECONDS);
        thread.scheduleWithFixedDelay(this::forget, 1, 60, TimeUnit.MINUTES);
    }

    @PreDestroy
    void close() {
        thread.shutdownNow();
        lookups.shutdownNow();
    }

    /** Something may be due: looks now. */
    void wake() {
        if (begun && woken.compareAndSet(false, true)) {
            onThread(() -> {
                woken.set(false);
                sweep();
            });
        }
    }

    private void sweep() {
        var free = config.atOnce() - underWay.get();
        if (free <= 0) {
            return;
        }
        try (var connection = database.getConnection()) {
            List<Deliveries.Due> due = deliveries.claim(connection, free);
            away = false;
            due.forEach(this::send);
        } catch (SQLException | RuntimeException e) {
            if (!away) {
                Log.warnf("Webhooks wait for the database: %s", reason(e));
                away = true;
            }
        }
    }

    private void send(Deliveries.Due due) {
        underWay.incrementAndGet();
        var begin = System.nanoTime();
        CompletionStage<Poster.Result> trying;
        try {
            trying = CompletableFuture.supplyAsync(() -> target(due), lookups)
                    .thenCompose(target -> poster.post(target, headers(due), due.body()))
                    .orTimeout(config.within().toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            trying = CompletableFuture.completedFuture(Poster.Result.failed("address"));
        }
        trying.exceptionally(failure -> Poster.Result.failed(failed(failure))).thenAccept(result -> {
            var took = Duration.ofNanos(System.nanoTime() - begin);
            onThread(() -> ended(due, result, took));
        });
    }

    private Receivers.Target target(Deliveries.Due due) {
        try {
            return receivers.target(due.url());
        } catch (ReceiverUrl.Refused e) {
            throw new CompletionException(e);
        }
    }

    private Map<String, String> headers(Deliveries.Due due) {
        var timestamp = clock.instant().getEpochSecond();
        try {
            return Map.of(
                    "Content-Type",
                    CloudEvent.CONTENT_TYPE,
                    "User-Agent",
                    "Offshoot-Webhooks",
                    "webhook-id",
                    due.event().toString(),
                    "webhook-timestamp",
                    Long.toString(timestamp),
                    "webhook-signature",
                    signer.signature(due.webhook(), due.secrets(), due.event(), timestamp, due.body()));
        } catch (GeneralSecurityException e) {
            Log.errorf("The secret of webhook %s cannot be opened with the keys that are here", due.webhook());
            throw new CompletionException(e);
        }
    }

    private static String failed(Throwable failure) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof ReceiverUrl.Refused) {
            return "address";
        }
        if (cause instanceof GeneralSecurityException) {
            return "secret";
        }
        if (cause instanceof TimeoutException) {
            return "timeout";
        }
        Log.errorf(cause, "A delivery failed in a way we did not foresee");
        return "internal";
    }

    private void ended(Deliveries.Due due, Poster.Result result, Duration took) {
        underWay.decrementAndGet();
        try (var connection = database.getConnection()) {
            inTransaction(
                    connection,
                    () -> deliveries.tried(
                            connection,
                            due,
                            result,
                            took,
                            ThreadLocalRandom.current().nextDouble()));
        } catch (SQLException | RuntimeException e) {
            Log.warnf("What became of a delivery is not kept, so it is sent again: %s", reason(e));
        }
        wake();
    }

    /** Not its message, which may have an event in it. */
    private static String reason(Exception e) {
        return e instanceof SQLException sql ? sql.getSQLState() : e.getClass().getSimpleName();
    }

    private interface Statements {
        void run() throws SQLException;
    }

    private static void inTransaction(Connection connection, Statements work) throws SQLException {
        connection.setAutoCommit(false);
        try {
            work.run();
            connection.commit();
        } catch (SQLException | RuntimeException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private void forget() {
        try (var connection = database.getConnection()) {
            while (deliveries.forget(connection, FORGOTTEN_AT_ONCE) == FORGOTTEN_AT_ONCE) {
                Log.debug("Forgot old deliveries");
            }
        } catch (SQLException e) {
            Log.warnf("Old deliveries cannot be forgotten now: %s", e.getSQLState());
        }
    }

    private void onThread(Runnable work) {
        try {
            thread.execute(work);
        } catch (RejectedExecutionException e) {
            Log.debug("The gateway stops; another one goes on");
        }
    }
}
