package io.offshoot.sealing;

import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A value that is shown to nobody: not by printing it, nor as JSON, nor in a message that names it. */
public final class Secret {

    private static final String HIDDEN = "(secret)";

    private final byte[] value;

    private Secret(byte[] value) {
        this.value = value;
    }

    public static Secret of(byte[] value) {
        return new Secret(value.clone());
    }

    /** @param text is kept in UTF-8 */
    public static Secret of(String text) {
        return new Secret(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The value itself: for the call to the provider, and nothing else. */
    public byte[] bytes() {
        return value.clone();
    }

    /** The value itself, which is UTF-8: for the call to the provider, and nothing else. */
    public String text() {
        return new String(value, StandardCharsets.UTF_8);
    }

    /** In constant time, as far as their lengths are equal. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that && MessageDigest.isEqual(value, that.value);
    }

    /** The same for all: a hash would tell something of the value. */
    @Override
    public int hashCode() {
        return 0;
    }

    @JsonValue
    @Override
    public String toString() {
        return HIDDEN;
    }
}
