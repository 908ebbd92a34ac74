package io.offshoot.orchestrator.service;

import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready once this replica takes records in, and ready it stays when Kafka goes: questions, claims and heartbeats are
 * answered without it. A replica beyond the number of partitions is a reserve, and not ready.
 */
@Readiness
@ApplicationScoped
class IntakeReadiness implements HealthCheck {

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final KafkaClientService kafka;
    private volatile boolean joined;

    IntakeReadiness(KafkaClientService kafka) {
        this.kafka = kafka;
    }

    @Override
    public HealthCheckResponse call() {
        if (!joined) {
            joined = List.of("triggers", "results").stream().allMatch(this::hasJoined);
        }
        return HealthCheckResponse.named("intake").status(joined).build();
    }

    private boolean hasJoined(String channel) {
        try {
            return !kafka.getConsumer(channel)
                    .getAssignments()
                    .await()
                    .atMost(PATIENCE)
                    .isEmpty();
        } catch (RuntimeException e) {
            return false;
        }
    }
}
