package io.offshoot.gateway.provider;

import io.offshoot.contracts.query.ProviderView;
import io.offshoot.gateway.credential.Caller;
import io.offshoot.gateway.credential.Permission;
import io.offshoot.gateway.orchestrator.Orchestrator;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Where deployments go: what can be used there, and how much of it is left. */
@Path("/api/v1/providers")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Providers")
class ProviderResource {

    private final Caller caller;
    private final Orchestrator orchestrator;

    ProviderResource(Caller caller, Orchestrator orchestrator) {
        this.caller = caller;
        this.orchestrator = orchestrator;
    }

    @GET
    @Operation(
            operationId = "listProviders",
            summary = "List the providers, the hub's connections, and the budget and queue of each",
            description = "A connection is an account that deployments can name. Its lane shows how many attempts wait "
                    + "for their turn and are under way, until when the provider wants no calls, and what its limits "
                    + "leave. A hub sees its own connections, an operator those of all hubs.")
    public Uni<List<ProviderView>> all() {
        caller.must(Permission.WATCH);
        return caller.may(Permission.OPERATE) ? orchestrator.providers() : orchestrator.providers(caller.hub());
    }
}
