package io.offshoot.contracts.claim;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * What attempts before this one, whoever ran them, have used of their credential.
 *
 * @param sinceWriteMs how long ago the last write ended, at least, in milliseconds; null if there was none
 * @param writes how many there were, by window
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LaneUse(Long sinceWriteMs, List<Writes> writes) {

    /**
     * Some writes that count in a window.
     *
     * @param lengthMs the window's
     * @param agoMs how long ago the last of them was, in milliseconds
     */
    public record Writes(long lengthMs, long agoMs, int count) {}

    public LaneUse {
        writes = writes == null ? List.of() : List.copyOf(writes);
    }
}
