package io.offshoot.orchestrator.hint;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.Hint;
import io.offshoot.contracts.query.WaitingStep;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.sql.SQLException;
import java.util.List;

/** Tells the gateway whom a provider's news may concern, over all hubs. Writes nothing. */
@Path("/internal/hints")
@Blocking
public class HintResource {

    private final Waiting waiting;

    HintResource(Waiting waiting) {
        this.waiting = waiting;
    }

    @POST
    public List<WaitingStep> concerned(Hint hint) throws SQLException {
        if (hint == null || hint.provider() == null) {
            throw new ProblemException(ProblemType.MALFORMED_JSON, "The body names no provider.");
        }
        return waiting.concerned(hint);
    }
}
