package io.offshoot.contracts.message;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The status of an action in the words of the first API, lower-case in JSON. */
public enum PublicStatus {
    IDLE,
    RUNNING,
    DONE,
    ERROR;

    @JsonValue
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
