package io.offshoot.gateway.hub;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.offshoot.contracts.problem.Problem;
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
import io.offshoot.gateway.request.IdempotencyKey;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The API keys of a hub: made for services, shown once. */
@Path("/api/v1/hubs/{hub}/api-keys")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Hubs")
class ApiKeyResource {

    private static final int LISTED = 1_000;
    private static final Pattern ID = Pattern.compile("[0-9A-Za-z]{12}");

    private final Caller caller;
    private final Database database;
    private final Hubs hubs;
    private final Tokens tokens;
    private final Credentials credentials;
    private final Audit audit;
    private final ApiKeysConfig config;
    private final Clock clock;

    ApiKeyResource(
            Caller caller,
            Database database,
            Hubs hubs,
            Tokens tokens,
            Credentials credentials,
            Audit audit,
            ApiKeysConfig config,
            Clock clock) {
        this.caller = caller;
        this.database = database;
        this.hubs = hubs;
        this.tokens = tokens;
        this.credentials = credentials;
        this.audit = audit;
        this.config = config;
        this.clock = clock;
    }

    /**
     * @param scopes narrow the role; null for all that it may do
     * @param expiresAt RFC 3339; null for as long as keys hold here
     */
    @Schema(
            name = "NewApiKey",
            requiredProperties = {"name", "role"})
    record Wanted(
            String name,

            @Schema(enumeration = {"owner", "member", "subscriber", "operator"})
            String role,

            List<String> scopes,

            @Schema(format = "date-time") String expiresAt) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(
            name = "ApiKey",
            requiredProperties = {"id", "name", "role", "createdAt"})
    record View(
            String id,
            String name,
            String role,
            List<String> scopes,
            Instant createdAt,
            String createdBy,
            Instant expiresAt,
            Instant revokedAt,
            String revokedBy) {

        static View of(Tokens.Kept kept) {
            var credential = kept.credential();
            return new View(
                    credential.id(),
                    credential.name(),
                    word(credential.role()),
                    credential.permissions().stream()
                            .sorted()
                            .map(ApiKeyResource::word)
                            .toList(),
                    kept.createdAt(),
                    kept.createdBy(),
                    credential.expiresAt(),
                    kept.revokedAt(),
                    kept.revokedBy());
        }
    }

    /** @param key the key itself; this answer is the only one that has it */
    @Schema(
            name = "NewlyMadeApiKey",
            requiredProperties = {"id", "name", "role", "createdAt", "key"})
    record Made(@JsonUnwrapped View made, String key) {}

