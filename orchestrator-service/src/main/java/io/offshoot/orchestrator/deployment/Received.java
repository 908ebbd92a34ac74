package io.offshoot.orchestrator.deployment;

import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.DeadLetter;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.Topics;
import io.offshoot.orchestrator.outbox.OutboxMessage;
import io.quarkus.logging.Log;
import java.time.Instant;

/**
 * A message with where it came from.
 *
 * @param origin where the record stood, to name it should it become a dead letter
 */
public record Received<T extends Record>(CloudEvent<T> message, Origin origin) {

    private static final String SOURCE = "/orchestrator";

    /** What cannot be taken in has no hub that could be relied on. */
    private static final String HUB_UNKNOWN = "unknown";

    /** A record as it came. */
    public record Origin(String topic, int partition, long offset, String key, byte[] value) {

        /** What is published, once it is stored, of a record that nobody takes in. */
        public OutboxMessage deadLetter(String reason, String detail, Instant now) {
            Log.warnf("Dead letter from %s, partition %d, offset %d: %s", topic, partition, offset, reason);
            var id = Messages.newId();
            var letter = DeadLetter.of(reason, detail, topic, partition, offset, key, value);
            var message = CloudEvent.first(id, SOURCE, topic, now, HUB_UNKNOWN, null, letter);
            return OutboxMessage.of(id, Topics.DEAD_LETTERS, topic, Messages.write(message));
        }
    }
}
