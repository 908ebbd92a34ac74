package io.offshoot.orchestrator.query;

import io.offshoot.contracts.failpoint.Failpoint;
import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.ActionView;
import io.offshoot.contracts.query.AskSurvey;
import io.offshoot.contracts.query.AttemptView;
import io.offshoot.contracts.query.CreateDeployment;
import io.offshoot.contracts.query.DeploymentView;
import io.offshoot.contracts.query.EventPage;
import io.offshoot.contracts.query.IntentView;
import io.offshoot.contracts.query.ProviderView;
import io.offshoot.contracts.query.RequestView;
import io.offshoot.contracts.query.ResourceView;
import io.offshoot.contracts.query.SurveyView;
import io.offshoot.orchestrator.lane.Providers;
import io.offshoot.orchestrator.registration.Registration;
import io.offshoot.orchestrator.survey.Surveys;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.UUID;

/** Questions and registrations of one hub, asked by the gateway. */
@Path("/internal/hubs/{hub}")
@Blocking
public class HubResource {

    private static final int MOST = 500;

    private final Registration registration;
    private final Queries queries;
    private final Precheck precheck;
    private final Surveys surveys;
    private final Providers providers;

    HubResource(Registration registration, Queries queries, Precheck precheck, Surveys surveys, Providers providers) {
        this.registration = registration;
        this.queries = queries;
        this.precheck = precheck;
        this.surveys = surveys;
        this.providers = providers;
    }

    @POST
    @Path("/deployments")
    public Response create(
            @PathParam("hub") String hub,
            @HeaderParam("Idempotency-Key") String key,
            @QueryParam("dryRun") boolean dryRun,
            CreateDeployment asked) {
        if (asked == null) {
            throw new ProblemException(ProblemType.MALFORMED_JSON, "The body is empty.");
        }
        if (dryRun) {
            var workflow = registration.validate(hub, asked);
            return Response.ok(new DeploymentView(
                            null,
                            workflow.id(),
                            workflow.version(),
                            workflow.digest(),
                            null,
                            0,
                            null,
                            Views.needs(workflow),
                            List.of()))
                    .build();
        }
        var registered = registration.register(hub, key, asked);
        Failpoint.ORCHESTRATOR_AFTER_REGISTRATION_COMMIT.reached();
        var view = queries.deployment(hub, registered.id());
        return registered.replayed()
                ? Response.ok(view).header("Idempotent-Replayed", true).build()
                : Response.status(Response.Status.CREATED).entity(view).build();
    }

    @GET
    @Path("/deployments")
    public DeploymentView.Page list(
            @PathParam("hub") String hub,
            @QueryParam("cursor") String cursor,
            @QueryParam("limit") @DefaultValue("50") int limit) {
        return queries.page(hub, cursor == null ? null : cursor(cursor), within(limit));
    }

    @GET
    @Path("/deployments/{id}")
    public DeploymentView one(@PathParam("hub") String hub, @PathParam("id") String id) {
        return queries.deployment(hub, uuid(id));
    }

    @POST
    @Path("/deployments/{id}/check")
    public void check(@PathParam("hub") String hub, @PathParam("id") String id, DeploymentRequest request) {
        precheck.check(hub, uuid(id), request);
    }

    @GET
    @Path("/deployments/{id}/apps/{app}/actions/{action}")
    public ActionView action(
            @PathParam("hub") String hub,
            @PathParam("id") String id,
            @PathParam("app") String app,
            @PathParam("action") String action,
            @QueryParam("request") String request) {
        return queries.action(hub, uuid(id), app, action, request == null ? null : uuid(request));
    }

    @GET
    @Path("/deployments/{id}/apps/{app}/actions/{action}/attempts")
    public List<AttemptView> attempts(
            @PathParam("hub") String hub,
            @PathParam("id") String id,
            @PathParam("app") String app,
            @PathParam("action") String action) {
        return queries.attempts(hub, uuid(id), app, action);
    }

    @GET
    @Path("/deployments/{id}/resources")
    public List<ResourceView> resources(
            @PathParam("hub") String hub, @PathParam("id") String id, @QueryParam("all") boolean all) {
        return queries.resources(hub, uuid(id), all);
    }

    @GET
    @Path("/deployments/{id}/intent")
    public IntentView intent(@PathParam("hub") String hub, @PathParam("id") String id) {
        return queries.intent(hub, uuid(id));
    }

    @POST
    @Path("/deployments/{id}/surveys")
    public SurveyView survey(@PathParam("hub") String hub, @PathParam("id") String id, AskSurvey asked) {
        if (asked == null || asked.kind() == null) {
            throw new ProblemException(ProblemType.INVALID_REQUEST, "What is asked for is missing.");
        }
        return surveys.begin(hub, uuid(id), asked);
    }

    @GET
    @Path("/deployments/{id}/surveys/{survey}")
    public SurveyView survey(
            @PathParam("hub") String hub, @PathParam("id") String id, @PathParam("survey") String survey) {
        return surveys.one(hub, uuid(id), uuid(survey));
    }

    @GET
    @Path("/deployments/{id}/requests/{request}")
    public RequestView request(
            @PathParam("hub") String hub, @PathParam("id") String id, @PathParam("request") String request) {
        return queries.request(hub, uuid(id), uuid(request));
    }

    @GET
    @Path("/deployments/{id}/events")
    public EventPage events(
            @PathParam("hub") String hub,
            @PathParam("id") String id,
            @QueryParam("after") long after,
            @QueryParam("limit") @DefaultValue("200") int limit) {
        return queries.events(hub, uuid(id), after, within(limit));
    }

    @GET
    @Path("/providers")
    public List<ProviderView> providers(@PathParam("hub") String hub) {
        return providers.of(hub);
    }

    @GET
    @Path("/events")
    public EventPage feed(
            @PathParam("hub") String hub,
            @QueryParam("after") String after,
            @QueryParam("limit") @DefaultValue("200") int limit) {
        return queries.feed(hub, FeedCursor.parse(after), within(limit));
    }

    private static int within(int limit) {
        return Math.max(1, Math.min(MOST, limit));
    }

    private static UUID cursor(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ProblemType.INVALID_REQUEST, "The cursor is not one of this list.");
        }
    }

    /** An id that is none names nothing. */
    private static UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(ProblemType.UNKNOWN_DEPLOYMENT, "The hub has no deployment of that id.");
        }
    }
}
