package io.offshoot.gateway.admin;

import io.offshoot.contracts.query.DeadLetterView;
import io.offshoot.gateway.body.Ids;
import io.offshoot.gateway.credential.Caller;
import io.offshoot.gateway.credential.Permission;
import io.offshoot.gateway.orchestrator.Orchestrator;
import io.offshoot.gateway.paging.Paging;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Records that no service could take in, of all hubs: for operators only. */
@Path("/api/v1/admin/dead-letters")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Dead letters")
class DeadLetterResource {

    private static final String HERE = "/api/v1/admin/dead-letters";

    private final Caller caller;
    private final Orchestrator orchestrator;

    DeadLetterResource(Caller caller, Orchestrator orchestrator) {
        this.caller = caller;
        this.orchestrator = orchestrator;
    }

    @GET
    @Operation(
            operationId = "listDeadLetters",
            summary = "List what no service could take in, the newest first",
            description = "Equal records are one letter. What they hold is shown one by one only.")
    @APIResponse(
            responseCode = "200",
            description = "One page; the header Link leads to the next",
            content = @Content(schema = @Schema(implementation = DeadLetterView.Page.class)))
    public Uni<Response> all(
            @QueryParam("limit") @DefaultValue("20") String limit, @QueryParam("cursor") String cursor) {
        caller.must(Permission.OPERATE);
        var size = Paging.limit(limit);
        return orchestrator.deadLetters(size, cursor).map(page -> Paging.answer(page, page.next(), HERE, size));
    }

    @GET
    @Path("/{id}")
    @Operation(
            operationId = "getDeadLetter",
            summary = "Show one dead letter",
            description = "With the first 64 KiB of the record as it came, in base64.")
    public Uni<DeadLetterView> one(@PathParam("id") String id) {
        caller.must(Permission.OPERATE);
        return orchestrator.deadLetter(Ids.deadLetter(id));
    }

    @POST
    @Path("/{id}/replay")
    @Operation(
            operationId = "replayDeadLetter",
            summary = "Publish the record again, where it was and as it was",
            description = "It takes effect once, however often this is asked. A request that was refused as a dead "
                    + "letter is undecided again. What cannot be taken in this time either is found once more.")
    @APIResponse(
            responseCode = "202",
            description = "Durable; the letter tells when it was replayed, and by whom",
            content = @Content(schema = @Schema(implementation = DeadLetterView.class)))
    public Uni<Response> replay(@PathParam("id") String id) {
        caller.must(Permission.OPERATE);
        var letter = Ids.deadLetter(id);
        return orchestrator.replay(letter, caller.credential().name()).map(replayed -> Response.accepted(replayed)
                .header(HttpHeaders.LOCATION, HERE + "/" + letter)
                .build());
    }
}
