package io.offshoot.gateway.receipt;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.ReceiptView;
import io.offshoot.gateway.body.Ids;
import io.offshoot.gateway.body.JsonBody;
import io.offshoot.gateway.credential.Caller;
import io.offshoot.gateway.credential.Permission;
import io.offshoot.gateway.orchestrator.Orchestrator;
import io.offshoot.proof.envelope.Envelope;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
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
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What was signed of a deployment when nothing of it was under way any more. */
@Path("/api/v1/deployments/{id}/receipt")
@Produces({ReceiptResource.MEDIA_TYPE, MediaType.APPLICATION_JSON})
@Tag(name = "Receipts")
class ReceiptResource {

    /** A DSSE envelope with SLSA provenance in it, as in-toto names such a thing. */
    static final String MEDIA_TYPE = "application/vnd.in-toto.provenance+dsse";

    /**
     * @param keyid the thumbprint of the hub's key (RFC 7638)
     * @param sig over payload and type of the receipt, as DSSE says; in base64
     */
    @Schema(
            name = "ReceiptSignature",
            requiredProperties = {"keyid", "sig"})
    record Signature(String keyid, String sig) {}

    private final Caller caller;
    private final Orchestrator orchestrator;
    private final CounterSigning counterSigning;

    ReceiptResource(Caller caller, Orchestrator orchestrator, CounterSigning counterSigning) {
        this.caller = caller;
        this.orchestrator = orchestrator;
        this.counterSigning = counterSigning;
    }

    @GET
    @Operation(
            operationId = "getReceipt",
            summary = "Show the receipt: a DSSE envelope that anybody can verify offline",
            description =
                    "The newest, or the one that was made after the event `seq`. The header Link leads to the one "
                            + "before. What it proves, and how it is verified, is in the project's docs/receipts.md.")
    @APIResponse(
            responseCode = "200",
            description = "The envelope, with the signatures of the hub that came since",
            content = @Content(schema = @Schema(implementation = Envelope.class)))
    public Uni<Response> one(@PathParam("id") String deployment, @QueryParam("seq") String seq) {
        caller.must(Permission.WATCH);
        return orchestrator
                .receipt(caller.hub(), Ids.deployment(deployment), seq(seq))
                .map(ReceiptResource::answer);
    }

    @POST
    @Path("/signatures")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "signReceipt",
            summary = "Add the hub's signature to a receipt",
            description =
                    "By a registered key of the hub that signs now. The first of a key stays; the same again has the same answer.")
    @APIResponse(
            responseCode = "200",
            description = "The envelope with it",
            content = @Content(schema = @Schema(implementation = Envelope.class)))
    public Uni<Response> sign(
            @PathParam("id") String deployment,
            @QueryParam("seq") String seq,
            @RequestBody(content = @Content(schema = @Schema(implementation = Signature.class))) byte[] body) {
        caller.must(Permission.DEPLOY);
        var id = Ids.deployment(deployment);
        var signature = JsonBody.read(body, Signature.class);
        return counterSigning
                .add(caller.hub(), id, seq(seq), signature, caller.credential().name())
                .map(ReceiptResource::answer);
    }

    private static Response answer(ReceiptView receipt) {
        var answer = Response.ok(CounterSigning.envelope(receipt).toJson())
                .header(HttpHeaders.CACHE_CONTROL, "private, no-cache");
        if (receipt.previous() != null) {
            answer.header(
                    HttpHeaders.LINK,
                    "</api/v1/deployments/%s/receipt?seq=%d>; rel=\"prev\""
                            .formatted(receipt.deploymentId(), receipt.previous()));
        }
        return answer.build();
    }

    private static Long seq(String text) {
        if (text == null) {
            return null;
        }
        if (!text.matches("[0-9]{1,18}")) {
            throw new ProblemException(ProblemType.INVALID_REQUEST, "The parameter seq must be the seq of an event.");
        }
        return Long.valueOf(text);
    }
}
