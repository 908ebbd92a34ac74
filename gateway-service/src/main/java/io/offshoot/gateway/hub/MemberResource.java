package io.offshoot.gateway.hub;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.audit.Audit;
import io.offshoot.gateway.body.Fields;
import io.offshoot.gateway.body.Ids;
import io.offshoot.gateway.body.JsonBody;
import io.offshoot.gateway.credential.Caller;
import io.offshoot.gateway.credential.Credential;
import io.offshoot.gateway.credential.Credentials;
import io.offshoot.gateway.credential.Permission;
import io.offshoot.gateway.credential.Role;
import io.offshoot.gateway.credential.Tokens;
import io.offshoot.gateway.database.Database;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The people of a hub. */
@Path("/api/v1/hubs/{hub}/members")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Hubs")
class MemberResource {

    private static final int MOST = 1_000;

    private final Caller caller;
    private final Database database;
    private final Hubs hubs;
    private final Members members;
    private final Tokens tokens;
    private final Credentials credentials;
    private final Audit audit;

    MemberResource(
            Caller caller,
            Database database,
            Hubs hubs,
            Members members,
            Tokens tokens,
            Credentials credentials,
            Audit audit) {
        this.caller = caller;
        this.database = database;
        this.hubs = hubs;
        this.members = members;
        this.tokens = tokens;
        this.credentials = credentials;
        this.audit = audit;
    }

    /** @param role owner, member or subscriber; operator, if an operator gives it */
    @Schema(
            name = "NewMember",
            requiredProperties = {"role"})
    record Wanted(
            String name,

            @Schema(enumeration = {"owner", "member", "subscriber", "operator"})
            String role) {}

    @Schema(
            name = "Member",
            requiredProperties = {"subject", "role", "addedAt"})
    record View(String subject, String name, String role, Instant addedAt, String addedBy) {

        static View of(Members.Member member) {
            return new View(
                    member.subject(),
                    member.name(),
                    member.role().name().toLowerCase(Locale.ROOT),
                    member.addedAt(),
                    member.addedBy());
        }
    }

    @Schema(
            name = "Members",
            requiredProperties = {"members"})
    record All(List<View> members) {}

    @GET
    @Operation(operationId = "listMembers", summary = "List the hub's members, the first added first")
    @APIResponse(
            responseCode = "200",
            description = "All of them",
            content = @Content(schema = @Schema(implementation = All.class)))
    public Uni<Response> all(@PathParam("hub") String hub) {
        caller.must(Permission.KEYS);
        var id = caller.within(Ids.hub(hub));
        return database.ask(connection -> {
            hubs.one(connection, id);
            var all = members.all(connection, id).stream().map(View::of).toList();
            return Response.ok(new All(all))
                    .header(HttpHeaders.CACHE_CONTROL, "private, no-cache")
                    .build();
        });
    }

    @GET
    @Path("/{subject}")
    @Operation(operationId = "getMember", summary = "Show one member")
    public Uni<View> one(@PathParam("hub") String hub, @PathParam("subject") String subject) {
        caller.must(Permission.KEYS);
        var id = caller.within(Ids.hub(hub));
        var named = named(subject);
        return database.ask(
                connection -> View.of(members.find(connection, id, named).orElseThrow(MemberResource::unknown)));
    }

