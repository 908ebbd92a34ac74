package io.offshoot.gateway.stream;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.GatewayConfig;
import io.offshoot.gateway.body.Ids;
import io.offshoot.gateway.credential.Caller;
import io.offshoot.gateway.credential.Permission;
import io.offshoot.gateway.orchestrator.Orchestrator;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestMulti;

/** The events of one deployment, as they happen. */
@Path("/api/v1/deployments/{id}/events")
@Produces(MediaType.SERVER_SENT_EVENTS)
@Tag(name = "Events")
class DeploymentEventsResource {

    private final Caller caller;
    private final Orchestrator orchestrator;
    private final EventFeed feed;
    private final Streams streams;
    private final Duration heartbeat;

    DeploymentEventsResource(
            Caller caller, Orchestrator orchestrator, EventFeed feed, Streams streams, GatewayConfig config) {
        this.caller = caller;
        this.orchestrator = orchestrator;
        this.feed = feed;
        this.streams = streams;
        heartbeat = config.heartbeat();
    }

    @GET
    @Blocking
    @Operation(
            operationId = "streamDeploymentEvents",
            summary = "Stream the events of one deployment",
            description = "Server-sent events: first what has happened, then what happens, ordered, none left out. "
                    + "`id` is the event's seq; a reader resumes with the header Last-Event-ID.")
    @APIResponse(
            responseCode = "200",
            description =
                    "Each event is named transition; its data is a CloudEvent (contracts/README.md) whose own data is a DeploymentEvent, its id the event's seq",
            content = @Content(mediaType = MediaType.SERVER_SENT_EVENTS, schema = @Schema(type = SchemaType.STRING)))
    public RestMulti<OutboundSseEvent> ofDeployment(
            @PathParam("id") String deployment,
            @HeaderParam("Last-Event-ID") String lastEventId,
            @QueryParam("lastEventId") String lastEventIdInQuery) {
        caller.must(Permission.EVENTS);
        var hub = caller.hub();
        var id = Ids.deployment(deployment);
        var after = seq(lastEventId == null ? lastEventIdInQuery : lastEventId);
        return streams.open(
                caller.credential(),
                () -> feed.listen(hub, id, event -> true),
                orchestrator.events(hub, id, after, Streams.PAGE),
                (inbox, page) -> {
                    var tail = new DeploymentTail(
                            inbox,
                            last -> orchestrator.events(hub, id, last, Streams.PAGE),
                            after,
                            heartbeat,
                            Streams.PAUSE);
                    return new Streams.Opened(tail, tail.take(page));
                });
    }

    private static long seq(String lastEventId) {
        try {
            var seq = lastEventId == null || lastEventId.isBlank() ? 0 : Long.parseLong(lastEventId.strip());
            if (seq >= 0) {
                return seq;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new ProblemException(ProblemType.INVALID_REQUEST, "Last-Event-ID must be the id of an event.");
    }
}
