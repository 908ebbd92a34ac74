package io.offshoot.gateway.connection;

import io.offshoot.contracts.claim.Verdict;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.ConnectionView;
import io.offshoot.gateway.GatewayConfig;
import io.offshoot.gateway.audit.Audit;
import io.offshoot.gateway.body.JsonBody;
import io.offshoot.gateway.credential.Caller;
import io.offshoot.gateway.credential.Permission;
import io.offshoot.gateway.orchestrator.Orchestrator;
import io.offshoot.gateway.request.IdempotencyKey;
import io.offshoot.sealing.Secret;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The hub's accounts at providers. Tokens come in here and never out again. */
@Path(ConnectionResource.HERE)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Connections")
class ConnectionResource {

    static final String HERE = "/api/v1/connections";

    private static final String GITHUB = "github";
    private static final Duration PAUSE = Duration.ofMillis(300);

    /**
     * @param token is kept sealed, for the provider's executors alone
     * @param account GitHub's name of the organisation, or Vercel's id of the team
     */
    @Schema(
            name = "NewConnection",
            requiredProperties = {"token"})
    record Entry(
            @Schema(writeOnly = true, format = "password") String token, String account) {

        @Override
        public String toString() {
            return "Entry[%s]".formatted(account);
        }
    }

    /** @param organization GitHub's name of the organisation at which the App is to be installed */
    @Schema(name = "WantedInstallation", requiredProperties = "organization")
    record Wanted(String organization) {}

    private final Caller caller;
    private final Orchestrator orchestrator;
    private final ConnectionEntry entry;
    private final InstallationLinks links;
    private final Audit audit;
    private final Duration longest;

    ConnectionResource(
            Caller caller,
            Orchestrator orchestrator,
            ConnectionEntry entry,
            InstallationLinks links,
            Audit audit,
            GatewayConfig config) {
        this.caller = caller;
        this.orchestrator = orchestrator;
        this.entry = entry;
        this.links = links;
        this.audit = audit;
        this.longest = config.maxWait();
    }

    @GET
    @Operation(
            operationId = "listConnections",
            summary = "List the hub's connections",
            description =
                    "Those that the hub has entered, and those that the operator has set up for it. Tokens are shown "
                            + "to nobody.")
    public Uni<List<ConnectionView>> all() {
        caller.must(Permission.WATCH);
        return orchestrator.connections(caller.hub(), null);
    }

    @GET
    @Path("/{provider}")
    @Operation(operationId = "listConnectionsAtProvider", summary = "List the hub's connections at a provider")
    public Uni<List<ConnectionView>> at(@PathParam("provider") String provider) {
        caller.must(Permission.WATCH);
        return orchestrator.connections(caller.hub(), ConnectionNames.provider(provider));
    }

    @GET
    @Path("/{provider}/{name}")
    @Operation(
            operationId = "getConnection",
            summary = "Show a connection",
            description =
                    "`state` says whether it can be used: `CHECKING`, `READY`, or `REFUSED`, and then `problem` says "
                            + "why. With `wait` (seconds) the answer comes when it is checked.")
    public Uni<ConnectionView> one(
            @PathParam("provider") String provider, @PathParam("name") String name, @QueryParam("wait") String wait) {
        caller.must(Permission.WATCH);
        var hub = caller.hub();
        var at = ConnectionNames.provider(provider);
        var known = ConnectionNames.known(name);
        return checked(hub, at, known, System.nanoTime() + patience(wait).toNanos());
    }

    @PUT
    @Path("/{provider}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "putDefaultConnection",
            summary = "Enter the hub's connection at a provider",
            description =
                    "Under the hub's own name, which deployments use when they name none. See the address with a name.")
    @APIResponse(
            responseCode = "202",
            description = "Kept; it is being checked at the provider",
            content = @Content(schema = @Schema(implementation = ConnectionView.class)))
    public Uni<Response> enter(
            @PathParam("provider") String provider,
            @HeaderParam(IdempotencyKey.HEADER) String key,
            @RequestBody(content = @Content(schema = @Schema(implementation = Entry.class))) byte[] body) {
        return enter(provider, caller.hub(), key, body);
    }

