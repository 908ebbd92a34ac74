package io.offshoot.contracts.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.message.Finding;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What was found without changing anything.
 *
 * @param appId the app it is of; null for all
 * @param removal with a teardown: what would become of repositories
 * @param complete whether everything could be read; null before it is done
 * @param hash names what was found: equal if the same is asked for and the same is there. Null before it is done
 * @param doneAt when the last was found; null before it is done
 * @param findings of what has been looked at so far: of a run in the workflow's order, of a teardown in the order in
 *     which it would take things back
 * @param costs the calls that carrying it out takes, by account; null before it is done and for observations
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(requiredProperties = {"id", "deploymentId", "kind", "done", "askedBy", "askedAt"})
public record SurveyView(
        UUID id,
        UUID deploymentId,
        Kind kind,
        String appId,
        Removal removal,
        boolean done,
        Boolean complete,
        String hash,
        String askedBy,
        Instant askedAt,
        Instant doneAt,
        List<Found> findings,
        List<Cost> costs) {

    @Schema(name = "SurveyKind")
    public enum Kind {
        /** What a run would do. */
        PLAN,
        /** What a teardown of one app would do. */
        TEARDOWN,
        /** Whether what is owned is as it was left. */
        OBSERVATION
    }

    /**
     * The calls that carrying it out takes with one account.
     *
     * @param connection what the deployment calls it
     * @param reads those that change nothing, as often as a run that goes well makes them
     * @param writes those that change something
     * @param seconds how long the writes take at least, by what the account's credential allows; those of others, and
     *     the waiting for builds and people, come on top
     * @param message the same in plain words
     */
    @Schema(requiredProperties = {"provider", "connection", "reads", "writes", "seconds", "message"})
    public record Cost(String provider, String connection, int reads, int writes, long seconds, String message) {}

    /**
     * @param unknown the members of the action's input that only a run would bring; null if all are known
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(requiredProperties = {"appId", "actionId", "finding"})
    public record Found(String appId, String actionId, List<String> unknown, Finding finding) {}
}
