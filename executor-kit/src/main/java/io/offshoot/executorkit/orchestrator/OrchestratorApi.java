package io.offshoot.executorkit.orchestrator;

import io.offshoot.contracts.claim.Announcement;
import io.offshoot.contracts.claim.ClaimAnswer;
import io.offshoot.contracts.claim.ClaimRequest;
import io.offshoot.contracts.claim.ConnectionReport;
import io.offshoot.contracts.claim.Heartbeat;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.util.concurrent.CompletionStage;

/** The orchestrator's calls for executors. */
@Path("/internal")
interface OrchestratorApi {

    @POST
    @Path("/claims")
    CompletionStage<ClaimAnswer> claim(@HeaderParam("Authorization") String authorization, ClaimRequest request);

    @POST
    @Path("/heartbeats")
    CompletionStage<Heartbeat.Answer> beat(@HeaderParam("Authorization") String authorization, Heartbeat heartbeat);

    @PUT
    @Path("/connections")
    CompletionStage<Void> announce(@HeaderParam("Authorization") String authorization, Announcement announcement);

    @POST
    @Path("/connections/reports")
    CompletionStage<ConnectionReport.News> report(
            @HeaderParam("Authorization") String authorization, ConnectionReport report);
}
