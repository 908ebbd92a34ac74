package io.offshoot.gateway.stream;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.EventPage;
import io.offshoot.gateway.GatewayConfig;
import io.offshoot.gateway.body.Ids;
import io.offshoot.gateway.credential.Caller;
import io.offshoot.gateway.orchestrator.Orchestrator;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestMulti;

/** Events as they happen. */
@Path("/api/v1")
@Produces(MediaType.SERVER_SENT_EVENTS)
@Tag(name = "Events")
class StreamResource {

    private static final int PAGE = 200;
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final long RECONNECT_MS = 2_000;
    private static final Map<String, List<String>> HEADERS =
            Map.of("Cache-Control", List.of("no-store"), "X-Accel-Buffering", List.of("no"));

    private final Caller caller;
    private final Orchestrator orchestrator;
    private final EventFeed feed;
    private final Duration heartbeat;
    private final Semaphore free;
    private final Sse sse;

    StreamResource(Caller caller, Orchestrator orchestrator, EventFeed feed, GatewayConfig config, @Context Sse sse) {
        this.caller = caller;
        this.orchestrator = orchestrator;
        this.feed = feed;
        this.sse = sse;
        heartbeat = config.heartbeat();
        free = new Semaphore(config.maxStreams());
    }

    @GET
    @Path("/deployments/{id}/events")
    @Operation(
            summary = "Stream the events of one deployment",
            description = "Server-sent events: first what has happened, then what happens, ordered, none left out. "
                    + "`id` is the event's seq; a reader resumes with the header Last-Event-ID.")
    RestMulti<OutboundSseEvent> ofDeployment(
            @PathParam("id") String deployment,
            @HeaderParam("Last-Event-ID") String lastEventId,
            @QueryParam("lastEventId") String lastEventIdInQuery) {
        var hub = caller.hub();
        var id = Ids.deployment(deployment);
        var after = seq(lastEventId == null ? lastEventIdInQuery : lastEventId);
        return stream(
                () -> feed.listen(hub, id, event -> true), orchestrator.events(hub, id, after, PAGE), (inbox, page) -> {
                    var tail = new DeploymentTail(
                            inbox, last -> orchestrator.events(hub, id, last, PAGE), after, heartbeat, PAUSE);
                    return new Opened(tail, tail.take(page));
                });
    }

    @GET
    @Path("/events")
    @Operation(
            summary = "Stream the events of all deployments of the hub",
            description = "Server-sent events from now on, each at least once. `id` is an opaque cursor; a reader "
                    + "resumes with the header Last-Event-ID.")
    RestMulti<OutboundSseEvent> ofHub(
            @HeaderParam("Last-Event-ID") String lastEventId, @QueryParam("lastEventId") String lastEventIdInQuery) {
        var hub = caller.hub();
        var given = lastEventId == null ? lastEventIdInQuery : lastEventId;
        var cursor = given == null ? "" : given;
        return stream(() -> feed.listen(hub), orchestrator.events(hub, cursor, PAGE), (inbox, page) -> {
            var tail = new HubTail(inbox, last -> orchestrator.events(hub, last, PAGE), cursor, heartbeat, PAUSE);
            return new Opened(tail, tail.take(page));
        });
    }

    private record Opened(Tail tail, List<Tail.Entry> first) {}

    private interface Opening {
        Opened open(Inbox inbox, EventPage firstPage);
    }

    /** Listens, then reads the log: what happens in between is heard. Refusals come before the stream begins. */
    private RestMulti<OutboundSseEvent> stream(
            java.util.function.Supplier<Inbox> listen, Uni<EventPage> firstPage, Opening opening) {
        if (!free.tryAcquire()) {
            throw new ProblemException(ProblemType.TOO_MANY_STREAMS, ProblemType.TOO_MANY_STREAMS.cause());
        }
        var inbox = listen.get();
        var open = new AtomicBoolean(true);
        Runnable close = () -> {
            if (open.getAndSet(false)) {
                inbox.close();
                free.release();
            }
        };
        Function<Opened, Multi<OutboundSseEvent>> events = opened -> Multi.createBy()
                .concatenating()
                .streams(
                        Multi.createFrom().item(hello()),
                        Multi.createFrom().iterable(opened.first()).map(this::write),
                        Multi.createBy()
                                .repeating()
                                .uni(opened.tail()::next)
                                .indefinitely()
                                .onItem()
                                .<Tail.Entry>disjoint()
                                .map(this::write))
                .onTermination()
                .invoke(close);
        return RestMulti.fromUniResponse(
                firstPage
                        .map(page -> opening.open(inbox, page))
                        .onFailure()
                        .invoke(failure -> close.run())
                        .onCancellation()
                        .invoke(close),
                events,
                opened -> HEADERS);
    }

    private OutboundSseEvent hello() {
        return sse.newEventBuilder()
                .comment("connected")
                .reconnectDelay(RECONNECT_MS)
                .build();
    }

    private OutboundSseEvent write(Tail.Entry entry) {
        if (entry.json() == null) {
            return entry.id() == null
                    ? sse.newEventBuilder().comment("alive").build()
                    : sse.newEventBuilder().id(entry.id()).build();
        }
        var event = sse.newEventBuilder().name("transition").data(entry.json());
        return entry.id() == null ? event.build() : event.id(entry.id()).build();
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
