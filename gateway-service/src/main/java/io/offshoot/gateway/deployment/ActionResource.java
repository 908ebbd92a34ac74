package io.offshoot.gateway.deployment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.message.PublicStatus;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.ActionView;
import io.offshoot.contracts.query.AttemptView;
import io.offshoot.contracts.query.RequestView;
import io.offshoot.gateway.body.Ids;
import io.offshoot.gateway.body.JsonBody;
import io.offshoot.gateway.credential.Caller;
import io.offshoot.gateway.credential.Permission;
import io.offshoot.gateway.orchestrator.Orchestrator;
import io.offshoot.gateway.request.Asked;
import io.offshoot.gateway.request.IdempotencyKey;
import io.offshoot.gateway.request.Requests;
import io.offshoot.gateway.request.Undecided;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
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
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** One action of one app: trigger it, and see where it stands. */
@Path("/api/v1/deployments/{id}/apps/{app}/actions/{action}")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Actions")
class ActionResource {

    private final Caller caller;
    private final Orchestrator orchestrator;
    private final Requests requests;
    private final Undecided undecided;
    private final LongPoll longPoll;

    ActionResource(
            Caller caller, Orchestrator orchestrator, Requests requests, Undecided undecided, LongPoll longPoll) {
        this.caller = caller;
        this.orchestrator = orchestrator;
        this.requests = requests;
        this.undecided = undecided;
        this.longPoll = longPoll;
    }

    /**
     * @param args override the action's part of the app's input; null for none
     * @param rerun begin even what is done anew
     */
    record Trigger(ObjectNode args, boolean rerun) {}

