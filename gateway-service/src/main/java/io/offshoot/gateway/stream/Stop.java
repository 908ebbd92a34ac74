package io.offshoot.gateway.stream;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Ends streams and held polls when the gateway is told to stop, so that the requests it waits for are short ones. By
 * then it is no longer ready.
 */
@Singleton
class Stop {

    private final EventFeed feed;

    Stop(EventFeed feed) {
        this.feed = feed;
    }

    void stop(@Observes ShutdownDelayInitiatedEvent told) {
        feed.end();
    }
}
