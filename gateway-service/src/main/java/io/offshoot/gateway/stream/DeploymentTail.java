package io.offshoot.gateway.stream;

import io.offshoot.contracts.query.EventPage;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/**
 * The events of one deployment: first those of the log, then those that happen, in the order of their seq and none left
 * out. Whenever one is missing the log is read again.
 */
final class DeploymentTail implements Tail {

    private final Inbox inbox;
    private final LongFunction<Uni<EventPage>> log;
    private final Duration heartbeat;
    private final Duration pause;
    private final Splice<LiveEvent> splice;
    private boolean behind = true;

    /**
     * @param inbox opened before the log is first read
     * @param log reads on after a seq
     * @param pause before the log is tried again when it cannot be read
     */
    DeploymentTail(Inbox inbox, LongFunction<Uni<EventPage>> log, long after, Duration heartbeat, Duration pause) {
        this.inbox = inbox;
        this.log = log;
        this.heartbeat = heartbeat;
        this.pause = pause;
        splice = new Splice<>(after);
    }

    @Override
    public Uni<List<Entry>> next() {
        return behind ? readLog() : hear();
    }

    private Uni<List<Entry>> readLog() {
        return log.apply(splice.last()).map(this::take).onFailure().recoverWithUni(failure -> {
            Log.debug("The log cannot be read now", failure);
            return Uni.createFrom()
                    .item(List.of(Entry.ALIVE))
                    .onItem()
                    .delayIt()
                    .by(pause);
        });
    }

    /** Takes in a page that was read after the last event. */
    List<Entry> take(EventPage page) {
        page.events().stream().map(LiveEvent::of).forEach(event -> splice.offer(event.seq(), event));
        // A page with nothing on it is the end, for now. Should there be a gap even so, the next news tries again.
        behind = !page.events().isEmpty();
        return drain();
    }

    private Uni<List<Entry>> hear() {
        return inbox.arrival(heartbeat).map(arrived -> {
            var delivery = inbox.take();
            delivery.events().forEach(event -> splice.offer(event.seq(), event));
            var entries = drain();
            behind = delivery.lost() || splice.hasGap();
            return entries.isEmpty() && delivery.events().isEmpty() ? List.of(Entry.ALIVE) : entries;
        });
    }

    private List<Entry> drain() {
        var entries = new ArrayList<Entry>();
        for (LiveEvent event : splice.drain()) {
            entries.add(new Entry(Long.toString(event.seq()), event.json()));
        }
        return entries;
    }
}
