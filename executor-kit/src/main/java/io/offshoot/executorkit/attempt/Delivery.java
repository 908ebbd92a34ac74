package io.offshoot.executorkit.attempt;

/** A record as it came from a topic. */
public record Delivery(String topic, int partition, long offset, String key, byte[] value) {}
