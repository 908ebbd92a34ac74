package io.offshoot.gateway.request;

import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.gateway.GatewayConfig;
import io.quarkus.test.Mock;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Map;

/** The topic, whose acknowledgements get lost when a test says so: what is sent lands, and fails for the sender. */
@Mock
@Singleton
class LostAcknowledgements extends TriggerTopic {

    private volatile boolean lost;

    LostAcknowledgements(@Identifier("default-kafka-broker") Map<String, Object> kafka, GatewayConfig gateway) {
        super(kafka, gateway);
    }

    void lost(boolean now) {
        lost = now;
    }

    @Override
    Uni<Void> publish(CloudEvent<DeploymentRequest> message) {
        return super.publish(message).invoke(() -> {
            if (lost) {
                throw new IllegalStateException(new IOException("The acknowledgement is lost"));
            }
        });
    }
}
