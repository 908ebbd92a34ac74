package io.offshoot.gateway.orchestrator;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.problem.Problem;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.ActionView;
import io.offshoot.contracts.query.AskSurvey;
import io.offshoot.contracts.query.AttemptView;
import io.offshoot.contracts.query.ConnectionView;
import io.offshoot.contracts.query.CounterSignature;
import io.offshoot.contracts.query.CreateDeployment;
import io.offshoot.contracts.query.DeadLetterView;
import io.offshoot.contracts.query.DeploymentView;
import io.offshoot.contracts.query.EnterConnection;
import io.offshoot.contracts.query.EventPage;
import io.offshoot.contracts.query.InstallationLink;
import io.offshoot.contracts.query.IntentView;
import io.offshoot.contracts.query.ProviderView;
import io.offshoot.contracts.query.ReceiptView;
import io.offshoot.contracts.query.RequestView;
import io.offshoot.contracts.query.ResourceView;
import io.offshoot.contracts.query.SurveyView;
import io.offshoot.contracts.query.WorkflowView;
import io.offshoot.contracts.secret.PublicKeyset;
import io.quarkus.logging.Log;
import io.quarkus.rest.client.reactive.ClientExceptionMapper;
import io.quarkus.rest.client.reactive.jackson.ClientObjectMapper;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.rest.client.annotation.ClientHeaderParam;
import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
import org.jboss.resteasy.reactive.RestResponse;

/** The calls we make; the protocol is in the contracts' README. */
@RegisterRestClient(configKey = "orchestrator")
@ClientHeaderParam(name = "Authorization", value = "Bearer ${offshoot.orchestrator.token}")
@Path("/internal")
interface OrchestratorApi {

    @GET
    @Path("/workflows")
    Uni<List<WorkflowView>> workflows();

    @GET
    @Path("/workflows/{id}")
    Uni<WorkflowView> workflow(@PathParam("id") String id);

    @GET
    @Path("/keysets")
    Uni<List<PublicKeyset>> keysets();

    @POST
    @Path("/hubs/{hub}/deployments")
    Uni<RestResponse<DeploymentView>> create(
            @PathParam("hub") String hub,
            @QueryParam("dryRun") Boolean dryRun,
            @HeaderParam("Idempotency-Key") String key,
            CreateDeployment deployment);

    @GET
    @Path("/hubs/{hub}/deployments")
    Uni<DeploymentView.Page> deployments(
            @PathParam("hub") String hub, @QueryParam("limit") int limit, @QueryParam("cursor") String cursor);

    @GET
    @Path("/hubs/{hub}/deployments/{id}")
    Uni<DeploymentView> deployment(@PathParam("hub") String hub, @PathParam("id") UUID id);

    @GET
    @Path("/hubs/{hub}/deployments/{id}/apps/{app}/actions/{action}")
    Uni<ActionView> action(
            @PathParam("hub") String hub,
            @PathParam("id") UUID id,
            @PathParam("app") String app,
            @PathParam("action") String action,
            @QueryParam("request") UUID request);

    @GET
    @Path("/hubs/{hub}/deployments/{id}/apps/{app}/actions/{action}/attempts")
    Uni<List<AttemptView>> attempts(
            @PathParam("hub") String hub,
            @PathParam("id") UUID id,
            @PathParam("app") String app,
            @PathParam("action") String action);

    @GET
    @Path("/hubs/{hub}/deployments/{id}/resources")
    Uni<List<ResourceView>> resources(
            @PathParam("hub") String hub, @PathParam("id") UUID id, @QueryParam("all") boolean all);

    @GET
    @Path("/hubs/{hub}/deployments/{id}/intent")
    Uni<IntentView> intent(@PathParam("hub") String hub, @PathParam("id") UUID id);

    @POST
    @Path("/hubs/{hub}/deployments/{id}/surveys")
    Uni<SurveyView> survey(@PathParam("hub") String hub, @PathParam("id") UUID id, AskSurvey asked);

    @GET
    @Path("/hubs/{hub}/deployments/{id}/surveys/{survey}")
    Uni<SurveyView> survey(@PathParam("hub") String hub, @PathParam("id") UUID id, @PathParam("survey") UUID survey);

    @GET
    @Path("/hubs/{hub}/deployments/{id}/requests/{request}")
    Uni<RequestView> request(
            @PathParam("hub") String hub, @PathParam("id") UUID id, @PathParam("request") UUID request);

