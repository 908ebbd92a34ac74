package io.offshoot.gateway.stream;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** What one listener was told and has not taken yet. Bounded: a slow one loses events, and learns that it did. */
public final class Inbox implements AutoCloseable {

    private static final int LIMIT = 1_000;

    /** @param lost whether there were more: the log has them */
    record Delivery(List<LiveEvent> events, boolean lost) {}

    private final Predicate<LiveEvent> interesting;
    private final Runnable onClose;
    private List<LiveEvent> pending = new ArrayList<>();
    private boolean lost;
    private CompletableFuture<Void> signal = new CompletableFuture<>();

    Inbox(Predicate<LiveEvent> interesting, Runnable onClose) {
        this.interesting = interesting;
        this.onClose = onClose;
    }

    void offer(LiveEvent event) {
        if (!interesting.test(event)) {
            return;
        }
        CompletableFuture<Void> arrived;
        synchronized (this) {
            if (pending.size() == LIMIT) {
                pending.clear();
                lost = true;
            }
            pending.add(event);
            arrived = signal;
        }
        arrived.complete(null);
    }

    /** There may have been events that nobody saw pass. */
    void lose() {
        CompletableFuture<Void> arrived;
        synchronized (this) {
            lost = true;
            arrived = signal;
        }
        arrived.complete(null);
    }

    /** Takes what is there. */
    synchronized Delivery take() {
        var delivery = new Delivery(pending, lost);
        pending = new ArrayList<>();
        lost = false;
        return delivery;
    }

    /** Done when there is something to take, or after a time. */
    Uni<Void> arrival(Duration patience) {
        CompletableFuture<Void> arrived;
        synchronized (this) {
            if (!pending.isEmpty() || lost) {
                return Uni.createFrom().voidItem();
            }
            signal = new CompletableFuture<>();
            arrived = signal;
        }
        return Uni.createFrom()
                .completionStage(arrived)
                .ifNoItem()
                .after(patience)
                .recoverWithUni(Uni.createFrom().voidItem())
                // Never on the thread that reads the topic.
                .emitOn(Infrastructure.getDefaultWorkerPool());
    }

    /** Like {@link #arrival}, for a listener that reads for itself: what arrived is taken and thrown away. */
    public Uni<Void> news(Duration patience) {
        return arrival(patience).invoke(this::take);
    }

    @Override
    public void close() {
        onClose.run();
    }
}
