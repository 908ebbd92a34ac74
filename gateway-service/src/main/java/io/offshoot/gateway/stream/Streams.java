package io.offshoot.gateway.stream;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.EventPage;
import io.offshoot.gateway.GatewayConfig;
import io.offshoot.gateway.credential.Credential;
import io.offshoot.gateway.credential.Credentials;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jboss.resteasy.reactive.RestMulti;

/** The open streams. */
@Singleton
class Streams {

    static final int PAGE = 200;
    static final Duration PAUSE = Duration.ofSeconds(1);
    private static final long RECONNECT_MS = 2_000;

    private final EventFeed feed;
    private final Credentials credentials;
    private final Sse sse;
    private final Semaphore free;

    @Inject
    Streams(GatewayConfig config, EventFeed feed, Credentials credentials, @Context Sse sse) {
        this(config.maxStreams(), feed, credentials, sse);
    }

    Streams(int most, EventFeed feed, Credentials credentials, Sse sse) {
        this.feed = feed;
        this.credentials = credentials;
        this.sse = sse;
        free = new Semaphore(most);
    }

    /** @param first what the first page of the log held */
    record Opened(Tail tail, List<Tail.Entry> first) {}

    interface Opening {
        Opened open(Inbox inbox, EventPage firstPage);
    }

    /**
     * Listens, then reads the log: what happens in between is heard. Waits for the first page, so that a refusal comes
     * before the stream begins. It ends when the reader's credential does.
     */
    RestMulti<OutboundSseEvent> open(
            Credential reader, Supplier<Inbox> listen, Uni<EventPage> firstPage, Opening opening) {
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
        try {
            if (feed.isOver()) {
                throw new ProblemException(ProblemType.UNAVAILABLE, "This gateway is stopping.");
            }
            var opened = opening.open(inbox, firstPage.await().indefinitely());
            return RestMulti.fromMultiData(
                            events(reader, opened).onTermination().invoke(close))
                    .header("Cache-Control", "no-store")
                    .header("X-Accel-Buffering", "no")
                    .build();
        } catch (RuntimeException e) {
            close.run();
            throw e;
        }
    }

    /**
     * Without end, until the gateway stops: then the reader is told when to come back, and resumes where it was. Or
     * until its credential ends: that is looked at whenever there is something to say, be it only a sign of life, and
     * before it is said.
     */
    private Multi<OutboundSseEvent> events(Credential reader, Opened opened) {
        var good = new AtomicBoolean(true);
        var first = Multi.createFrom().iterable(opened.first()).map(this::write);
        var next = Multi.createBy()
                .repeating()
                .uni(() -> opened.tail().next().flatMap(entries -> credentials
                        .isStillGood(reader)
                        .invoke(good::set)
                        .map(still -> still ? entries : List.<Tail.Entry>of())))
                .whilst(entries -> good.get() && !feed.isOver())
                .onItem()
                .<Tail.Entry>disjoint()
                .map(this::write);
        return Multi.createBy()
                .concatenating()
                .streams(
                        Multi.createFrom().item(reconnecting("connected")),
                        first,
                        next,
                        Multi.createFrom().item(reconnecting("stopping")));
    }

    private OutboundSseEvent reconnecting(String comment) {
        return sse.newEventBuilder()
                .comment(comment)
                .reconnectDelay(RECONNECT_MS)
                .build();
    }

    private OutboundSseEvent write(Tail.Entry entry) {
        if (entry.json() == null) {
            var alive = sse.newEventBuilder().comment("alive");
            return entry.id() == null ? alive.build() : alive.id(entry.id()).build();
        }
        var event = sse.newEventBuilder().name("transition").data(entry.json());
        return entry.id() == null ? event.build() : event.id(entry.id()).build();
    }
}
