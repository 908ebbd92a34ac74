package io.offshoot.contracts.message;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * A record that no consumer could take in, kept as it came.
 *
 * @param reason a stable code: <code>unreadable</code>, <code>wrong-tenant</code>, <code>unknown-type</code>, …
 * @param detail plain words
 * @param topic where it was
 * @param value the record's bytes, base64
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DeadLetter(
        String reason, String detail, String topic, int partition, long offset, String key, byte[] value) {}
