package io.offshoot.orchestrator.claim;

import io.offshoot.contracts.claim.ClaimAnswer;
import io.offshoot.contracts.claim.ClaimRequest;
import io.offshoot.contracts.claim.Heartbeat;
import io.offshoot.contracts.failpoint.Failpoint;
import io.offshoot.orchestrator.service.Caller;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.sql.SQLException;

/** Where executors take attempts and keep them. */
@Path("/internal")
@Blocking
public class ClaimResource {

    private final Claims claims;
    private final Caller caller;

    ClaimResource(Claims claims, Caller caller) {
        this.claims = claims;
        this.caller = caller;
    }

    @POST
    @Path("/claims")
    public ClaimAnswer claim(ClaimRequest request) throws SQLException {
        var answer = claims.claim(request, caller.provider());
        if (answer.attempts().stream().anyMatch(ClaimAnswer.Claimed::yours)) {
            Failpoint.ORCHESTRATOR_AFTER_CLAIM_COMMIT.reached();
        }
        return answer;
    }

    @POST
    @Path("/heartbeats")
    public Heartbeat.Answer heartbeat(Heartbeat heartbeat) throws SQLException {
        return claims.prolong(heartbeat, caller.provider());
    }
}
