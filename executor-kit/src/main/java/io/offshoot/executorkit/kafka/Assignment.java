package io.offshoot.executorkit.kafka;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready means that the group has taken this consumer in: commands sent from now on reach it, or another member if
 * there are more members than partitions.
 */
@ApplicationScoped
@Identifier("commands")
@Readiness
class Assignment implements KafkaConsumerRebalanceListener, HealthCheck {

    private volatile boolean assigned;

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        assigned = true;
    }

    @Override
    public void onPartitionsLost(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        assigned = false;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("commands assigned").status(assigned).build();
    }
}
