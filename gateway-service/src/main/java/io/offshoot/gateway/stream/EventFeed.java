package io.offshoot.gateway.stream;

import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Tells every listener of a hub, or of one of its deployments, what happens. The hub is part of what one listens to,
 * so nothing of another hub can be heard.
 */
@Singleton
public class EventFeed {

    /** @param deployment null for all of the hub */
    private record Channel(String hub, UUID deployment) {}

    private final Map<Channel, Set<Inbox>> listeners = new ConcurrentHashMap<>();
    private final List<Consumer<LiveEvent>> followers = new CopyOnWriteArrayList<>();
    private volatile boolean over;

    /** Listens to one deployment until closed, for the events that are of interest. */
    public Inbox listen(String hub, UUID deployment, Predicate<LiveEvent> interesting) {
        return open(new Channel(hub, deployment), interesting);
    }

    /** Listens to all deployments of a hub until closed. */
    Inbox listen(String hub) {
        return open(new Channel(hub, null), event -> true);
    }

    /** Has a follower hear everything, of all hubs, before anybody who listens. It must be quick. */
    public void follow(Consumer<LiveEvent> follower) {
        followers.add(follower);
    }

    void tell(LiveEvent event) {
        followers.forEach(follower -> follower.accept(event));
        listeners
                .getOrDefault(new Channel(event.hub(), event.deploymentId()), Set.of())
                .forEach(inbox -> inbox.offer(event));
        listeners.getOrDefault(new Channel(event.hub(), null), Set.of()).forEach(inbox -> inbox.offer(event));
    }

    /** Tells everybody that events may have passed unseen. */
    void lost() {
        listeners.values().forEach(inboxes -> inboxes.forEach(Inbox::lose));
    }

    /**
     * Wakes everybody for the last time: this gateway stops, and whoever listens goes to another, or waits for the next.
     */
    void end() {
        over = true;
        lost();
    }

    /** Whether nobody should wait for news any more. Ask when you listen already, and you miss neither. */
    public boolean isOver() {
        return over;
    }

    private Inbox open(Channel channel, Predicate<LiveEvent> interesting) {
        var self = new Inbox[1];
        var inbox = new Inbox(interesting, () -> leave(channel, self[0]));
        self[0] = inbox;
        listeners.compute(channel, (key, inboxes) -> {
            var all = inboxes == null ? ConcurrentHashMap.<Inbox>newKeySet() : inboxes;
            all.add(inbox);
            return all;
        });
        return inbox;
    }

    private void leave(Channel channel, Inbox inbox) {
        listeners.computeIfPresent(channel, (key, inboxes) -> {
            inboxes.remove(inbox);
            return inboxes.isEmpty() ? null : inboxes;
        });
    }
}
