package io.offshoot.orchestrator.lane;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.InstallationLink;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.sql.SQLException;

/** Where the gateway says that somebody has installed the GitHub App: of whichever hub, for they have only a link. */
@Path("/internal/installations")
@Blocking
public class InstallationResource {

    private final EnteredConnections entered;

    InstallationResource(EnteredConnections entered) {
        this.entered = entered;
    }

    @POST
    public InstallationLink.Outcome installed(InstallationLink.Used used) throws SQLException {
        if (used == null || used.stateSha256() == null) {
            throw new ProblemException(ProblemType.MALFORMED_JSON, "The body lacks something.");
        }
        return entered.use(used);
    }
}
