package io.offshoot.orchestrator.lane;

import io.offshoot.contracts.query.ProviderView;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;

/** Questions about providers with the connections of all hubs, asked by the gateway for operators. */
@Path("/internal/providers")
@Blocking
public class ProviderResource {

    private final Providers providers;

    ProviderResource(Providers providers) {
        this.providers = providers;
    }

    @GET
    public List<ProviderView> all() {
        return providers.all();
    }
}
