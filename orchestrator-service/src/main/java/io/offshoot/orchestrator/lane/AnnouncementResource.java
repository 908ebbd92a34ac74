package io.offshoot.orchestrator.lane;

import io.offshoot.contracts.claim.Announcement;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.orchestrator.service.Caller;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.sql.SQLException;

/** Where executors say what accounts they can use. */
@Path("/internal/connections")
@Blocking
public class AnnouncementResource {

    private final Announcements announcements;
    private final Lanes lanes;
    private final Caller caller;

    AnnouncementResource(Announcements announcements, Lanes lanes, Caller caller) {
        this.announcements = announcements;
        this.lanes = lanes;
        this.caller = caller;
    }

    @PUT
    public void announce(Announcement announcement) throws SQLException {
        if (announcement == null) {
            throw new ProblemException(ProblemType.MALFORMED_JSON, "The body is empty.");
        }
        announcements.take(announcement, caller.provider());
        lanes.refresh();
    }
}
