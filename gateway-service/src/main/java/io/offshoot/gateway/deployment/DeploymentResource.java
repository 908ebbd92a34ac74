package io.offshoot.gateway.deployment;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.message.PublicStatus;
import io.offshoot.contracts.problem.Problem;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.DeploymentView;
import io.offshoot.contracts.query.IntentView;
import io.offshoot.contracts.query.RequestView;
import io.offshoot.contracts.query.ResourceView;
import io.offshoot.gateway.body.Ids;
import io.offshoot.gateway.body.JsonBody;
import io.offshoot.gateway.credential.Caller;
import io.offshoot.gateway.credential.Permission;
import io.offshoot.gateway.orchestrator.Orchestrator;
import io.offshoot.gateway.paging.Paging;
import io.offshoot.gateway.request.Asked;
import io.offshoot.gateway.request.IdempotencyKey;
import io.offshoot.gateway.request.ReplayedProblem;
import io.offshoot.gateway.request.Requests;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** A hub's deployments. */
@Path("/api/v1/deployments")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Deployments")
class DeploymentResource {

    private static final String HERE = "/api/v1/deployments";

    private final Caller caller;
    private final Orchestrator orchestrator;
    private final Registrations registrations;
    private final Requests requests;
    private final LongPoll longPoll;

    DeploymentResource(
            Caller caller,
            Orchestrator orchestrator,
            Registrations registrations,
            Requests requests,
            LongPoll longPoll) {
        this.caller = caller;
        this.orchestrator = orchestrator;
        this.registrations = registrations;
        this.requests = requests;
        this.longPoll = longPoll;
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "createDeployment",
            summary = "Create a deployment",
            description = "All problems are named at once. Nothing runs until it is triggered. With `dryRun=true` the "
                    + "deployment is only validated.")
    @APIResponse(
            responseCode = "201",
            description = "Created; its address is in Location",
            content = @Content(schema = @Schema(implementation = DeploymentView.class)))
    public Uni<Response> create(
            @RequestBody(content = @Content(schema = @Schema(implementation = NewDeployment.class))) byte[] body,
            @QueryParam("dryRun") @DefaultValue("false") String dryRun,
            @HeaderParam(IdempotencyKey.HEADER) String key) {
        caller.must(Permission.DEPLOY);
        var hub = caller.hub();
        var usableKey = IdempotencyKey.checked(key);
        var sent = JsonBody.object(body);
        if (bool("dryRun", dryRun)) {
            return registrations.dryRun(hub, sent).map(view -> Response.ok(view).build());
        }
        return registrations.create(hub, sent, usableKey).map(created -> {
            var answer = Response.status(Response.Status.CREATED)
                    .entity(created.deployment())
                    .header(
                            HttpHeaders.LOCATION,
                            HERE + "/" + created.deployment().id());
            return created.replayed()
                    ? answer.header(ReplayedProblem.HEADER, "true").build()
                    : answer.build();
        });
    }

    @GET
    @Operation(operationId = "listDeployments", summary = "List the hub's deployments, newest first")
    @APIResponse(
            responseCode = "200",
            description = "One page; the header Link leads to the next",
            content = @Content(schema = @Schema(implementation = DeploymentView.Page.class)))
    public Uni<Response> all(
            @QueryParam("limit") @DefaultValue("20") String limit, @QueryParam("cursor") String cursor) {
        caller.must(Permission.WATCH);
        var size = Paging.limit(limit);
        return orchestrator
                .deployments(caller.hub(), size, cursor)
                .map(page -> Paging.answer(page, page.next(), HERE, size));
    }

