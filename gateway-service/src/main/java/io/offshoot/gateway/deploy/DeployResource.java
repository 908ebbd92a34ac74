package io.offshoot.gateway.deploy;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.message.Instructions;
import io.offshoot.contracts.message.PublicStatus;
import io.offshoot.contracts.problem.Problem;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.ActionView;
import io.offshoot.contracts.query.DeploymentView;
import io.offshoot.contracts.query.RequestView;
import io.offshoot.gateway.GatewayConfig;
import io.offshoot.gateway.body.Ids;
import io.offshoot.gateway.body.JsonBody;
import io.offshoot.gateway.credential.Caller;
import io.offshoot.gateway.credential.Permission;
import io.offshoot.gateway.deployment.NewDeployment;
import io.offshoot.gateway.deployment.Registrations;
import io.offshoot.gateway.orchestrator.Orchestrator;
import io.offshoot.gateway.request.Answer;
import io.offshoot.gateway.request.Asked;
import io.offshoot.gateway.request.IdempotencyKey;
import io.offshoot.gateway.request.ReplayedProblem;
import io.offshoot.gateway.request.Requests;
import io.offshoot.gateway.request.Undecided;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The first API's one endpoint, kept: clients written for it work unchanged. */
@Path(DeployResource.HERE)
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Deploy")
class DeployResource {

    static final String HERE = "/api/deploy";

    private static final Duration FIRST_ASK = Duration.ofMillis(15);

    private final Caller caller;
    private final Orchestrator orchestrator;
    private final Registrations registrations;
    private final Requests requests;
    private final Undecided undecided;
    private final Duration wordWithin;
    private final Clock clock;

    DeployResource(
            Caller caller,
            Orchestrator orchestrator,
            Registrations registrations,
            Requests requests,
            Undecided undecided,
            GatewayConfig config,
            Clock clock) {
        this.caller = caller;
        this.orchestrator = orchestrator;
        this.registrations = registrations;
        this.requests = requests;
        this.undecided = undecided;
        wordWithin = config.wordWithin();
        this.clock = clock;
    }

    /** The body of every mode but <code>init</code>. */
    record ActionCall(String mode, String workflowId, String appId, String actionId, ObjectNode args) {}

    /** The body of all modes, for the API document. */
    record DeployCall(
            @Schema(enumeration = {"init", "trigger", "status", "poll"})
            String mode,

            @Schema(description = "init: the workflow's id") String workflow,

            @Schema(description = "init: what all apps share")
            ObjectNode config,

            @Schema(description = "init: environment variables of every app")
            ObjectNode envVars,

            @Schema(description = "init: provider to the account's name")
            ObjectNode connections,

            @Schema(description = "init") List<NewDeployment.App> apps,

            @Schema(description = "init: secrets of this deployment, by name")
            ObjectNode secrets,

            @Schema(description = "init: the hub's signature of what is asked for")
            ObjectNode intent,

            @Schema(description = "trigger, status, poll: the id that init answered")
            String workflowId,

            @Schema(description = "trigger, status, poll") String appId,
            @Schema(description = "trigger, status, poll") String actionId,

            @Schema(description = "trigger: override the action's input")
            ObjectNode args) {}

    @Schema(requiredProperties = {"workflowId", "actions", "apps"})
    record Initialised(UUID workflowId, List<DeploymentView.Needs> actions, List<App> apps) {

        @Schema(
                name = "InitialisedApp",
                requiredProperties = {"appId", "workflow", "actions"})
        record App(String appId, String workflow, List<DeploymentView.Needs> actions) {}

        static Initialised of(DeploymentView view) {
            return new Initialised(
                    view.id(),
                    view.actions(),
                    view.apps().stream()
                            .map(app -> new App(app.appId(), view.workflow(), view.actions()))
                            .toList());
        }
    }

    /** @param message what went wrong, fit to be shown */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(requiredProperties = {"code", "message", "retryable"})
    record ActionError(String code, String message, boolean retryable, Long retryAfterMs) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(requiredProperties = {"workflowId", "appId", "actionId", "status", "state", "attempt"})
    record ActionStatus(
            UUID workflowId,
            String appId,
            String actionId,
            PublicStatus status,
            String state,
            int attempt,
            ActionError error,
            ObjectNode outputs,
            Instructions instructions) {

        static ActionStatus of(UUID workflowId, ActionView view) {
            var error = view.error() == null
                    ? null
                    : new ActionError(
                            view.error().code(),
                            view.error().message(),
                            view.error().kind().isRetried(),
                            view.error().retryAfterMs());
            return new ActionStatus(
                    workflowId,
                    view.appId(),
                    view.actionId(),
                    view.status(),
                    view.state(),
                    view.attempt(),
                    error,
                    view.outputs(),
                    view.instructions());
        }
    }

    @POST
    @Operation(
            operationId = "deploy",
            summary = "Create a deployment, trigger an action, or ask where it stands",
            description = "`init` creates and answers the actions in an order that satisfies their needs. `trigger` "
                    + "answers 202. `status` and `poll` are the same.")
    @APIResponse(
            responseCode = "200",
            description = "init, status, poll",
            content = @Content(schema = @Schema(oneOf = {Initialised.class, ActionStatus.class})))
    @APIResponse(
            responseCode = "202",
            description = "trigger: durable",
            content = @Content(schema = @Schema(implementation = ActionStatus.class)))
    public Uni<Response> deploy(
            @RequestBody(content = @Content(schema = @Schema(implementation = DeployCall.class))) byte[] body,
            @HeaderParam(IdempotencyKey.HEADER) String key) {
        // What else the mode takes is asked for when the mode is known.
        caller.must(Permission.WATCH);
        var call = JsonBody.object(body);
        var usableKey = IdempotencyKey.checked(key);
        return switch (call.path("mode").asText()) {
            case "init" -> init(call, usableKey);
            case "trigger" -> trigger(JsonBody.as(call, ActionCall.class), usableKey);
            case "status", "poll" -> status(JsonBody.as(call, ActionCall.class));
            default ->
                throw new ProblemException(Problem.of(
                        ProblemType.WRONG_MODE,
                        ProblemType.WRONG_MODE.title() + ".",
                        List.of(new Problem.Invalid("/mode", "Not one of init, trigger, status, poll."))));
        };
    }

