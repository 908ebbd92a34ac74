package io.offshoot.orchestrator.lane;

import io.offshoot.orchestrator.deployment.AttemptKey;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** Who waits in a lane, and whose turn it is. Changes nothing. */
@ApplicationScoped
public class Line {

    private static final String FIRST_OF_EACH_HUB = """
            select distinct on (hub) hub, deployment_id, app_id, step_id, number, queued_at
            from attempt where lane = ?1 and phase = 'QUEUED'
            order by hub, queued_at, deployment_id, app_id, step_id""";

    /** With room as far as can be seen without a lock: the transaction looks again. */
    private static final String WITH_A_TURN = """
            select id from lane
            where exists (select from attempt where lane = lane.id and phase = 'QUEUED')
              and (blocked_until is null or blocked_until <= clock_timestamp())
              and (select count(*) from attempt where lane = lane.id and phase in ('OPEN', 'CLAIMED'))
                  < case when trial then 1 else greatest(1, live_at_most) end""";

    private final DataSource database;
    private final EntityManager entities;

    Line(DataSource database, EntityManager entities) {
        this.database = database;
        this.entities = entities;
    }

    /** The attempt whose turn is next: hubs take turns, and within a hub the first come is served first. */
    public Optional<AttemptKey> first(String laneId) {
        LaneRow row = LaneRow.findById(laneId);
        if (row == null) {
            return Optional.empty();
        }
        Map<String, AttemptKey> firsts = new HashMap<>();
        Map<String, Instant> waiting = new HashMap<>();
        for (Object found : entities.createNativeQuery(FIRST_OF_EACH_HUB, Object[].class)
                .setParameter(1, laneId)
                .getResultList()) {
            var first = (Object[]) found;
            var hub = (String) first[0];
            firsts.put(
                    hub,
                    new AttemptKey(
                            (UUID) first[1], (String) first[2], (String) first[3], ((Number) first[4]).intValue()));
            waiting.put(hub, (Instant) first[5]);
        }
        return row.lane().next(waiting).map(firsts::get);
    }

    /** The lanes in which somebody waits and there is room. */
    public List<String> withATurn() throws SQLException {
        var lanes = new ArrayList<String>();
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(WITH_A_TURN)) {
            var rows = statement.executeQuery();
            while (rows.next()) {
                lanes.add(rows.getString(1));
            }
        }
        return lanes;
    }
}
