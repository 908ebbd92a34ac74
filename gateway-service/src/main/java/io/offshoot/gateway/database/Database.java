package io.offshoot.gateway.database;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.unchecked.Unchecked;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * The gateway's database, asked on a few threads of its own, so that neither the event loop nor the worker threads ever
 * wait for it. Whatever goes wrong with it, the caller hears within two seconds that it is <code>unavailable</code>.
 */
@Singleton
public class Database {

    private static final int THREADS = 8;
    private static final int QUEUE = 2_000;
    private static final Duration PATIENCE = Duration.ofMillis(1_800);

    private final DataSource source;
    private final ExecutorService threads;

    Database(DataSource source) {
        this.source = source;
        var pool = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                1,
                TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(QUEUE),
                work -> new Thread(work, "gateway-database"));
        pool.allowCoreThreadTimeOut(true);
        threads = pool;
    }

    @PreDestroy
    void close() {
        threads.shutdown();
    }

    /** What is to be done with a connection. A problem it throws is the caller's answer. */
    public interface Work<T> {
        T with(Connection connection) throws SQLException;
    }

    /** Each statement for itself. */
    public <T> Uni<T> ask(Work<T> work) {
        return guarded(() -> {
            try (var connection = source.getConnection()) {
                return work.with(connection);
            }
        });
    }

    /** All or nothing: whatever is thrown takes everything back. */
    public <T> Uni<T> change(Work<T> work) {
        return guarded(() -> {
            try (var connection = source.getConnection()) {
                connection.setAutoCommit(false);
                try {
                    var result = work.with(connection);
                    connection.commit();
                    return result;
                } catch (SQLException | RuntimeException e) {
                    connection.rollback();
                    throw e;
                } finally {
                    connection.setAutoCommit(true);
                }
            }
        });
    }

    private interface Statement<T> {
        T run() throws SQLException;
    }

    private <T> Uni<T> guarded(Statement<T> work) {
        return Uni.createFrom()
                .item(Unchecked.supplier(work::run))
                .runSubscriptionOn(threads)
                .ifNoItem()
                .after(PATIENCE)
                .fail()
                .onFailure(failure -> !(failure instanceof ProblemException))
                .transform(failure -> {
                    // What is checked comes wrapped.
                    var cause = failure.getCause() == null ? failure : failure.getCause();
                    if (cause instanceof SQLException sql) {
                        Log.warnf("The database did not do what it was asked: %s", sql.getSQLState());
                    } else {
                        Log.warnf(
                                "The database cannot be asked: %s",
                                cause.getClass().getSimpleName());
                    }
                    return new ProblemException(ProblemType.UNAVAILABLE, "A part of the system cannot be reached.");
                });
    }
}