    @POST
    @Path("/hubs/{hub}/deployments/{id}/check")
    Uni<Void> check(@PathParam("hub") String hub, @PathParam("id") UUID id, DeploymentRequest request);

    @GET
    @Path("/hubs/{hub}/deployments/{id}/events")
    Uni<EventPage> events(
            @PathParam("hub") String hub,
            @PathParam("id") UUID id,
            @QueryParam("after") long after,
            @QueryParam("limit") int limit);

    @GET
    @Path("/hubs/{hub}/deployments/{id}/receipt")
    Uni<ReceiptView> receipt(@PathParam("hub") String hub, @PathParam("id") UUID id, @QueryParam("seq") Long seq);

    @POST
    @Path("/hubs/{hub}/deployments/{id}/receipt/{seq}/signatures")
    Uni<ReceiptView> sign(
            @PathParam("hub") String hub,
            @PathParam("id") UUID id,
            @PathParam("seq") long seq,
            CounterSignature signature);

    @GET
    @Path("/receipts/keys")
    Uni<ObjectNode> receiptKeys();

    @GET
    @Path("/hubs/{hub}/events")
    Uni<EventPage> events(
            @PathParam("hub") String hub, @QueryParam("after") String after, @QueryParam("limit") int limit);

    @GET
    @Path("/hubs/{hub}/providers")
    Uni<List<ProviderView>> providers(@PathParam("hub") String hub);

    @GET
    @Path("/providers")
    Uni<List<ProviderView>> providers();

    @GET
    @Path("/hubs/{hub}/connections")
    Uni<List<ConnectionView>> connections(@PathParam("hub") String hub, @QueryParam("provider") String provider);

    @GET
    @Path("/hubs/{hub}/connections/{provider}/{name}")
    Uni<ConnectionView> connection(
            @PathParam("hub") String hub, @PathParam("provider") String provider, @PathParam("name") String name);

    @GET
    @Path("/hubs/{hub}/connections/{provider}/{name}/next")
    Uni<EnterConnection.Next> nextConnection(
            @PathParam("hub") String hub,
            @PathParam("provider") String provider,
            @PathParam("name") String name,
            @QueryParam("key") String key);

    @PUT
    @Path("/hubs/{hub}/connections/{provider}/{name}")
    Uni<ConnectionView> enterConnection(
            @PathParam("hub") String hub,
            @PathParam("provider") String provider,
            @PathParam("name") String name,
            EnterConnection entered);

    @DELETE
    @Path("/hubs/{hub}/connections/{provider}/{name}")
    Uni<Void> removeConnection(
            @PathParam("hub") String hub, @PathParam("provider") String provider, @PathParam("name") String name);

    @POST
    @Path("/hubs/{hub}/connections/github/{name}/installation-links")
    Uni<Void> askInstallation(@PathParam("hub") String hub, @PathParam("name") String name, InstallationLink asked);

    @POST
    @Path("/installations")
    Uni<InstallationLink.Outcome> installed(InstallationLink.Used used);

    @GET
    @Path("/dead-letters")
    Uni<DeadLetterView.Page> deadLetters(@QueryParam("limit") int limit, @QueryParam("cursor") String cursor);

    @GET
    @Path("/dead-letters/{id}")
    Uni<DeadLetterView> deadLetter(@PathParam("id") UUID id);

    @POST
    @Path("/dead-letters/{id}/replay")
    Uni<DeadLetterView> replay(@PathParam("id") UUID id, DeadLetterView.Replay replay);

    /** Messages and views are read leniently, unlike what clients send. */
    @ClientObjectMapper
    static ObjectMapper mapper(ObjectMapper usual) {
        return Messages.json();
    }

    /** A refusal that is about the request is handed on; any other is the orchestrator's, or ours, and nobody's fault. */
    @ClientExceptionMapper
    static RuntimeException toProblem(Response response) {
        var status = response.getStatus();
        if (status == 400 || status == 404 || status == 409 || status == 422) {
            try {
                var problem = Messages.json().readValue(response.readEntity(String.class), Problem.class);
                if (problem.code() != null && problem.status() == status) {
                    return new ProblemException(problem);
                }
            } catch (IOException e) {
                Log.debug("The orchestrator's refusal is no problem document", e);
            }
        }
        Log.warnf("The orchestrator answered %d", status);
        if (status == ProblemType.INTERNAL.status()) {
            return new ProblemException(ProblemType.INTERNAL, ProblemType.INTERNAL.cause());
        }
        return new ProblemException(ProblemType.UNAVAILABLE, "A part of the system did not answer as it should.");
    }
}
