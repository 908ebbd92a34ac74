package io.offshoot.gateway.deployment;

import io.offshoot.contracts.query.WorkflowView;
import io.offshoot.gateway.body.Ids;
import io.offshoot.gateway.credential.Caller;
import io.offshoot.gateway.credential.Permission;
import io.offshoot.gateway.orchestrator.Orchestrator;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What can be deployed. */
@Path("/api/v1/workflows")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Workflows")
class WorkflowResource {

    private final Caller caller;
    private final Orchestrator orchestrator;

    WorkflowResource(Caller caller, Orchestrator orchestrator) {
        this.caller = caller;
        this.orchestrator = orchestrator;
    }

    @GET
    @Operation(operationId = "listWorkflows", summary = "List the workflows this installation offers")
    public Uni<List<WorkflowView>> all() {
        caller.must(Permission.WATCH);
        return orchestrator.workflows();
    }

    @GET
    @Path("/{id}")
    @Operation(
            operationId = "getWorkflow",
            summary = "Show one workflow: its actions, its input's JSON Schema, what to have ready")
    public Uni<WorkflowView> one(@PathParam("id") String id) {
        caller.must(Permission.WATCH);
        return orchestrator.workflow(Ids.workflow(id));
    }
}