    @Schema(
            name = "ApiKeys",
            requiredProperties = {"apiKeys"})
    record All(List<View> apiKeys) {}

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "createApiKey",
            summary = "Make an API key",
            description =
                    "The answer shows the key, and nothing else ever does. Nobody can give what he does not have. A "
                            + "repeat with the same Idempotency-Key makes no second key and does not show the first again: it "
                            + "is `api-key-shown-once`.")
    @APIResponse(
            responseCode = "201",
            description = "Made: keep the key",
            content = @Content(schema = @Schema(implementation = Made.class)))
    public Uni<Response> create(
            @PathParam("hub") String hub,
            @HeaderParam(IdempotencyKey.HEADER) String idempotencyKey,
            @RequestBody(content = @Content(schema = @Schema(implementation = Wanted.class))) byte[] body) {
        caller.must(Permission.KEYS);
        var id = caller.within(Ids.hub(hub));
        var once = IdempotencyKey.checked(idempotencyKey);
        var wanted = JsonBody.read(body, Wanted.class);
        var by = caller.credential();
        var grant = grant(id, wanted);
        mayGive(by, grant);
        var entry = Audit.Entry.of(caller, id, "api-key.create", null);
        return database.change(connection -> {
                    var of = hubs.hold(connection, id);
                    if (once != null) {
                        var earlier = tokens.madeWith(connection, id, once);
                        if (earlier.isPresent()) {
                            throw earlier.get().isOf(wanted.toString())
                                    ? shownOnce(earlier.get().id())
                                    : reused();
                        }
                    }
                    Hubs.demandSignIn(by, of.intents());
                    if (tokens.live(connection, id, Tokens.Kind.API_KEY) >= config.most()) {
                        throw new ProblemException(ProblemType.HUB_FULL, ProblemType.HUB_FULL.cause());
                    }
                    var issued = tokens.issue(connection, grant, by.id());
                    var key = issued.credential().id();
                    if (once != null) {
                        tokens.madeWith(connection, key, once, wanted.toString());
                    }
                    audit.record(connection, entry.on(key));
                    var kept =
                            tokens.one(connection, id, Tokens.Kind.API_KEY, key).orElseThrow(ApiKeyResource::unknown);
                    return new Made(View.of(kept), issued.secret());
                })
                .map(made -> Response.status(Response.Status.CREATED)
                        .entity(made)
                        .header(
                                HttpHeaders.LOCATION,
                                "/api/v1/hubs/%s/api-keys/%s"
                                        .formatted(id, made.made().id()))
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .build());
    }

    @GET
    @Operation(
            operationId = "listApiKeys",
            summary = "List the hub's API keys, the newest first",
            description = "With those that ended.")
    @APIResponse(
            responseCode = "200",
            description = "What is known of each; never the key",
            content = @Content(schema = @Schema(implementation = All.class)))
    public Uni<Response> all(@PathParam("hub") String hub) {
        caller.must(Permission.KEYS);
        var id = caller.within(Ids.hub(hub));
        return database.ask(connection -> {
            hubs.one(connection, id);
            var all = tokens.all(connection, id, Tokens.Kind.API_KEY, LISTED).stream()
                    .map(View::of)
                    .toList();
            return Response.ok(new All(all))
                    .header(HttpHeaders.CACHE_CONTROL, "no-store")
                    .build();
        });
    }

    @GET
    @Path("/{key}")
    @Operation(operationId = "getApiKey", summary = "Show what is known of an API key")
    @APIResponse(
            responseCode = "200",
            description = "Never the key itself",
            content = @Content(schema = @Schema(implementation = View.class)))
    public Uni<Response> one(@PathParam("hub") String hub, @PathParam("key") String key) {
        caller.must(Permission.KEYS);
        var id = caller.within(Ids.hub(hub));
        var named = named(key);
        return database.ask(connection -> tokens.one(connection, id, Tokens.Kind.API_KEY, named)
                .map(kept -> Response.ok(View.of(kept))
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .build())
                .orElseThrow(ApiKeyResource::unknown));
    }

    @DELETE
    @Path("/{key}")
    @Operation(
            operationId = "revokeApiKey",
            summary = "Revoke an API key",
            description = "This gateway refuses it at once, every other within seconds; streams opened with it end. "
                    + "Revoking it again changes nothing.")
    @APIResponse(responseCode = "204", description = "Revoked")
    public Uni<Response> revoke(@PathParam("hub") String hub, @PathParam("key") String key) {
        caller.must(Permission.KEYS);
        var id = caller.within(Ids.hub(hub));
        var by = caller.credential().id();
        var named = named(key);
        var entry = Audit.Entry.of(caller, id, "api-key.revoke", named);
        return database.change(connection -> {
                    tokens.one(connection, id, Tokens.Kind.API_KEY, named).orElseThrow(ApiKeyResource::unknown);
                    if (tokens.revoke(connection, id, Tokens.Kind.API_KEY, named, by)) {
                        audit.record(connection, entry);
                    }
                    return named;
                })
                .invoke(credentials::forget)
                .map(revoked -> Response.noContent().build());
    }

    private Tokens.Grant grant(String hub, Wanted wanted) {
        var fields = new Fields();
        var name = fields.name("/name", wanted.name());
        var role = fields.choice("/role", wanted.role(), Role.class);
        var scopes = scopes(fields, wanted.scopes());
        var expiresAt = expiresAt(fields, wanted.expiresAt());
        fields.check();
        if (scopes != null && !role.permissions().containsAll(scopes)) {
            throw new ProblemException(Problem.of(
                    ProblemType.INVALID_REQUEST,
                    "A scope narrows the role, and gives nothing.",
                    List.of(new Problem.Invalid("/scopes", "One is not among what the role may do."))));
        }
        return new Tokens.Grant(hub, Tokens.Kind.API_KEY, name, role, scopes, null, expiresAt);
    }

    private static Set<Permission> scopes(Fields fields, List<String> wanted) {
        if (wanted == null) {
            return null;
        }
        if (wanted.isEmpty() || wanted.size() > Permission.values().length) {
            fields.refuse("/scopes", "Name each scope once, and at least one; leave it out for all of the role's.");
        }
        var scopes = EnumSet.noneOf(Permission.class);
        for (int i = 0; i < Math.min(wanted.size(), Permission.values().length); i++) {
            var scope = fields.choice("/scopes/" + i, wanted.get(i), Permission.class);
            if (scope != null && !scopes.add(scope)) {
                fields.refuse("/scopes/" + i, "This is there twice.");
            }
        }
        return scopes;
    }

    private Instant expiresAt(Fields fields, String wanted) {
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        if (wanted == null) {
            return now.plus(config.life());
        }
        var at = fields.read(
                "/expiresAt", "This must be a time such as 2030-01-31T12:00:00Z.", () -> OffsetDateTime.parse(wanted)
                        .toInstant());
        if (at != null && (!at.isAfter(now) || at.isAfter(now.plus(config.longestLife())))) {
            fields.refuse(
                    "/expiresAt",
                    "This must be a time to come, and %d days away at most."
                            .formatted(config.longestLife().toDays()));
        }
        return at;
    }

    private static void mayGive(Credential by, Tokens.Grant grant) {
        var given = grant.scopes() == null ? grant.role().permissions() : grant.scopes();
        if (!by.permissions().containsAll(given)) {
            throw new ProblemException(ProblemType.MORE_THAN_OWN, ProblemType.MORE_THAN_OWN.cause());
        }
    }

    /** What cannot be an id of ours names nothing, and is not asked for. */
    private static String named(String key) {
        if (!ID.matcher(key).matches()) {
            throw unknown();
        }
        return key;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static ProblemException shownOnce(String id) {
        return new ProblemException(
                ProblemType.API_KEY_SHOWN_ONCE, "It was made as %s; only the first answer showed it.".formatted(id));
    }

    private static ProblemException reused() {
        return new ProblemException(ProblemType.IDEMPOTENCY_KEY_REUSED, ProblemType.IDEMPOTENCY_KEY_REUSED.cause());
    }

    private static ProblemException unknown() {
        return new ProblemException(ProblemType.UNKNOWN_API_KEY, ProblemType.UNKNOWN_API_KEY.cause());
    }
}
