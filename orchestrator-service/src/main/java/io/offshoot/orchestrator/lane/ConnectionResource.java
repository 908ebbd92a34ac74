package io.offshoot.orchestrator.lane;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.ConnectionView;
import io.offshoot.contracts.query.EnterConnection;
import io.offshoot.contracts.query.InstallationLink;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.sql.SQLException;
import java.util.List;

/** The accounts of a hub, asked for and entered by the gateway. */
@Path("/internal/hubs/{hub}/connections")
@Blocking
public class ConnectionResource {

    private final EnteredConnections entered;

    ConnectionResource(EnteredConnections entered) {
        this.entered = entered;
    }

    @GET
    public List<ConnectionView> all(@PathParam("hub") String hub, @QueryParam("provider") String provider)
            throws SQLException {
        return entered.of(hub, provider);
    }

    @GET
    @Path("/{provider}/{name}")
    public ConnectionView one(
            @PathParam("hub") String hub, @PathParam("provider") String provider, @PathParam("name") String name)
            throws SQLException {
        return entered.one(hub, provider, name);
    }

    @GET
    @Path("/{provider}/{name}/next")
    public EnterConnection.Next next(
            @PathParam("hub") String hub,
            @PathParam("provider") String provider,
            @PathParam("name") String name,
            @QueryParam("key") String key)
            throws SQLException {
        return entered.next(hub, provider, name, key);
    }

    @PUT
    @Path("/{provider}/{name}")
    public ConnectionView enter(
            @PathParam("hub") String hub,
            @PathParam("provider") String provider,
            @PathParam("name") String name,
            EnterConnection asked)
            throws SQLException {
        if (asked == null || asked.account() == null || asked.sealed() == null || asked.by() == null) {
            throw new ProblemException(ProblemType.MALFORMED_JSON, "The body lacks something.");
        }
        return entered.enter(hub, provider, name, asked);
    }

    @DELETE
    @Path("/{provider}/{name}")
    public void remove(
            @PathParam("hub") String hub, @PathParam("provider") String provider, @PathParam("name") String name)
            throws SQLException {
        entered.remove(hub, provider, name);
    }

    @POST
    @Path("/github/{name}/installation-links")
    public void ask(@PathParam("hub") String hub, @PathParam("name") String name, InstallationLink asked)
            throws SQLException {
        if (asked == null || asked.stateSha256() == null || asked.account() == null || asked.by() == null) {
            throw new ProblemException(ProblemType.MALFORMED_JSON, "The body lacks something.");
        }
        entered.ask(hub, name, asked);
    }
}
