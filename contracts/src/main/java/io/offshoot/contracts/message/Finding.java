package io.offshoot.contracts.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What a look that changes nothing found: of a step that is to run (a plan), or of one resource that the ledger has
 * (an observation). Holds no secret: of a variable its name, never its value.
 *
 * @param kind what was found
 * @param resource the kind of thing meant, such as <code>repository</code>; null if the step makes none
 * @param id the provider's id of it; null if there is none yet
 * @param name its name at the provider; null if it has none
 * @param message in plain words, for the person who reads it
 * @param code what is in the way, or why it could not be read; null unless BLOCKED or UNREAD
 * @param fixedBy who can do something about it; null if nobody has to
 * @param link where that is done; null if there is no such place
 * @param changes what is to be changed, or was; empty for nothing
 * @param reads the provider's calls that running it takes, those that change nothing
 * @param writes those that change something
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@Schema(requiredProperties = {"kind", "message", "reads", "writes"})
public record Finding(
        Kind kind,
        String resource,
        String id,
        String name,
        String message,
        String code,
        FixedBy fixedBy,
        URI link,
        List<Change> changes,
        int reads,
        int writes) {

    @Schema(name = "FindingKind")
    public enum Kind {
        /** Plan: nothing is there; it would be made. */
        CREATE,
        /** Plan: an earlier attempt of the step made it; it would be taken up. */
        ADOPT,
        /** Plan: it is ours and differs from what is wanted. */
        CHANGE,
        /** Plan: it is as it is wanted. */
        LEAVE,
        /** Plan of a teardown: it would be taken back. What would be left is LEAVE, what is gone MISSING. */
        TAKE_BACK,
        /** Plan: a run would not get past it. */
        BLOCKED,
        /** Either: it could not be read, and nothing is guessed. */
        UNREAD,
        /** Observation: as we left it. */
        SAME,
        /** Observation: ours, and somebody changed it. */
        CHANGED,
        /** Observation: it is not there any more. */
        MISSING,
        /** Observation: it has another owner or name than the ledger says. */
        MOVED,
        /** Observation: what it was made from has gone on. */
        BEHIND
    }

    public enum FixedBy {
        /** The people of the hub, in an account that they own. */
        HUB,
        /** Whoever runs this system. */
        OPERATOR
    }

    /**
     * One field.
     *
     * @param pointer names it
     * @param from what it is, or was left as; null if it is not set, or not to be shown
     * @param to what it would be, or is now; null if it would be taken away, or is not to be shown
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(
            name = "FindingChange",
            requiredProperties = {"pointer"})
    public record Change(String pointer, String from, String to) {

        public Change {
            Objects.requireNonNull(pointer, "pointer");
        }
    }

    public Finding {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(message, "message");
        changes = changes == null ? List.of() : List.copyOf(changes);
    }

    /** One about a thing. */
    public static Finding of(Kind kind, String resource, String id, String name, String message) {
        return new Finding(kind, resource, id, name, message, null, null, null, List.of(), 0, 0);
    }

    /** One about a step that makes nothing that lasts. */
    public static Finding of(Kind kind, String message) {
        return of(kind, null, null, null, message);
    }

    /** Something that is, or would be, changed. */
    public static Finding of(Kind kind, String resource, String id, String name, String message, List<Change> changes) {
        return new Finding(kind, resource, id, name, message, null, null, null, changes, 0, 0);
    }

    /** Something that a run would not get past. @param link null if there is no place where it is mended */
    public static Finding blocked(String code, String message, FixedBy fixedBy, URI link) {
        return new Finding(Kind.BLOCKED, null, null, null, message, code, fixedBy, link, List.of(), 0, 0);
    }

    /** Something that could not be read. */
    public static Finding unread(String code, String message) {
        return new Finding(Kind.UNREAD, null, null, null, message, code, null, null, List.of(), 0, 0);
    }

    /** The same, with what running it takes. */
    public Finding taking(int moreReads, int moreWrites) {
        return new Finding(kind, resource, id, name, message, code, fixedBy, link, changes, moreReads, moreWrites);
    }
}
