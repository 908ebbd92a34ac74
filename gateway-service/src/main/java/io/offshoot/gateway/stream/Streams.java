package io.offshoot.gateway.stream;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.EventPage;
import io.offshoot.gateway.GatewayConfig;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.resteasy.reactive.RestMulti;

/** The open streams. */
@Singleton
class Streams {

    static final int PAGE = 200;
    static final Duration PAUSE = Duration.ofSeconds(1);
    private static final long RECONNECT_MS = 2_000;
    private static final Map<String, List<String>> HEADERS =
            Map.of("Cache-Control", List.of("no-store"), "X-Accel-Buffering", List.of("no"));

    private final Semaphore free;
    private final Sse sse;

    Streams(GatewayConfig config, @Context Sse sse) {
        this.sse = sse;
        free = new Semaphore(config.maxStreams());
    }

    /** @param first what the first page of the log held */
    record Opened(Tail tail, List<Tail.Entry> first) {}

    interface Opening {
        Opened open(Inbox inbox, EventPage firstPage);
    }

    /** Listens, then reads the log: what happens in between is heard. Refusals come before the stream begins. */
    RestMulti<OutboundSseEvent> open(Supplier<Inbox> listen, Uni<EventPage> firstPage, Opening opening) {
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
}
