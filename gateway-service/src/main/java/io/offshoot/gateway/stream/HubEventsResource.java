package io.offshoot.gateway.stream;

import io.offshoot.gateway.GatewayConfig;
import io.offshoot.gateway.credential.Caller;
import io.offshoot.gateway.credential.Permission;
import io.offshoot.gateway.orchestrator.Orchestrator;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
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

/** The events of all deployments of a hub, as they happen. */
@Path("/api/v1/events")
@Produces(MediaType.SERVER_SENT_EVENTS)
@Tag(name = "Events")
class HubEventsResource {

    private final Caller caller;
    private final Orchestrator orchestrator;
    private final EventFeed feed;
    private final Streams streams;
    private final Duration heartbeat;

    HubEventsResource(Caller caller, Orchestrator orchestrator, EventFeed feed, Streams streams, GatewayConfig config) {
        this.caller = caller;
        this.orchestrator = orchestrator;
        this.feed = feed;
        this.streams = streams;
        heartbeat = config.heartbeat();
    }

    @GET
    @Blocking
    @Operation(
            operationId = "streamEvents",
            summary = "Stream the events of all deployments of the hub",
            description = "Server-sent events from now on, each at least once. `id` is an opaque cursor; a reader "
                    + "resumes with the header Last-Event-ID.")
    @APIResponse(
            responseCode = "200",
            description =
                    "Each event is named transition; its data is a CloudEvent (contracts/README.md) whose own data is a DeploymentEvent",
            content = @Content(mediaType = MediaType.SERVER_SENT_EVENTS, schema = @Schema(type = SchemaType.STRING)))
    public RestMulti<OutboundSseEvent> ofHub(
            @HeaderParam("Last-Event-ID") String lastEventId, @QueryParam("lastEventId") String lastEventIdInQuery) {
        caller.must(Permission.EVENTS);
        var hub = caller.hub();
        var given = lastEventId == null ? lastEventIdInQuery : lastEventId;
        var cursor = given == null ? "" : given;
        return streams.open(
                caller.credential(),
                () -> feed.listen(hub),
                orchestrator.events(hub, cursor, Streams.PAGE),
                (inbox, page) -> {
                    var tail = new HubTail(
                            inbox,
                            last -> orchestrator.events(hub, last, Streams.PAGE),
                            cursor,
                            heartbeat,
                            Streams.PAUSE);
                    return new Streams.Opened(tail, tail.take(page));
                });
    }
}
