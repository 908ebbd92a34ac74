package io.offshoot.gateway.stream;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready when events are followed. The orchestrator is left out: without it every gateway would go at once, and callers
 * would lose the answer that tells them to repeat.
 */
@Readiness
@Singleton
class EventsReadiness implements HealthCheck {

    private final EventTopic topic;

    EventsReadiness(EventTopic topic) {
        this.topic = topic;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("events").status(topic.isFollowing()).build();
    }
}
