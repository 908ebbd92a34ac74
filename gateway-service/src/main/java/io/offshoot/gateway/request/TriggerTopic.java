package io.offshoot.gateway.request;

import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.Topics;
import io.offshoot.gateway.GatewayConfig;
import io.quarkus.logging.Log;
import io.quarkus.runtime.Startup;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes requests to Kafka. */
@Singleton
@Startup
class TriggerTopic {

    private static final byte[] CONTENT_TYPE = CloudEvent.CONTENT_TYPE.getBytes(StandardCharsets.US_ASCII);

    private final Producer<String, byte[]> producer;

    TriggerTopic(@Identifier("default-kafka-broker") Map<String, Object> kafka, GatewayConfig gateway) {
        var config = new HashMap<>(kafka);
        config.put(ProducerConfig.CLIENT_ID_CONFIG, gateway.instance() + "-triggers");
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        config.put(ProducerConfig.LINGER_MS_CONFIG, "0");
        // A caller hears within two seconds whether it is confirmed.
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "1000");
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "1000");
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "1500");
        // Back at once when Kafka is: the defaults wait up to a second, and up to ten for a connection.
        config.put(ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, "250");
        config.put(ProducerConfig.SOCKET_CONNECTION_SETUP_TIMEOUT_MS_CONFIG, "1000");
        config.put(ProducerConfig.SOCKET_CONNECTION_SETUP_TIMEOUT_MAX_MS_CONFIG, "1000");
        producer = new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
        Infrastructure.getDefaultWorkerPool().execute(this::warmUp);
    }

    /** Done when every in-sync replica has it. A failure may still have landed; the id makes a repeat harmless. */
    Uni<Void> publish(CloudEvent<DeploymentRequest> message) {
        var request = new ProducerRecord<>(
                Topics.TRIGGERS, message.data().deploymentId().toString(), Messages.write(message));
        request.headers().add("content-type", CONTENT_TYPE);
        return Uni.createFrom()
                .<Void>emitter(done -> producer.send(request, (where, failure) -> {
                    if (failure == null) {
                        done.complete(null);
                    } else {
                        done.fail(failure);
                    }
                }))
                // Sending blocks while the topic's metadata is not known.
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }

    /** Gets the metadata, so that the first request need not. If Kafka is away, the first request does. */
    private void warmUp() {
        try {
            producer.partitionsFor(Topics.TRIGGERS);
        } catch (KafkaException e) {
            Log.warn("Kafka cannot be reached yet");
        }
    }

    @PreDestroy
    void close() {
        producer.close(Duration.ofSeconds(2));
    }
}
