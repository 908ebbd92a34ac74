package io.offshoot.orchestrator.lane;

import io.offshoot.contracts.secret.PublicKeyset;
import io.smallrye.common.annotation.Blocking;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;

/** With what secrets are sealed for each provider's executors, asked by the gateway. */
@Path("/internal/keysets")
@Blocking
public class KeysetResource {

    @GET
    @Transactional
    public List<PublicKeyset> all() {
        return KeysetRow.all().stream().map(KeysetRow::published).toList();
    }
}