    @PUT
    @Path("/{provider}/{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "putConnection",
            summary = "Enter a connection, or replace its token",
            description =
                    "The token is sealed for the provider's executors at once: nobody can read it again. It is looked "
                            + "at there whether it is of use; see `GET` with `wait`. A replaced token is used from the next "
                            + "attempt on, and a step that failed with the old one can be resumed.")
    @APIResponse(
            responseCode = "202",
            description = "Kept; it is being checked at the provider",
            content = @Content(schema = @Schema(implementation = ConnectionView.class)))
    public Uni<Response> enter(
            @PathParam("provider") String provider,
            @PathParam("name") String name,
            @HeaderParam(IdempotencyKey.HEADER) String key,
            @RequestBody(content = @Content(schema = @Schema(implementation = Entry.class))) byte[] body) {
        caller.must(Permission.SECRETS);
        var at = ConnectionNames.provider(provider);
        var wanted = ConnectionNames.wanted(name);
        var checkedKey = IdempotencyKey.checked(key);
        var entered = JsonBody.read(body, Entry.class);
        ConnectionNames.check(entered.account(), "/account", entered.token());
        var asked = new ConnectionEntry.Asked(
                caller.hub(),
                at,
                wanted,
                entered.account(),
                Secret.of(entered.token()),
                caller.credential().name(),
                checkedKey);
        return entry.enter(asked, Audit.Entry.of(caller, caller.hub(), "connection.enter", at + "/" + wanted))
                .map(done -> {
                    var answer = Response.accepted(done.connection())
                            .header(HttpHeaders.LOCATION, "%s/%s/%s".formatted(HERE, at, wanted))
                            .header(HttpHeaders.CACHE_CONTROL, "no-store");
                    return done.replayed()
                            ? answer.header("Idempotent-Replayed", "true").build()
                            : answer.build();
                });
    }

    @DELETE
    @Path("/{provider}/{name}")
    @Operation(
            operationId = "deleteConnection",
            summary = "Remove a connection",
            description =
                    "Its token is forgotten. Deployments that use it can go on when one of that name is entered anew. "
                            + "At the provider the token stays valid until it is revoked there.")
    @APIResponse(responseCode = "204", description = "Gone")
    public Uni<Void> remove(@PathParam("provider") String provider, @PathParam("name") String name) {
        caller.must(Permission.SECRETS);
        var hub = caller.hub();
        var at = ConnectionNames.provider(provider);
        var known = ConnectionNames.known(name);
        var done = Audit.Entry.of(caller, hub, "connection.remove", at + "/" + known);
        return orchestrator
                .connection(hub, at, known)
                .invoke(view -> {
                    if (view.by() == ConnectionView.Owner.OPERATOR) {
                        throw new ProblemException(
                                ProblemType.CONNECTION_OF_THE_OPERATOR, ProblemType.CONNECTION_OF_THE_OPERATOR.cause());
                    }
                })
                .call(() -> audit.record(done))
                .chain(() -> orchestrator.removeConnection(hub, at, known));
    }

    @POST
    @Path("/{provider}/{name}/installation")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "askForInstallation",
            summary = "Ask for a link that installs the GitHub App",
            description =
                    "In place of a token, at GitHub. Whoever opens the link must be an owner of the organisation that is "
                            + "named here, and choose it, with all repositories. Give the link to nobody else: it connects what is "
                            + "installed with it to this hub.")
    @APIResponse(
            responseCode = "201",
            description = "The link",
            content = @Content(schema = @Schema(implementation = InstallationLinks.Link.class)))
    public Uni<Response> install(
            @PathParam("provider") String provider,
            @PathParam("name") String name,
            @RequestBody(content = @Content(schema = @Schema(implementation = Wanted.class))) byte[] body) {
        caller.must(Permission.SECRETS);
        if (!ConnectionNames.provider(provider).equals(GITHUB)) {
            throw new ProblemException(ProblemType.NOT_SUPPORTED, "Only GitHub has an app to install. Enter a token.");
        }
        var wanted = ConnectionNames.wanted(name);
        var organization = JsonBody.read(body, Wanted.class).organization();
        ConnectionNames.check(organization, "/organization");
        var done = Audit.Entry.of(caller, caller.hub(), "connection.installation-link", GITHUB + "/" + wanted);
        return links.make(
                        caller.hub(), wanted, organization, caller.credential().name(), done)
                .map(link -> Response.status(Response.Status.CREATED)
                        .entity(link)
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .build());
    }

    private Uni<ConnectionView> checked(String hub, String provider, String name, long deadline) {
        return orchestrator
                .connection(hub, provider, name)
                .chain(view -> view.state() != Verdict.State.CHECKING || deadline - System.nanoTime() <= 0
                        ? Uni.createFrom().item(view)
                        : Uni.createFrom()
                                .voidItem()
                                .onItem()
                                .delayIt()
                                .by(PAUSE)
                                .chain(() -> checked(hub, provider, name, deadline)));
    }

    private Duration patience(String seconds) {
        if (seconds == null) {
            return Duration.ZERO;
        }
        if (!seconds.matches("[0-9]{1,5}")) {
            throw new ProblemException(ProblemType.INVALID_REQUEST, "The parameter wait must be a number of seconds.");
        }
        var asked = Duration.ofSeconds(Long.parseLong(seconds));
        return asked.compareTo(longest) > 0 ? longest : asked;
    }
}
