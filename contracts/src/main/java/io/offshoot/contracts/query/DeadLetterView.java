package io.offshoot.contracts.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A record that no consumer could take in. The same bytes with the same key on the same topic are one letter, however
 * often they come.
 *
 * @param topic where it was last found, with partition and offset
 * @param key the record's; null if it had none
 * @param reason why it was not taken in the last time, a stable code
 * @param detail the same in plain words
 * @param source the service that could not take it in
 * @param length of the record's value in bytes; null if the value was not kept
 * @param value the first {@link #SHOWN} bytes of the record's value, base64; null in lists, and if it was not kept
 * @param occurrences how often it was found: more than once after a replay that did not help
 * @param replayable whether it can be published again
 * @param replays how often it was
 * @param replayedAt the last time; null for never
 * @param replayedBy the name of the credential that asked for that
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(
        requiredProperties = {
            "id",
            "topic",
            "partition",
            "offset",
            "reason",
            "detail",
            "source",
            "firstSeen",
            "lastSeen",
            "occurrences",
            "replayable",
            "replays"
        })
public record DeadLetterView(
        UUID id,
        String topic,
        int partition,
        long offset,
        String key,
        String reason,
        String detail,
        String source,
        Integer length,
        byte[] value,
        Instant firstSeen,
        Instant lastSeen,
        int occurrences,
        boolean replayable,
        int replays,
        Instant replayedAt,
        String replayedBy) {

    /** So many bytes of a value are shown at most. */
    public static final int SHOWN = 64 * 1024;

    /** A page of letters, those found first last. @param next the cursor of the following page; null on the last */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(
            name = "DeadLetterPage",
            requiredProperties = {"letters"})
    public record Page(List<DeadLetterView> letters, String next) {}

    /** Who wants a letter published again. @param by the credential's name, for the record */
    public record Replay(String by) {}
}
