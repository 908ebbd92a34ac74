package io.offshoot.gateway.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.credential.Caller;
import io.offshoot.gateway.credential.Permission;
import io.offshoot.gateway.database.Database;
import io.offshoot.gateway.paging.Paging;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Who did what in a hub: for its owners, and of all hubs for operators. */
@Path(AuditResource.HERE)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Audit")
class AuditResource {

    static final String HERE = "/api/v1/audit";

    private final Caller caller;
    private final Database database;
    private final Audit audit;

    AuditResource(Caller caller, Database database, Audit audit) {
        this.caller = caller;
        this.database = database;
        this.audit = audit;
    }

    /**
     * One thing that was done, or refused.
     *
     * @param credential the id of the credential it was done with
     * @param address where the request came from
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(
            name = "AuditEntry",
            requiredProperties = {"id", "at", "action", "outcome"})
    record Entry(
            String id,
            Instant at,
            String hub,
            String credential,
            String role,
            String action,
            String target,
            String outcome,
            String address,
            String traceId) {

        static Entry of(Audit.Written written) {
            return new Entry(
                    Long.toString(written.id()),
                    written.at(),
                    written.hub(),
                    written.credential(),
                    written.role().toLowerCase(Locale.ROOT),
                    written.action(),
                    written.target(),
                    written.outcome().toLowerCase(Locale.ROOT),
                    written.address(),
                    written.traceId());
        }
    }

    /** @param next the cursor of the following page; null on the last */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(
            name = "AuditPage",
            requiredProperties = {"entries"})
    record Page(List<Entry> entries, String next) {}

    @GET
    @Operation(
            operationId = "listAudit",
            summary = "List who did what, the newest first",
            description = "An owner sees its own hub; an operator sees all hubs, or the one that `hub` names.")
    @APIResponse(
            responseCode = "200",
            description = "One page; the header Link leads to the next",
            content = @Content(schema = @Schema(implementation = Page.class)))
    public Uni<Response> all(
            @QueryParam("hub") String hub,
            @QueryParam("limit") @DefaultValue("20") String limit,
            @QueryParam("cursor") String cursor) {
        caller.must(Permission.AUDIT);
        var size = Paging.limit(limit);
        var before = before(cursor);
        var of = hub == null && caller.may(Permission.OPERATE) ? null : caller.within(hub == null ? caller.hub() : hub);
        // One more than asked for tells whether there are more.
        return database.ask(connection -> audit.read(connection, of, before, size + 1))
                .map(found -> {
                    var entries = found.stream().limit(size).map(Entry::of).toList();
                    var next = found.size() > size ? entries.get(size - 1).id() : null;
                    return Paging.answer(new Page(entries, next), next, HERE, size, "hub", hub);
                });
    }

    private static long before(String cursor) {
        if (cursor == null) {
            return Long.MAX_VALUE;
        }
        if (!cursor.matches("[0-9]{1,18}")) {
            throw new ProblemException(ProblemType.INVALID_REQUEST, "The cursor is not one that a page gave.");
        }
        return Long.parseLong(cursor);
    }
}
