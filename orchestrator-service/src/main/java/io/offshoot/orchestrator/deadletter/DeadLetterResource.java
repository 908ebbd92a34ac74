package io.offshoot.orchestrator.deadletter;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.DeadLetterView;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.UUID;

/** The dead letters of all hubs, asked for by the gateway on behalf of an operator. */
@Path("/internal/dead-letters")
@Blocking
public class DeadLetterResource {

    private static final int MOST = 100;

    private final DeadLetters letters;

    DeadLetterResource(DeadLetters letters) {
        this.letters = letters;
    }

    @GET
    public DeadLetterView.Page list(
            @QueryParam("cursor") String cursor, @QueryParam("limit") @DefaultValue("20") int limit) {
        return letters.page(
                cursor == null ? null : uuid(cursor, ProblemType.INVALID_REQUEST), Math.max(1, Math.min(MOST, limit)));
    }

    @GET
    @Path("/{id}")
    public DeadLetterView one(@PathParam("id") String id) {
        return letters.one(uuid(id, ProblemType.UNKNOWN_DEAD_LETTER));
    }

    @POST
    @Path("/{id}/replay")
    public DeadLetterView replay(@PathParam("id") String id, DeadLetterView.Replay asked) {
        if (asked == null || asked.by() == null) {
            throw new ProblemException(ProblemType.INVALID_REQUEST, "Who asks for it is missing.");
        }
        return letters.replay(uuid(id, ProblemType.UNKNOWN_DEAD_LETTER), asked.by());
    }

    private static UUID uuid(String text, ProblemType otherwise) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(otherwise, "The id or cursor is none of this list.");
        }
    }
}
