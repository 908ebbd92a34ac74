package io.offshoot.gateway.stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.offshoot.contracts.message.DeploymentEvent;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.UnreadableMessageException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * One event, as it is told on.
 *
 * @param id the CloudEvent's
 * @param json the whole CloudEvent as it went to the topic
 */
public record LiveEvent(UUID id, String hub, UUID deploymentId, String appId, String stepId, long seq, String json) {

    /** From the topic. */
    static LiveEvent read(byte[] bytes) throws UnreadableMessageException {
        var message = Messages.read(bytes, DeploymentEvent.class);
        var event = message.data();
        return new LiveEvent(
                message.id(),
                message.hubid(),
                event.deploymentId(),
                event.appId(),
                event.stepId(),
                event.seq(),
                new String(bytes, StandardCharsets.UTF_8));
    }

    /** From the log. */
    static LiveEvent of(JsonNode message) {
        var event = message.path("data");
        return new LiveEvent(
                UUID.fromString(message.path("id").asText()),
                message.path("hubid").asText(),
                UUID.fromString(event.path("deploymentId").asText()),
                event.path("appId").asText(),
                event.path("stepId").asText(),
                event.path("seq").asLong(),
                message.toString());
    }
}
