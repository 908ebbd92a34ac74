package io.offshoot.contracts.claim;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What a provider said of a connection that a hub has entered. Saying it again changes nothing.
 *
 * @param version the one that was looked at; about any other it says nothing
 * @param code why not, such as <code>bad-credential</code>; null if it is ready
 * @param problem the same in plain words, for the hub's owner; null if it is ready. Never a secret
 * @param lane what its credential allows; null unless it is ready
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Verdict(
        String hub, String name, long version, State state, String code, String problem, Announcement.Lane lane) {

    /** How a connection stands. */
    @Schema(name = "ConnectionState")
    public enum State {
        /** Not known yet; the code says what keeps it from being known, if anything does. */
        CHECKING,
        READY,
        REFUSED
    }

    public Verdict {
        Objects.requireNonNull(hub, "hub");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(state, "state");
        if (state == State.READY) {
            Objects.requireNonNull(lane, "lane");
        }
    }
}
