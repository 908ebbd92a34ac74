package io.offshoot.orchestrator.lane;

import io.offshoot.orchestrator.deployment.Deployment;
import io.offshoot.workflows.Step;
import java.util.List;
import java.util.Map;

/** The lanes of some deployments, under their locks. Good for one transaction and one thread. */
public final class HeldLanes {

    /** Of deployments whose credentials have no lanes. */
    static final HeldLanes NONE = new HeldLanes(Lanes.Known.NOTHING, Map.of());

    private final Lanes.Known known;
    private final Map<String, HeldLane> byId;

    HeldLanes(Lanes.Known known, Map<String, HeldLane> byId) {
        this.known = known;
        this.byId = byId;
    }

    /** The lane of the credential that a deployment's step works with; null if it has none. */
    public HeldLane of(Deployment deployment, Step<?, ?, ?, ?> step) {
        var id = known.lane(step.action().provider(), deployment.connection(step), deployment.hub);
        return id == null ? null : byId.get(id);
    }

    /** By its id; null if it is none of these. */
    public HeldLane byId(String id) {
        return id == null ? null : byId.get(id);
    }

    /** Those in which it is somebody's turn when the transaction is over. */
    public List<String> withATurn() {
        return byId.values().stream()
                .filter(HeldLane::hasATurn)
                .map(HeldLane::id)
                .toList();
    }
}
