package io.offshoot.orchestrator.lane;

import io.offshoot.contracts.claim.ConnectionReport;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.orchestrator.service.Caller;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.sql.SQLException;

/** Where executors hear what hubs have entered at their provider, and say what came of it. */
@Path("/internal/connections/reports")
@Blocking
public class ConnectionReportResource {

    private final EnteredConnections entered;
    private final Lanes lanes;
    private final Caller caller;

    ConnectionReportResource(EnteredConnections entered, Lanes lanes, Caller caller) {
        this.entered = entered;
        this.lanes = lanes;
        this.caller = caller;
    }

    @POST
    public ConnectionReport.News report(ConnectionReport report) throws SQLException {
        if (report == null) {
            throw new ProblemException(ProblemType.MALFORMED_JSON, "The body is empty.");
        }
        entered.judge(caller.provider(), report.verdicts());
        if (!report.verdicts().isEmpty()) {
            lanes.refresh();
        }
        return entered.news(caller.provider(), report.after());
    }
}
