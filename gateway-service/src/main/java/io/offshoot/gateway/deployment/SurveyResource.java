package io.offshoot.gateway.deployment;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.offshoot.contracts.problem.Problem;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.AskSurvey;
import io.offshoot.contracts.query.SurveyView;
import io.offshoot.contracts.query.SurveyView.Kind;
import io.offshoot.gateway.body.Ids;
import io.offshoot.gateway.body.JsonBody;
import io.offshoot.gateway.credential.Caller;
import io.offshoot.gateway.credential.Permission;
import io.offshoot.gateway.orchestrator.Orchestrator;
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
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Looks at what a deployment would do, and at what it owns. They change nothing. */
@Path("/api/v1/deployments/{id}")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Plans")
class SurveyResource {

    private static final String PLANS = "plans";
    private static final String OBSERVATIONS = "observations";

    private final Caller caller;
    private final Orchestrator orchestrator;
    private final LongPoll longPoll;

    SurveyResource(Caller caller, Orchestrator orchestrator, LongPoll longPoll) {
        this.caller = caller;
        this.orchestrator = orchestrator;
        this.longPoll = longPoll;
    }

    /**
     * @param what run, or teardown of one app; null for run
     * @param app the app that is meant; null for all, or for the only one
     * @param repositories with a teardown: archive or delete; null for archive
     */
    record Plan(@JsonProperty("for") String what, String app, String repositories) {

        AskSurvey asked(String by) {
            var kind =
                    switch (what == null ? "run" : what) {
                        case "run" -> Kind.PLAN;
                        case "teardown" -> Kind.TEARDOWN;
                        default -> throw invalid("/for", "must be run or teardown");
                    };
            if (kind == Kind.PLAN && repositories != null) {
                throw invalid("/repositories", "is for teardowns only");
            }
            return new AskSurvey(kind, app, kind == Kind.PLAN ? null : Removals.of(repositories), by);
        }

        private static ProblemException invalid(String pointer, String detail) {
            return new ProblemException(Problem.of(
                    ProblemType.INVALID_REQUEST,
                    "A value does not fit.",
                    List.of(new Problem.Invalid(pointer, detail))));
        }
    }

    /** @param app whose resources to look at; null for all */
    record Observe(String app) {}

    @POST
    @Path("/plan")
    @Consumes({MediaType.APPLICATION_JSON, MediaType.WILDCARD})
    @Operation(
            operationId = "planDeployment",
            summary = "Plan a run or a teardown",
            description =
                    "Only reads: what it would create, adopt, change, leave, take back, or trip over, and the calls "
                            + "that takes. The plan stands at Location as soon as everything has been looked at. Its hash binds "
                            + "`run` and `teardown` to it.")
    @APIResponse(
            responseCode = "202",
            description = "It is being made; it stands at Location",
            content = @Content(schema = @Schema(implementation = SurveyView.class)))
    public Uni<Response> plan(
            @PathParam("id") String deployment,
            @HeaderParam(HttpHeaders.CONTENT_TYPE) String contentType,
            @RequestBody(
                            required = false,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = Plan.class)))
                    byte[] body) {
        caller.must(Permission.TRIGGER);
        var asked = JsonBody.optional(body, contentType, Plan.class)
                .orElseGet(() -> new Plan(null, null, null))
                .asked(caller.credential().name());
        return begin(deployment, asked, PLANS);
    }

    @POST
    @Path("/observe")
    @Consumes({MediaType.APPLICATION_JSON, MediaType.WILDCARD})
    @Operation(
            operationId = "observeDeployment",
            summary = "Observe what the deployment owns",
            description =
                    "Only reads: whether each resource of the ledger is as it was left, changed, missing, moved, or "
                            + "behind what it was made from. Nothing is repaired.")
    @APIResponse(
            responseCode = "202",
            description = "It is being made; it stands at Location",
            content = @Content(schema = @Schema(implementation = SurveyView.class)))
    public Uni<Response> observe(
            @PathParam("id") String deployment,
            @HeaderParam(HttpHeaders.CONTENT_TYPE) String contentType,
            @RequestBody(
                            required = false,
                            content =
                                    @Content(
                                            mediaType = MediaType.APPLICATION_JSON,
                                            schema = @Schema(implementation = Observe.class)))
                    byte[] body) {
        caller.must(Permission.TRIGGER);
        var app = JsonBody.optional(body, contentType, Observe.class)
                .map(Observe::app)
                .orElse(null);
        var asked =
                new AskSurvey(Kind.OBSERVATION, app, null, caller.credential().name());
        return begin(deployment, asked, OBSERVATIONS);
    }

    @GET
    @Path("/plans/{plan}")
    @Operation(
            operationId = "getPlan",
            summary = "Show a plan",
            description = "With `wait` the answer is held until the plan is done.")
    @APIResponse(
            responseCode = "200",
            description = "The plan; without findings while it is being made",
            content = @Content(schema = @Schema(implementation = SurveyView.class)))
    @APIResponse(responseCode = "304", description = "As the caller knows it")
    public Uni<Response> plan(
            @PathParam("id") String deployment,
            @PathParam("plan") String plan,
            @QueryParam("wait") String wait,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) String ifNoneMatch) {
        caller.must(Permission.WATCH);
        return show(deployment, plan, wait, ifNoneMatch);
    }

    @GET
    @Path("/observations/{observation}")
    @Operation(
            operationId = "getObservation",
            summary = "Show an observation",
            description = "With `wait` the answer is held until everything has been looked at.")
    @APIResponse(
            responseCode = "200",
            description = "The observation; without findings while it is being made",
            content = @Content(schema = @Schema(implementation = SurveyView.class)))
    @APIResponse(responseCode = "304", description = "As the caller knows it")
    public Uni<Response> observation(
            @PathParam("id") String deployment,
            @PathParam("observation") String observation,
            @QueryParam("wait") String wait,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) String ifNoneMatch) {
        caller.must(Permission.WATCH);
        return show(deployment, observation, wait, ifNoneMatch);
    }

    private Uni<Response> begin(String deployment, AskSurvey asked, String where) {
        var id = Ids.deployment(deployment);
        return orchestrator.survey(caller.hub(), id, asked).map(survey -> Response.accepted(shown(survey))
                .header(HttpHeaders.LOCATION, "/api/v1/deployments/%s/%s/%s".formatted(id, where, survey.id()))
                .header(HttpHeaders.RETRY_AFTER, 2)
                .build());
    }

    private Uni<Response> show(String deployment, String survey, String wait, String ifNoneMatch) {
        var hub = caller.hub();
        var id = Ids.deployment(deployment);
        UUID named = Ids.survey(survey);
        return longPoll.answer(wait, ifNoneMatch, hub, id, event -> false, () -> orchestrator
                .survey(hub, id, named)
                .map(view -> Snapshot.of(shown(view), view.done(), !view.done())));
    }

    /** What has been found so far is no plan yet. */
    private static SurveyView shown(SurveyView survey) {
        return survey.done()
                ? survey
                : new SurveyView(
                        survey.id(),
                        survey.deploymentId(),
                        survey.kind(),
                        survey.appId(),
                        survey.removal(),
                        false,
                        null,
                        null,
                        survey.askedBy(),
                        survey.askedAt(),
                        null,
                        null,
                        null);
    }
}