    private Uni<Response> init(ObjectNode call, String key) {
        caller.must(Permission.DEPLOY);
        call.remove("mode");
        return registrations.create(caller.hub(), call, key).map(created -> {
            var answer = Response.ok(Initialised.of(created.deployment()));
            return created.replayed()
                    ? answer.header(ReplayedProblem.HEADER, "true").build()
                    : answer.build();
        });
    }

    private Uni<Response> trigger(ActionCall call, String key) {
        caller.must(Permission.TRIGGER);
        demandIds(call);
        var by = caller.credential();
        var id = Ids.deployment(call.workflowId());
        var app = Ids.app(call.appId());
        var action = Ids.action(call.actionId());
        var request = new DeploymentRequest(DeploymentRequest.Kind.TRIGGER, id, app, action, call.args(), by.name());
        var location = "/api/v1/deployments/%s/apps/%s/actions/%s?trigger=".formatted(id, app, action);
        return requests.accept(
                new Asked(by, caller.trace(), HERE, request, key), accepted -> word(by.hub(), request, accepted)
                        .map(view -> Answer.accepted(ActionStatus.of(id, view), location + accepted)));
    }

    private Uni<Response> status(ActionCall call) {
        demandIds(call);
        var hub = caller.hub();
        var id = Ids.deployment(call.workflowId());
        var app = Ids.app(call.appId());
        var action = Ids.action(call.actionId());
        return orchestrator
                .action(hub, id, app, action, undecided.of(id, app, action))
                .invoke(view -> undecided.heard(id, app, action, view.request()))
                .map(view -> Response.ok(
                                refused(view) && view.status() == PublicStatus.IDLE
                                        ? refusal(id, view)
                                        : ActionStatus.of(id, view))
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .build());
    }

    /** What the orchestrator makes of a trigger, if it says so in time; it is accepted in any case. */
    private Uni<ActionView> word(String hub, DeploymentRequest request, UUID id) {
        return ask(hub, request, id, FIRST_ASK, clock.instant().plus(wordWithin))
                .ifNoItem()
                .after(wordWithin)
                .fail()
                .onFailure()
                .recoverWithItem(() -> accepted(request))
                .invoke(view ->
                        undecided.heard(request.deploymentId(), request.appId(), request.actionId(), view.request()))
                .invoke(view -> {
                    if (refused(view)) {
                        undecided.told(request.deploymentId(), request.appId(), request.actionId(), id);
                        throw new ProblemException(problem(view.request()));
                    }
                });
    }

    private Uni<ActionView> ask(String hub, DeploymentRequest request, UUID id, Duration pause, Instant deadline) {
        return orchestrator
                .action(hub, request.deploymentId(), request.appId(), request.actionId(), id)
                .flatMap(view -> {
                    var undecidedYet =
                            view.request() != null && view.request().outcome() == RequestView.Outcome.ACCEPTED;
                    if (!undecidedYet || clock.instant().plus(pause).isAfter(deadline)) {
                        return Uni.createFrom().item(view);
                    }
                    return Uni.createFrom()
                            .voidItem()
                            .onItem()
                            .delayIt()
                            .by(pause)
                            .chain(() -> ask(hub, request, id, pause.multipliedBy(2), deadline));
                });
    }

    private static ActionView accepted(DeploymentRequest request) {
        return new ActionView(
                request.appId(),
                request.actionId(),
                PublicStatus.RUNNING,
                "ACCEPTED",
                0,
                0,
                0,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private static boolean refused(ActionView view) {
        return view.request() != null && view.request().outcome() == RequestView.Outcome.REFUSED;
    }

    /** A refusal that came after the 202: a client that only polls learns of it here, or would poll for ever. */
    private static ActionStatus refusal(UUID workflowId, ActionView view) {
        var problem = problem(view.request());
        return new ActionStatus(
                workflowId,
                view.appId(),
                view.actionId(),
                PublicStatus.ERROR,
                view.state(),
                view.attempt(),
                new ActionError(problem.code(), problem.detail(), problem.retryable(), null),
                null,
                view.instructions());
    }

    private static Problem problem(RequestView word) {
        for (ProblemType type : ProblemType.values()) {
            if (type.code().equals(word.code())) {
                return Problem.of(type, word.detail());
            }
        }
        // A newer orchestrator may know refusals that we do not.
        return new Problem(
                "about:blank",
                "The request was refused",
                409,
                word.detail(),
                null,
                word.code(),
                false,
                null,
                List.of());
    }

    private static void demandIds(ActionCall call) {
        var missing = new ArrayList<Problem.Invalid>();
        demand(call.workflowId(), "/workflowId", missing);
        demand(call.appId(), "/appId", missing);
        demand(call.actionId(), "/actionId", missing);
        if (!missing.isEmpty()) {
            throw new ProblemException(
                    Problem.of(ProblemType.INVALID_REQUEST, ProblemType.INVALID_REQUEST.title() + ".", missing));
        }
    }

    private static void demand(String value, String pointer, List<Problem.Invalid> missing) {
        if (value == null || value.isEmpty()) {
            missing.add(new Problem.Invalid(pointer, "This must be given."));
        }
    }
}
