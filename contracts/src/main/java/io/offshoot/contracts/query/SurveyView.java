package io.offshoot.contracts.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.message.Finding;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

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
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
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
        List<Found> findings) {

    public enum Kind {
        /** What a run would do. */
        PLAN,
        /** What a teardown of one app would do. */
        TEARDOWN,
        /** Whether what is owned is as it was left. */
        OBSERVATION
    }

    /**
     * @param unknown the members of the action's input that only a run would bring; null if all are known
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Found(String appId, String actionId, List<String> unknown, Finding finding) {}
}
