package io.offshoot.localstack.chaos;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures how long it takes until the steps of a killed executor are claimed again: from the kill to the next claim,
 * looked for every {@link #LOOK}. A step whose result was under way when its executor died is not counted.
 */
final class Takeovers implements AutoCloseable {

    private static final Duration LOOK = Duration.ofMillis(100);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);

    private record Orphan(UUID deployment, String app, String step, int attempt, long fence, long since) {}

    private final String database;
    private final List<Orphan> orphans = new ArrayList<>();
    private final Samples samples = new Samples();
    private final Thread thread = new Thread(this::watch, "takeovers");
    private volatile boolean closed;

    Takeovers(String database) {
        this.database = database;
        thread.setDaemon(true);
        thread.start();
    }

    Samples samples() {
        return samples;
    }

    /** Waits for a moment at which the executor holds an attempt, and returns in any case after that time. */
    void awaitHold(String executor, Duration patience) {
        var deadline = System.nanoTime() + patience.toNanos();
        try (var connection = DriverManager.getConnection(database);
                var statement = connection.prepareStatement(
                        "select 1 from attempt where phase = 'CLAIMED' and executor = ? limit 1")) {
            statement.setString(1, executor);
            while (System.nanoTime() < deadline && !statement.executeQuery().next()) {
                LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            }
        } catch (SQLException e) {
            // The database is away: any moment is as good.
        }
    }

    /** To be called when an executor was killed, before it is started again. */
    void killed(String executor, long since) {
        try (var connection = DriverManager.getConnection(database);
                var statement = connection.prepareStatement("""
                        select deployment_id, app_id, step_id, number, fence from attempt
                        where phase = 'CLAIMED' and executor = ?""")) {
            statement.setString(1, executor);
            var rows = statement.executeQuery();
            synchronized (orphans) {
                while (rows.next()) {
                    orphans.add(new Orphan(
                            rows.getObject(1, UUID.class),
                            rows.getString(2),
                            rows.getString(3),
                            rows.getInt(4),
                            rows.getLong(5),
                            since));
                }
            }
        } catch (SQLException e) {
            // The database is away too: nobody can say what the executor held.
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    private void watch() {
        while (!closed) {
            LockSupport.parkNanos(LOOK.toNanos());
            List<Orphan> looked;
            synchronized (orphans) {
                looked = List.copyOf(orphans);
            }
            if (looked.isEmpty()) {
                continue;
            }
            try (var connection = DriverManager.getConnection(database)) {
                for (Iterator<Orphan> each = looked.iterator(); each.hasNext() && !closed; ) {
                    look(connection, each.next());
                }
            } catch (SQLException e) {
                // Looked again when the database is back; until then nothing is taken over either.
            }
        }
    }

    private void look(Connection connection, Orphan orphan) throws SQLException {
        try (var statement = connection.prepareStatement("""
                select s.fence > ? or a.fence > ? as claimed,
                       s.attempt = ? and (s.state in ('SUCCEEDED', 'FAILED')
                                          or s.state = 'WAITING' and a.phase = 'PARKED') as reported
                from step s left join attempt a
                  on (a.deployment_id, a.app_id, a.step_id) = (s.deployment_id, s.app_id, s.step_id)
                  and a.phase <> 'ENDED'
                where s.deployment_id = ? and s.app_id = ? and s.step_id = ?""")) {
            statement.setLong(1, orphan.fence());
            statement.setLong(2, orphan.fence());
            statement.setInt(3, orphan.attempt());
            statement.setObject(4, orphan.deployment());
            statement.setString(5, orphan.app());
            statement.setString(6, orphan.step());
            var row = statement.executeQuery();
            if (!row.next()) {
                return;
            }
            var claimed = row.getBoolean(1);
            if (claimed) {
                samples.add(Duration.ofNanos(System.nanoTime() - orphan.since()));
            }
            if (claimed || row.getBoolean(2)) {
                synchronized (orphans) {
                    orphans.remove(orphan);
                }
            }
        }
    }
}