    @POST
    @Consumes({MediaType.APPLICATION_JSON, MediaType.WILDCARD})
    @Operation(
            operationId = "triggerAction",
            summary = "Trigger an action",
            description =
                    "Ensures that it runs: joins a run under way, answers what is done, begins again what failed. With "
                            + "`rerun`, which needs an Idempotency-Key, what is done begins anew too.")
    @APIResponse(
            responseCode = "202",
            description = "Durable; the outcome stands at Location",
            content = @Content(schema = @Schema(implementation = Accepted.class)))
    public Uni<Response> trigger(
            @PathParam("id") String deployment,
            @PathParam("app") String app,
            @PathParam("action") String action,
            @HeaderParam(IdempotencyKey.HEADER) String key,
            @HeaderParam(HttpHeaders.CONTENT_TYPE) String contentType,
            @RequestBody(
                            required = false,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = Trigger.class)))
                    byte[] body) {
        caller.must(Permission.TRIGGER);
        var by = caller.credential();
        var id = Ids.deployment(deployment);
        var asked = JsonBody.optional(body, contentType, Trigger.class).orElseGet(() -> new Trigger(null, false));
        if (asked.rerun() && key == null) {
            throw new ProblemException(
                    ProblemType.IDEMPOTENCY_KEY_REQUIRED, "A rerun needs the header Idempotency-Key.");
        }
        return accept(
                new DeploymentRequest(
                        DeploymentRequest.Kind.TRIGGER,
                        id,
                        Ids.app(app),
                        Ids.action(action),
                        asked.args(),
                        by.name(),
                        asked.rerun()),
                key);
    }

    @POST
    @Path("/cancel")
    @Operation(
            operationId = "cancelAction",
            summary = "Stop an action",
            description = "At once if nothing can have begun; else when it is known what became of it. A result that "
                    + "comes first stands.")
    @APIResponse(
            responseCode = "202",
            description = "Durable; the outcome stands at Location",
            content = @Content(schema = @Schema(implementation = Accepted.class)))
    public Uni<Response> cancel(
            @PathParam("id") String deployment,
            @PathParam("app") String app,
            @PathParam("action") String action,
            @HeaderParam(IdempotencyKey.HEADER) String key) {
        caller.must(Permission.TRIGGER);
        var by = caller.credential();
        return accept(
                new DeploymentRequest(
                        DeploymentRequest.Kind.CANCEL,
                        Ids.deployment(deployment),
                        Ids.app(app),
                        Ids.action(action),
                        null,
                        by.name()),
                key);
    }

    @POST
    @Path("/look")
    @Operation(
            operationId = "lookAtAction",
            summary = "Have a waiting action look again soon",
            description = "For whoever has just done what the action waits for. It is looked at two seconds later "
                    + "instead of in its own time; one that does not wait stays as it is.")
    @APIResponse(
            responseCode = "202",
            description = "Durable; the outcome stands at Location",
            content = @Content(schema = @Schema(implementation = Accepted.class)))
    public Uni<Response> look(
            @PathParam("id") String deployment,
            @PathParam("app") String app,
            @PathParam("action") String action,
            @HeaderParam(IdempotencyKey.HEADER) String key) {
        caller.must(Permission.TRIGGER);
        var by = caller.credential();
        return accept(
                new DeploymentRequest(
                        DeploymentRequest.Kind.HINT,
                        Ids.deployment(deployment),
                        Ids.app(app),
                        Ids.action(action),
                        null,
                        by.name()),
                key);
    }

    private Uni<Response> accept(DeploymentRequest request, String key) {
        var id = request.deploymentId();
        var app = request.appId();
        var action = request.actionId();
        var here = "/api/v1/deployments/%s/apps/%s/actions/%s".formatted(id, app, action);
        return requests.accept(
                new Asked(caller.credential(), caller.trace(), here, request, key), accepted -> Uni.createFrom()
                        .item(Accepted.of(accepted, id, app, action, here + "?trigger=" + accepted)));
    }

    @GET
    @Path("/attempts")
    @Operation(
            operationId = "listAttempts",
            summary = "List the attempts of an action",
            description = "The first first, with how each ended.")
    @APIResponse(
            responseCode = "200",
            description = "Every attempt",
            content = @Content(schema = @Schema(type = SchemaType.ARRAY, implementation = AttemptView.class)))
    public Uni<Response> attempts(
            @PathParam("id") String deployment, @PathParam("app") String app, @PathParam("action") String action) {
        caller.must(Permission.WATCH);
        return orchestrator
                .attempts(caller.hub(), Ids.deployment(deployment), Ids.app(app), Ids.action(action))
                .map(attempts -> Response.ok(attempts)
                        .header(HttpHeaders.CACHE_CONTROL, "private, no-cache")
                        .build());
    }

    @GET
    @Operation(
            operationId = "getAction",
            summary = "Poll an action",
            description = "With `wait` the answer is held until something changes. With `trigger` it also tells what "
                    + "became of that request, and never shows the state from before it.")
    @APIResponse(
            responseCode = "200",
            description = "Where it stands",
            content = @Content(schema = @Schema(implementation = ActionView.class)))
    @APIResponse(responseCode = "304", description = "As the caller knows it")
    public Uni<Response> poll(
            @PathParam("id") String deployment,
            @PathParam("app") String app,
            @PathParam("action") String action,
            @QueryParam("trigger") String trigger,
            @QueryParam("wait") String wait,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) String ifNoneMatch) {
        caller.must(Permission.WATCH);
        var hub = caller.hub();
        var id = Ids.deployment(deployment);
        Ids.app(app);
        Ids.action(action);
        var named = Ids.request(trigger);
        return longPoll.answer(
                wait,
                ifNoneMatch,
                hub,
                id,
                event -> event.appId().equals(app) && event.stepId().equals(action),
                () -> orchestrator
                        .action(hub, id, app, action, named == null ? undecided.of(id, app, action) : named)
                        .invoke(view -> undecided.heard(id, app, action, view.request()))
                        .map(ActionResource::snapshot));
    }

    private static Snapshot snapshot(ActionView view) {
        var waitsForWord = view.request() != null && view.request().outcome() == RequestView.Outcome.ACCEPTED;
        return Snapshot.of(view, view.status() != PublicStatus.RUNNING, waitsForWord);
    }
}