    @GET
    @Path("/{id}")
    @Operation(
            operationId = "getDeployment",
            summary = "Show one deployment with all its apps and actions",
            description = "With `wait` the answer is held until something changes. With `request` it also tells what "
                    + "became of that request, and never shows the state from before it.")
    @APIResponse(
            responseCode = "200",
            description = "Where it stands",
            content = @Content(schema = @Schema(implementation = WithRequest.class)))
    @APIResponse(responseCode = "304", description = "As the caller knows it")
    public Uni<Response> one(
            @PathParam("id") String deployment,
            @QueryParam("request") String request,
            @QueryParam("wait") String wait,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) String ifNoneMatch) {
        caller.must(Permission.WATCH);
        var hub = caller.hub();
        var id = Ids.deployment(deployment);
        var named = Ids.request(request);
        return longPoll.answer(
                wait,
                ifNoneMatch,
                hub,
                id,
                event -> true,
                () -> named == null
                        ? orchestrator.deployment(hub, id).map(DeploymentResource::snapshot)
                        // The outcome first: a state that is read after the decision is not from before it.
                        : orchestrator.request(hub, id, named).flatMap(word -> orchestrator
                                .deployment(hub, id)
                                .map(view -> snapshot(view, word))));
    }

    @GET
    @Path("/{id}/resources")
    @Operation(
            operationId = "listResources",
            summary = "Show what the deployment owns at the providers",
            description =
                    "The ledger: what its actions made or took up and did not remove since, the first seen first, "
                            + "each with every report of it. With `all=true` also what was only found, and what was removed.")
    @APIResponse(
            responseCode = "200",
            description = "Every resource",
            content = @Content(schema = @Schema(type = SchemaType.ARRAY, implementation = ResourceView.class)))
    public Uni<Response> resources(
            @PathParam("id") String deployment, @QueryParam("all") @DefaultValue("false") String all) {
        caller.must(Permission.WATCH);
        return orchestrator
                .resources(caller.hub(), Ids.deployment(deployment), bool("all", all))
                .map(resources -> Response.ok(resources)
                        .header(HttpHeaders.CACHE_CONTROL, "private, no-cache")
                        .build());
    }

    @GET
    @Path("/{id}/intent")
    @Operation(
            operationId = "getIntent",
            summary = "Show what the hub signed when it asked for the deployment",
            description =
                    "The canonical request, the DSSE envelope as it was sent, and the keys that signed it: enough "
                            + "to verify it without us.")
    @APIResponse(
            responseCode = "200",
            description = "The intent",
            content = @Content(schema = @Schema(implementation = IntentView.class)))
    public Uni<Response> intent(@PathParam("id") String deployment) {
        caller.must(Permission.WATCH);
        return orchestrator.intent(caller.hub(), Ids.deployment(deployment)).map(intent -> Response.ok(intent)
                .header(HttpHeaders.CACHE_CONTROL, "private, no-cache")
                .build());
    }

    @GET
    @Path("/{id}/requests/{request}")
    @Operation(
            operationId = "getRequest",
            summary = "Show what became of a request",
            description = "It is `accepted` until it is decided; with `wait` the answer is held until then.")
    @APIResponse(
            responseCode = "200",
            description = "Its outcome",
            content = @Content(schema = @Schema(implementation = RequestView.class)))
    @APIResponse(responseCode = "304", description = "As the caller knows it")
    public Uni<Response> request(
            @PathParam("id") String deployment,
            @PathParam("request") String request,
            @QueryParam("wait") String wait,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) String ifNoneMatch) {
        caller.must(Permission.WATCH);
        var hub = caller.hub();
        var id = Ids.deployment(deployment);
        var named = Ids.requestInPath(request);
        return longPoll.answer(wait, ifNoneMatch, hub, id, event -> true, () -> orchestrator
                .request(hub, id, named)
                .map(DeploymentResource::snapshot));
    }

    @POST
    @Path("/{id}/run")
    @Consumes({MediaType.APPLICATION_JSON, MediaType.WILDCARD})
    @Operation(
            operationId = "runDeployment",
            summary = "Run the whole deployment",
            description = "Every app advances on the server until all is done, or something failed. With the hash of a "
                    + "`plan` it begins only if nothing was decided since that plan was made.")
    @APIResponse(
            responseCode = "202",
            description = "Durable; the outcome stands at Location",
            content = @Content(schema = @Schema(implementation = Accepted.class)))
    public Uni<Response> run(
            @PathParam("id") String deployment,
            @HeaderParam(IdempotencyKey.HEADER) String key,
            @HeaderParam(HttpHeaders.CONTENT_TYPE) String contentType,
            @RequestBody(
                            required = false,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = Run.class)))
                    byte[] body) {
        caller.must(Permission.DEPLOY);
        var plan =
                JsonBody.optional(body, contentType, Run.class).map(Run::plan).orElse(null);
        var by = caller.credential().name();
        var id = Ids.deployment(deployment);
        return ask(new DeploymentRequest(DeploymentRequest.Kind.RUN, id, null, null, null, by, false, plan, null), key);
    }

    @POST
    @Path("/{id}/teardown")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "teardownApp",
            summary = "Take an app down",
            description =
                    "Takes back what the app has at the providers, the last made first, and only what still bears "
                            + "our mark; the rest is left and named in the ledger. It carries out a `plan` that was asked for with "
                            + "`for: teardown`, and needs the app's `name` typed as it is and an Idempotency-Key. Repositories are "
                            + "archived, unless `repositories` says `delete`, as the plan must say too.")
    @APIResponse(
            responseCode = "202",
            description = "Durable; the outcome stands at Location",
            content = @Content(schema = @Schema(implementation = Accepted.class)))
    public Uni<Response> teardown(
            @PathParam("id") String deployment,
            @HeaderParam(IdempotencyKey.HEADER) String key,
            @RequestBody(content = @Content(schema = @Schema(implementation = Teardown.class))) byte[] body) {
        caller.must(Permission.DEPLOY);
        var id = Ids.deployment(deployment);
        var asked = JsonBody.read(body, Teardown.class).checked();
        if (key == null) {
            throw new ProblemException(
                    ProblemType.IDEMPOTENCY_KEY_REQUIRED, "A teardown needs the header Idempotency-Key.");
        }
        return ask(
                new DeploymentRequest(
                        DeploymentRequest.Kind.TEARDOWN,
                        id,
                        asked.name(),
                        null,
                        null,
                        caller.credential().name(),
                        false,
                        asked.plan(),
                        Removals.of(asked.repositories())),
                key);
    }

    /** @param plan the hash of the plan to carry out; null for none */
    record Run(String plan) {}

    /**
     * @param plan the hash of the plan to carry out
     * @param name the app's, as a person typed it
     * @param repositories archive or delete; null for archive
     */
    @Schema(requiredProperties = {"plan", "name"})
    record Teardown(String plan, String name, String repositories) {

        Teardown checked() {
            var missing = new ArrayList<Problem.Invalid>();
            if (plan == null) {
                missing.add(
                        new Problem.Invalid("/plan", "is missing: ask for a plan with \"for\": \"teardown\" first"));
            }
            if (name == null) {
                missing.add(new Problem.Invalid("/name", "is missing: type the app's name"));
            }
            if (!missing.isEmpty()) {
                throw new ProblemException(Problem.of(ProblemType.INVALID_REQUEST, "Something is missing.", missing));
            }
            return this;
        }
    }

    @POST
    @Path("/{id}/resume")
    @Operation(operationId = "resumeDeployment", summary = "Go on from what failed")
    @APIResponse(
            responseCode = "202",
            description = "Durable; the outcome stands at Location",
            content = @Content(schema = @Schema(implementation = Accepted.class)))
    public Uni<Response> resume(@PathParam("id") String deployment, @HeaderParam(IdempotencyKey.HEADER) String key) {
        return ask(DeploymentRequest.Kind.RESUME, deployment, key);
    }

    @POST
    @Path("/{id}/cancel")
    @Operation(
            operationId = "cancelDeployment",
            summary = "Stop all that is under way",
            description = "What has not begun is over at once. A result that comes first stands, and nothing follows "
                    + "from it. `resume` goes on from there.")
    @APIResponse(
            responseCode = "202",
            description = "Durable; the outcome stands at Location",
            content = @Content(schema = @Schema(implementation = Accepted.class)))
    public Uni<Response> cancel(@PathParam("id") String deployment, @HeaderParam(IdempotencyKey.HEADER) String key) {
        return ask(DeploymentRequest.Kind.CANCEL, deployment, key);
    }

    private Uni<Response> ask(DeploymentRequest.Kind kind, String deployment, String key) {
        caller.must(Permission.DEPLOY);
        var by = caller.credential().name();
        return ask(new DeploymentRequest(kind, Ids.deployment(deployment), null, null, null, by), key);
    }

    private Uni<Response> ask(DeploymentRequest request, String key) {
        var id = request.deploymentId();
        var here = HERE + "/" + id;
        return requests.accept(
                new Asked(caller.credential(), caller.trace(), here, request, key), accepted -> Uni.createFrom()
                        .item(Accepted.of(accepted, id, request.appId(), null, here + "?request=" + accepted)));
    }

    private static Snapshot snapshot(DeploymentView view) {
        return Snapshot.of(view, view.status() != PublicStatus.RUNNING, false);
    }

    private static Snapshot snapshot(RequestView word) {
        var decided = word.outcome() != RequestView.Outcome.ACCEPTED;
        return Snapshot.of(word, decided, !decided);
    }

    /** The view, and what became of the request that the caller named. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(
            name = "DeploymentWithRequest",
            requiredProperties = {"id", "workflow", "version", "digest", "status", "seq", "createdAt", "actions", "apps"
            })
    record WithRequest(@JsonUnwrapped DeploymentView deployment, RequestView request) {}

    private static Snapshot snapshot(DeploymentView view, RequestView word) {
        if (word.outcome() != RequestView.Outcome.ACCEPTED) {
            return Snapshot.of(new WithRequest(view, word), view.status() != PublicStatus.RUNNING, false);
        }
        var running = new DeploymentView(
                view.id(),
                view.workflow(),
                view.version(),
                view.digest(),
                PublicStatus.RUNNING,
                view.seq(),
                view.createdAt(),
                view.actions(),
                view.apps());
        return Snapshot.of(new WithRequest(running, word), false, true);
    }

    private static boolean bool(String name, String value) {
        if (!value.equals("true") && !value.equals("false")) {
            throw new ProblemException(
                    ProblemType.INVALID_REQUEST, "The parameter %s must be true or false.".formatted(name));
        }
        return value.equals("true");
    }
}