    @PUT
    @Path("/{subject}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "putMember",
            summary = "Add a member, or change its name or role",
            description = "The subject is `key:` and a key's RFC 7638 thumbprint, `did:cardano:` and an address, or "
                    + "`oidc:` issuer `#` sub; in the address it is URL-encoded. A changed role ends what the member had "
                    + "signed in to.")
    @APIResponse(
            responseCode = "200",
            description = "Changed, or as it was",
            content = @Content(schema = @Schema(implementation = View.class)))
    @APIResponse(
            responseCode = "201",
            description = "Added",
            content = @Content(schema = @Schema(implementation = View.class)))
    public Uni<Response> put(
            @PathParam("hub") String hub,
            @PathParam("subject") String subject,
            @RequestBody(content = @Content(schema = @Schema(implementation = Wanted.class))) byte[] body) {
        caller.must(Permission.KEYS);
        var id = caller.within(Ids.hub(hub));
        if (!Subject.isOne(subject)) {
            throw new ProblemException(
                    ProblemType.INVALID_REQUEST,
                    "The subject must be key:{thumbprint}, did:cardano:{address} or oidc:{issuer}#{sub}.");
        }
        var wanted = JsonBody.read(body, Wanted.class);
        var fields = new Fields();
        var name = fields.name("/name", wanted.name());
        var role = fields.choice("/role", wanted.role(), Role.class);
        fields.check();
        var by = caller.credential();
        mayGive(by, role);
        var entry = Audit.Entry.of(caller, id, "member.put", subject + " " + wanted.role());
        return changed(database.change(connection -> {
            Hubs.demandSignIn(by, hubs.hold(connection, id).intents());
            var before = members.find(connection, id, subject);
            if (before.isPresent()) {
                mayGive(by, before.get().role());
                if (before.get().role() == Role.OWNER && role != Role.OWNER) {
                    keepsAnOwner(connection, id, by);
                }
            } else if (members.all(connection, id).size() >= MOST) {
                throw new ProblemException(ProblemType.HUB_FULL, ProblemType.HUB_FULL.cause());
            }
            var isNew = before.isEmpty();
            var changes =
                    isNew || before.get().role() != role || !before.get().name().equals(name);
            List<String> ended = List.of();
            if (changes) {
                members.put(connection, id, subject, name, role, by.id());
                audit.record(connection, entry);
            }
            if (!isNew && before.get().role() != role) {
                ended = tokens.revokeAllOf(connection, id, subject, by.id());
            }
            var view = View.of(members.find(connection, id, subject).orElseThrow(MemberResource::unknown));
            return new Changed(
                    Response.status(isNew ? Response.Status.CREATED : Response.Status.OK)
                            .entity(view)
                            .build(),
                    ended);
        }));
    }

    @DELETE
    @Path("/{subject}")
    @Operation(
            operationId = "removeMember",
            summary = "Remove a member",
            description = "What it had signed in to ends at once. The last owner stays, unless an operator removes it.")
    @APIResponse(responseCode = "204", description = "Removed")
    public Uni<Response> remove(@PathParam("hub") String hub, @PathParam("subject") String subject) {
        caller.must(Permission.KEYS);
        var id = caller.within(Ids.hub(hub));
        var by = caller.credential();
        var named = named(subject);
        var entry = Audit.Entry.of(caller, id, "member.remove", named);
        return changed(database.change(connection -> {
            Hubs.demandSignIn(by, hubs.hold(connection, id).intents());
            var before = members.find(connection, id, named).orElseThrow(MemberResource::unknown);
            mayGive(by, before.role());
            if (before.role() == Role.OWNER) {
                keepsAnOwner(connection, id, by);
            }
            members.remove(connection, id, named);
            audit.record(connection, entry);
            return new Changed(Response.noContent().build(), tokens.revokeAllOf(connection, id, named, by.id()));
        }));
    }

    /** @param ended the tokens that were revoked */
    private record Changed(Response answer, List<String> ended) {}

    /** Only what is committed is forgotten, or it would be read again as it was. */
    private Uni<Response> changed(Uni<Changed> change) {
        return change.invoke(changed -> changed.ended().forEach(credentials::forget))
                .map(Changed::answer);
    }

    /** Who may not give a role may not take it either. */
    private static void mayGive(Credential by, Role role) {
        if (!by.permissions().containsAll(role.permissions())) {
            throw new ProblemException(ProblemType.MORE_THAN_OWN, ProblemType.MORE_THAN_OWN.cause());
        }
    }

    private void keepsAnOwner(Connection connection, String hub, Credential by) throws SQLException {
        var owners = members.all(connection, hub).stream()
                .filter(member -> member.role() == Role.OWNER)
                .count();
        if (owners <= 1 && !by.may(Permission.OPERATE)) {
            throw new ProblemException(ProblemType.LAST_OWNER, ProblemType.LAST_OWNER.cause());
        }
    }

    /** What is no subject names nobody, and is not asked for. */
    private static String named(String subject) {
        if (!Subject.isOne(subject)) {
            throw unknown();
        }
        return subject;
    }

    private static ProblemException unknown() {
        return new ProblemException(ProblemType.UNKNOWN_MEMBER, ProblemType.UNKNOWN_MEMBER.cause());
    }
}
