package io.offshoot.orchestrator.lane;

import io.offshoot.contracts.query.ProviderView;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.List;

/** Questions about providers, asked by the gateway: of one hub, or for operators of all. */
@Path("/internal")
@Blocking
public class ProviderResource {

    private final Providers providers;

    ProviderResource(Providers providers) {
        this.providers = providers;
    }

    @GET
    @Path("/hubs/{hub}/providers")
    public List<ProviderView> of(@PathParam("hub") String hub) {
        return providers.of(hub);
    }

    @GET
    @Path("/providers")
    public List<ProviderView> all() {
        return providers.all();
    }
}
