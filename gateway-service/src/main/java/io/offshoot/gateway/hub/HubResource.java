package io.offshoot.gateway.hub;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.audit.Audit;
import io.offshoot.gateway.body.Fields;
import io.offshoot.gateway.body.Ids;
import io.offshoot.gateway.body.JsonBody;
import io.offshoot.gateway.credential.Caller;
import io.offshoot.gateway.credential.Permission;
import io.offshoot.gateway.database.Database;
import io.offshoot.gateway.paging.Paging;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The hubs that a caller reaches: its own, and for operators all. */
@Path(HubResource.HERE)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Hubs")
class HubResource {

    static final String HERE = "/api/v1/hubs";

    private final Caller caller;
    private final Database database;
    private final Hubs hubs;
    private final Audit audit;

    HubResource(Caller caller, Database database, Hubs hubs, Audit audit) {
        this.caller = caller;
        this.database = database;
        this.hubs = hubs;
        this.audit = audit;
    }

    /** @param name for people to read */
    @Schema(requiredProperties = {"id"})
    record NewHub(String id, String name) {}

    /** @param intents off, optional or required */
    @Schema(requiredProperties = {"intents"})
    record Policy(
            @Schema(enumeration = {"off", "optional", "required"})
            String intents) {}

    @Schema(
            name = "Hub",
            requiredProperties = {"id", "name", "policy", "createdAt"})
    record View(String id, String name, Policy policy, Instant createdAt) {

        static View of(Hub hub) {
            return new View(
                    hub.id(), hub.name(), new Policy(hub.intents().name().toLowerCase(Locale.ROOT)), hub.createdAt());
        }
    }

    /** @param next the cursor of the following page; null on the last */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(
            name = "HubPage",
            requiredProperties = {"hubs"})
    record Page(List<View> hubs, String next) {}

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "createHub",
            summary = "Make a hub",
            description = "Making the same hub again changes nothing, and answers 200.")
    @APIResponse(
            responseCode = "201",
            description = "Made; its address is in Location",
            content = @Content(schema = @Schema(implementation = View.class)))
    @APIResponse(
            responseCode = "200",
            description = "It was there already",
            content = @Content(schema = @Schema(implementation = View.class)))
    public Uni<Response> create(
            @RequestBody(content = @Content(schema = @Schema(implementation = NewHub.class))) byte[] body) {
        caller.must(Permission.OPERATE);
        var wanted = JsonBody.read(body, NewHub.class);
        var fields = new Fields();
        var id = fields.id("/id", wanted.id());
        var name = fields.name("/name", wanted.name());
        fields.check();
        var by = caller.credential().id();
        var entry = Audit.Entry.of(caller, id, "hub.create", id);
        return database.change(connection -> {
            var made = hubs.add(connection, id, name, by);
            var hub = hubs.one(connection, id);
            if (made) {
                audit.record(connection, entry);
            } else if (!hub.name().equals(name)) {
                throw new ProblemException(ProblemType.HUB_EXISTS, ProblemType.HUB_EXISTS.cause());
            }
            return Response.status(made ? Response.Status.CREATED : Response.Status.OK)
                    .entity(View.of(hub))
                    .header(HttpHeaders.LOCATION, HERE + "/" + id)
                    .build();
        });
    }

    @GET
    @Operation(
            operationId = "listHubs",
            summary = "List the hubs the credential reaches",
            description = "Its own; for an operator all, by id.")
    @APIResponse(
            responseCode = "200",
            description = "One page; the header Link leads to the next",
            content = @Content(schema = @Schema(implementation = Page.class)))
    public Uni<Response> all(
            @QueryParam("limit") @DefaultValue("20") String limit, @QueryParam("cursor") String cursor) {
        caller.must(Permission.WATCH);
        var size = Paging.limit(limit);
        var only = caller.may(Permission.OPERATE) ? null : caller.hub();
        var after = cursor == null ? "" : Ids.hub(cursor);
        return database.ask(connection -> hubs.all(connection, only, after, size + 1))
                .map(found -> {
                    var views = found.stream().limit(size).map(View::of).toList();
                    var next = found.size() > size ? views.get(size - 1).id() : null;
                    return Paging.answer(new Page(views, next), next, HERE, size);
                });
    }

    @GET
    @Path("/{hub}")
    @Operation(operationId = "getHub", summary = "Show a hub and its policy")
    public Uni<View> one(@PathParam("hub") String hub) {
        caller.must(Permission.WATCH);
        var id = caller.within(Ids.hub(hub));
        return database.ask(connection -> View.of(hubs.one(connection, id)));
    }

    @PUT
    @Path("/{hub}/policy")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "putPolicy",
            summary = "Decide whether deployments must be signed by the hub",
            description = "`intents`: off, optional, or required. What is required is made less only by somebody who "
                    + "signed in, or by an operator: a stolen API key cannot.")
    @APIResponse(
            responseCode = "200",
            description = "Decided",
            content = @Content(schema = @Schema(implementation = View.class)))
    public Uni<View> decide(
            @PathParam("hub") String hub,
            @RequestBody(content = @Content(schema = @Schema(implementation = Policy.class))) byte[] body) {
        caller.must(Permission.KEYS);
        var id = caller.within(Ids.hub(hub));
        var wanted = JsonBody.read(body, Policy.class);
        var fields = new Fields();
        var intents = fields.choice("/intents", wanted.intents(), IntentPolicy.class);
        fields.check();
        var by = caller.credential();
        var entry = Audit.Entry.of(caller, id, "hub.policy", "intents=" + wanted.intents());
        return database.change(connection -> {
            var before = hubs.hold(connection, id);
            if (intents.compareTo(before.intents()) < 0) {
                Hubs.demandSignIn(by, before.intents());
            }
            if (intents != before.intents()) {
                hubs.decide(connection, id, intents);
                audit.record(connection, entry);
            }
            return View.of(hubs.one(connection, id));
        });
    }
}
