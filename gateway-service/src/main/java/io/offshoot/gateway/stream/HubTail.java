package io.offshoot.gateway.stream;

import io.offshoot.contracts.query.EventPage;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/**
 * The events of all deployments of a hub, at least once. Only the log knows the cursor to resume with, so what is heard
 * live only says that it is time to read on. The log may show an event a little later than the topic does: until it
 * has, it is asked again.
 */
final class HubTail implements Tail {

    private static final int REMEMBERED = 1_000;
    private static final int TRIES = 8;
    private static final Duration FIRST_TRY = Duration.ofMillis(25);

    private final Inbox inbox;
    private final Function<String, Uni<EventPage>> log;
    private final Duration heartbeat;
    private final Duration pause;
    private final Set<UUID> awaited = new HashSet<>();
    private final Set<UUID> told = Collections.newSetFromMap(new LinkedHashMap<UUID, Boolean>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    });
    private String cursor;
    private int tries;
    private boolean behind = true;

    /**
     * @param inbox opened before the log is first read
     * @param log reads on after a cursor
     * @param pause before the log is tried again when it cannot be read
     */
    HubTail(Inbox inbox, Function<String, Uni<EventPage>> log, String cursor, Duration heartbeat, Duration pause) {
        this.inbox = inbox;
        this.log = log;
        this.cursor = cursor;
        this.heartbeat = heartbeat;
        this.pause = pause;
    }

    @Override
    public Uni<List<Entry>> next() {
        return behind ? readLog() : hear();
    }

    private Uni<List<Entry>> readLog() {
        return log.apply(cursor).map(this::take).onFailure().recoverWithUni(failure -> {
            Log.debug("The log cannot be read now", failure);
            return Uni.createFrom()
                    .item(List.of(Entry.ALIVE))
                    .onItem()
                    .delayIt()
                    .by(pause);
        });
    }

    /** Takes in a page that was read after the cursor. */
    List<Entry> take(EventPage page) {
        var entries = new ArrayList<Entry>();
        for (var node : page.events()) {
            var event = LiveEvent.of(node);
            awaited.remove(event.id());
            if (told.add(event.id())) {
                entries.add(new Entry(null, event.json()));
            }
        }
        if (!page.cursor().equals(cursor)) {
            cursor = page.cursor();
            // The cursor stands behind the whole page: whoever leaves in the midst of it gets the page again.
            if (entries.isEmpty()) {
                entries.add(new Entry(cursor, null));
            } else {
                entries.set(
                        entries.size() - 1,
                        new Entry(cursor, entries.get(entries.size() - 1).json()));
            }
        }
        behind = !page.events().isEmpty();
        return entries;
    }

    private Uni<List<Entry>> hear() {
        var patience = awaited.isEmpty() ? heartbeat : FIRST_TRY.multipliedBy(1L << tries);
        return inbox.arrival(patience).map(arrived -> {
            var delivery = inbox.take();
            var alive = delivery.events().isEmpty() && awaited.isEmpty();
            if (!delivery.events().isEmpty()) {
                tries = 0;
            } else if (!awaited.isEmpty() && ++tries >= TRIES) {
                // It was told before, and came again.
                awaited.clear();
                tries = 0;
            }
            for (LiveEvent event : delivery.events()) {
                if (!told.contains(event.id()) && awaited.size() < REMEMBERED) {
                    awaited.add(event.id());
                }
            }
            behind = true;
            return alive ? List.of(Entry.ALIVE) : List.<Entry>of();
        });
    }
}
