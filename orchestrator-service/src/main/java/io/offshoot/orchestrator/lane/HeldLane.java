package io.offshoot.orchestrator.lane;

import io.offshoot.contracts.message.Budget;
import io.quarkus.logging.Log;
import java.time.Instant;

/** A lane under its lock. Good for one transaction and one thread. */
public final class HeldLane {

    private final LaneRow row;
    private final Instant lockedAt;
    private int live;
    private boolean anyInLine;

    HeldLane(LaneRow row, Instant lockedAt, int live, boolean anyInLine) {
        this.row = row;
        this.lockedAt = lockedAt;
        this.live = live;
        this.anyInLine = anyInLine;
    }

    public String id() {
        return row.id;
    }

    /** Whether an attempt may begin now without overtaking any. If so it has begun, else it is in line. */
    public boolean begins(String hub, Instant now) {
        if (anyInLine || !row.lane().hasRoom(live, now)) {
            anyInLine = true;
            return false;
        }
        begin(hub);
        return true;
    }

    /** It is the turn of an attempt in line. False if there is no room. */
    public boolean takesTurn(String hub, Instant now) {
        if (!row.lane().hasRoom(live, now)) {
            return false;
        }
        begin(hub);
        return true;
    }

    private void begin(String hub) {
        live++;
        row.take(row.lane().served(hub));
    }

    /** An attempt is no longer under way. */
    public void ended() {
        live--;
    }

    /** The provider asked an attempt for a pause. @param asked in milliseconds; null if it named none */
    public void throttled(Long asked, Instant begun, Instant now) {
        row.take(row.lane().throttled(asked, begun, now));
        Log.infof("Lane %s rests until %s", row.id, row.blockedUntil);
    }

    /** The provider took an attempt's calls. */
    public void accepted(Instant begun) {
        var lane = row.lane();
        var next = lane.accepted(begun);
        if (next != lane) {
            row.take(next);
        }
    }

    public void used(Budget budget, Instant now) {
        row.take(budget, now);
    }

    /** Whether it is somebody's turn. */
    boolean hasATurn() {
        return anyInLine && row.lane().hasRoom(live, lockedAt);
    }
}
