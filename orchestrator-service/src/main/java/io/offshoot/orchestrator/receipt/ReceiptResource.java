package io.offshoot.orchestrator.receipt;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.CounterSignature;
import io.offshoot.contracts.query.ReceiptView;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.UUID;

/** The receipts of a deployment, asked for by the gateway. */
@Path("/internal/hubs/{hub}/deployments/{id}/receipt")
@Blocking
public class ReceiptResource {

    private final Receipts receipts;

    ReceiptResource(Receipts receipts) {
        this.receipts = receipts;
    }

    @GET
    public ReceiptView one(@PathParam("hub") String hub, @PathParam("id") String id, @QueryParam("seq") Long seq) {
        return receipts.one(hub, uuid(id), seq);
    }

    @POST
    @Path("/{seq}/signatures")
    public ReceiptView add(
            @PathParam("hub") String hub,
            @PathParam("id") String id,
            @PathParam("seq") long seq,
            CounterSignature signature) {
        if (signature == null || signature.keyid() == null || signature.sig() == null || signature.signedBy() == null) {
            throw new ProblemException(ProblemType.INVALID_REQUEST, "The signature is missing.");
        }
        return receipts.add(hub, uuid(id), seq, signature);
    }

    private static UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ProblemType.UNKNOWN_DEPLOYMENT, "The hub has no deployment of that id.");
        }
    }
}
