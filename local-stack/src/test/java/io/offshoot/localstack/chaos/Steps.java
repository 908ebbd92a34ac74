package io.offshoot.localstack.chaos;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** How long steps take, as the event log tells: from being dispatched first to having succeeded. */
final class Steps {

    private static final String TAKEN = """
            select extract(epoch from done.time - begun.time) * 1000, step, begun.time::time(0) from
              (select deployment_id, body #>> '{data,appId}' as app, body #>> '{data,stepId}' as step,
                      min((body ->> 'time')::timestamptz) as time
               from event where body #>> '{data,state}' = 'DISPATCHED' group by 1, 2, 3) begun
            join
              (select deployment_id, body #>> '{data,appId}' as app, body #>> '{data,stepId}' as step,
                      max((body ->> 'time')::timestamptz) as time
               from event where body #>> '{data,state}' = 'SUCCEEDED' group by 1, 2, 3) done
            using (deployment_id, app, step)
            where begun.time >= ? and begun.time < ? order by 1 desc""";

    /** @param slowest the five that took longest, and when they were dispatched */
    record Taken(Samples samples, List<String> slowest) {}

    private static final int SHOWN = 5;

    private Steps() {}

    /** The steps that were dispatched in that time, by the database's clock. */
    static Taken between(String database, Instant from, Instant to) throws SQLException {
        var samples = new Samples();
        var slowest = new ArrayList<String>();
        try (var connection = DriverManager.getConnection(database);
                var statement = connection.prepareStatement(TAKEN)) {
            statement.setObject(1, from.atOffset(ZoneOffset.UTC));
            statement.setObject(2, to.atOffset(ZoneOffset.UTC));
            var rows = statement.executeQuery();
            while (rows.next()) {
                samples.add(Duration.ofMillis(rows.getLong(1)));
                if (slowest.size() < SHOWN) {
                    slowest.add("%s at %s %d ms".formatted(rows.getString(2), rows.getString(3), rows.getLong(1)));
                }
            }
        }
        return new Taken(samples, slowest);
    }
}
