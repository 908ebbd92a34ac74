package io.offshoot.orchestrator.lane;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.offshoot.contracts.claim.LaneUse;
import io.offshoot.orchestrator.deployment.AttemptRow;
import io.offshoot.orchestrator.service.DatabaseTime;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;

/** What was used of lanes, for those who go on with them. */
@ApplicationScoped
public class LaneUses {

    private final EntityManager entities;

    LaneUses(EntityManager entities) {
        this.entities = entities;
    }

    /** By lane; asks nobody where no attempt has one. */
    public Map<String, LaneUse> of(Collection<AttemptRow> attempts) {
        var ids =
                attempts.stream().map(row -> row.lane).filter(Objects::nonNull).collect(toSet());
        if (ids.isEmpty()) {
            return Map.of();
        }
        var now = DatabaseTime.now(entities);
        return LaneRow.<LaneRow>list("id in ?1", ids).stream().collect(toMap(row -> row.id, row -> row.use(now)));
    }
}
