package io.offshoot.orchestrator.lane;

import static java.util.stream.Collectors.toMap;

import io.offshoot.orchestrator.deployment.Deployment;
import io.offshoot.workflows.Workflow;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.persistence.EntityManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;

/**
 * Which credentials have lanes, and the way to lock them. Known from memory, so that deployments of other credentials
 * pay nothing: a connection that another replica was told of is known here a moment later. Thread-safe.
 */
@ApplicationScoped
public class Lanes {

    private static final String COUNT = """
            select lane.id,
                   (select count(*) from attempt
                    where attempt.lane = lane.id and attempt.phase in ('OPEN', 'CLAIMED')) as live,
                   exists (select from attempt where attempt.lane = lane.id and attempt.phase = 'QUEUED') as queued,
                   clock_timestamp() as locked
            from lane where lane.id in ?1""";

    /** What executors have announced comes last: it counts. */
    private static final String READ = """
            select provider, name, hub, lane, 1 from entered_connection where removed_at is null and lane is not null
            union all
            select provider, name, hub, lane, 2 from connection
            order by 5""";

    record Connection(String provider, String name, String hub) {}

    /** What was last read. */
    record Known(Map<Connection, String> byConnection) {

        static final Known NOTHING = new Known(Map.of());

        /** Null if that hub has no such connection. */
        String lane(String provider, String name, String hub) {
            return byConnection.get(new Connection(provider, name, hub));
        }
    }

    private final DataSource database;
    private final EntityManager entities;
    private final Event<HeldLanes> locks;
    private volatile Known known = Known.NOTHING;

    Lanes(DataSource database, EntityManager entities, Event<HeldLanes> locks) {
        this.database = database;
        this.entities = entities;
        this.locks = locks;
    }

    /** Whether there is any. */
    public boolean any() {
        return !known.byConnection.isEmpty();
    }

    /** Reads anew which there are. */
    public void refresh() throws SQLException {
        var read = new HashMap<Connection, String>();
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(READ)) {
            var rows = statement.executeQuery();
            while (rows.next()) {
                read.put(new Connection(rows.getString(1), rows.getString(2), rows.getString(3)), rows.getString(4));
            }
        }
        known = new Known(Map.copyOf(read));
    }

    /**
     * Locks the lanes that locked deployments may use. Always after the deployments, and all at once.
     *
     * @param workflows by deployment; null values where the definition is gone
     */
    public HeldLanes lock(Collection<Deployment> locked, Map<UUID, Workflow> workflows) {
        var now = known;
        if (now.byConnection.isEmpty()) {
            return HeldLanes.NONE;
        }
        var ids = new TreeSet<String>();
        for (Deployment deployment : locked) {
            var workflow = workflows.get(deployment.id);
            if (workflow != null) {
                workflow.connections().forEach((entry, provider) -> {
                    var lane = now.lane(provider, deployment.connection(entry), deployment.hub);
                    if (lane != null) {
                        ids.add(lane);
                    }
                });
            }
        }
        if (ids.isEmpty()) {
            return HeldLanes.NONE;
        }
        Map<String, LaneRow> rows = LaneRow.lock(ids).stream().collect(toMap(row -> row.id, Function.identity()));
        // A statement of its own: one that waited for a lock counts what was there before the wait.
        var held = new HashMap<String, HeldLane>();
        for (Object found : entities.createNativeQuery(COUNT, Object[].class)
                .setParameter(1, ids)
                .getResultList()) {
            var count = (Object[]) found;
            var row = rows.get((String) count[0]);
            held.put(row.id, new HeldLane(row, (Instant) count[3], ((Number) count[1]).intValue(), (Boolean) count[2]));
        }
        var lanes = new HeldLanes(now, held);
        locks.fire(lanes);
        return lanes;
    }
}
