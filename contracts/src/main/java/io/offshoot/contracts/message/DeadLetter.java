package io.offshoot.contracts.message;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * A record that no consumer could take in, kept as it came. One that is too long for that stays at its origin.
 *
 * @param reason a stable code: <code>unreadable</code>, <code>wrong-tenant</code>, <code>unknown-type</code>, …
 * @param detail plain words
 * @param topic where it was
 * @param value the record's bytes, base64; null if there are none or they are longer than {@link #LONGEST}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DeadLetter(
        String reason, String detail, String topic, int partition, long offset, String key, byte[] value) {

    /** The longest record that is kept, in bytes: in base64 and with its envelope it must fit into a record again. */
    public static final int LONGEST = 512 * 1024;

    /** A letter that can always be sent. */
    public static DeadLetter of(
            String reason, String detail, String topic, int partition, long offset, String key, byte[] value) {
        if (value == null || value.length <= LONGEST) {
            return new DeadLetter(reason, detail, topic, partition, offset, key, value);
        }
        var why = "%s (%d bytes, too long to be kept here)".formatted(detail, value.length);
        return new DeadLetter(reason, why, topic, partition, offset, key, null);
    }
}
