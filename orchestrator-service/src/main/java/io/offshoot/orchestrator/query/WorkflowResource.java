package io.offshoot.orchestrator.query;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.WorkflowView;
import io.offshoot.orchestrator.registration.Schemas;
import io.offshoot.workflows.Workflow;
import io.offshoot.workflows.Workflows;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.List;

/** The catalogue, asked for by the gateway. */
@Path("/internal/workflows")
public class WorkflowResource {

    private final Workflows workflows;

    WorkflowResource(Workflows workflows) {
        this.workflows = workflows;
    }

    @GET
    public List<WorkflowView> all() {
        return workflows.newest().stream().map(WorkflowResource::view).toList();
    }

    @GET
    @Path("/{id}")
    public WorkflowView one(@PathParam("id") String id) {
        return workflows
                .newest(id)
                .map(WorkflowResource::view)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.UNKNOWN_WORKFLOW, "This installation offers no workflow of that id."));
    }

    private static WorkflowView view(Workflow workflow) {
        return Views.workflow(workflow, Schemas.tree(workflow.configSchema()), Schemas.tree(workflow.inputSchema()));
    }
}
