package io.offshoot.orchestrator.deployment;

import io.offshoot.contracts.message.CloudEvent;

/**
 * A message with where it came from.
 *
 * @param origin where the record stood, to name it should it become a dead letter
 */
public record Received<T extends Record>(CloudEvent<T> message, Origin origin) {

    /** A record as it came. */
    public record Origin(String topic, int partition, long offset, String key, byte[] value) {}
}
