package io.offshoot.gateway.key;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.offshoot.contracts.problem.Problem;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.audit.Audit;
import io.offshoot.gateway.body.Fields;
import io.offshoot.gateway.body.JsonBody;
import io.offshoot.gateway.challenge.Asked;
import io.offshoot.gateway.credential.Caller;
import io.offshoot.gateway.credential.Permission;
import io.offshoot.proof.key.VerifyingKey;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirements;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** A hub's keys: made and kept by the hub, of which we have the public halves. */
@Path("/api/v1/hubs/{hub}/keys")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Keys")
class KeyResource {

    /** A thumbprint: SHA-256 in base64url. */
    private static final Pattern KID = Pattern.compile("[A-Za-z0-9_-]{43}");

    private static final Pattern NONCE = Pattern.compile("[A-Za-z0-9_-]{1,100}");

    private final Caller caller;
    private final HubKeys keys;
    private final KeyLife life;

    KeyResource(Caller caller, HubKeys keys, KeyLife life) {
        this.caller = caller;
        this.keys = keys;
        this.life = life;
    }

    /**
     * What is to be proved.
     *
     * @param jwk the new key: kty OKP, crv Ed25519, without its private half
     * @param predecessor the id of the key that it is to follow; left out for one that follows none
     */
    @Schema(requiredProperties = {"jwk"})
    record ProofAsked(JsonNode jwk, String predecessor) {}

    /**
     * A key, and the proof that its holder has it.
     *
     * @param nonce that of the challenge
     * @param signature of the challenge's text by the new key, in base64
     * @param predecessorSignature the same by the key that it follows; left out for one that follows none
     */
    @Schema(requiredProperties = {"nonce", "jwk", "signature"})
    record Proved(String nonce, JsonNode jwk, String name, String signature, String predecessorSignature) {}

    /**
     * One key of the hub's history.
     *
     * @param kid the RFC 7638 thumbprint of the JWK
     * @param predecessor the id of the key that signed for this one
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(requiredProperties = {"kid", "did", "name", "jwk", "addedAt"})
    record KeyView(
            String kid,
            String did,
            String name,
            Map<String, String> jwk,
            String predecessor,
            Instant addedAt,
            String addedBy,
            Instant retiredAt,
            Instant revokedAt) {

        static KeyView of(HubKey key) {
            return new KeyView(
                    key.kid(),
                    key.key().did(),
                    key.name(),
                    key.key().toJwk(),
                    key.predecessor(),
                    key.addedAt(),
                    key.addedBy(),
                    key.retiredAt(),
                    key.revokedAt());
        }
    }

    @Schema(
            name = "HubKeys",
            requiredProperties = {"keys"})
    record Keys(List<KeyView> keys) {}

    @POST
    @Path("/challenge")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "askToRegisterKey",
            summary = "Ask what is to be signed to register a key",
            description =
                    "The answer's `challenge` is signed as it is, as UTF-8: by the new key, and for a rotation by "
                            + "the key before it too. It is good for five minutes, for this key, and once.")
    @APIResponse(
            responseCode = "200",
            description = "What to sign",
            content = @Content(schema = @Schema(implementation = Asked.class)))
    public Uni<Response> ask(
            @PathParam("hub") String hub,
            @RequestBody(content = @Content(schema = @Schema(implementation = ProofAsked.class))) byte[] body) {
        caller.must(Permission.KEYS);
        var within = caller.within(hub);
        var asked = JsonBody.read(body, ProofAsked.class);
        if (asked.predecessor() != null && !KID.matcher(asked.predecessor()).matches()) {
            throw KeyLife.unknown();
        }
        return life.ask(within, key(asked.jwk()), asked.predecessor(), caller.credential())
                .map(challenge -> Response.ok(Asked.of(challenge))
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .build());
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "registerKey",
            summary = "Register a key, or let one follow another",
            description =
                    "Whoever has the key may sign in as an owner from then on, and sign intents of the hub. If the "
                            + "challenge names a predecessor, that key is retired. Repeating it with a new challenge changes "
                            + "nothing.")
    @APIResponse(
            responseCode = "201",
            description = "In use; its address is in Location",
            content = @Content(schema = @Schema(implementation = KeyView.class)))
    public Uni<Response> add(
            @PathParam("hub") String hub,
            @RequestBody(content = @Content(schema = @Schema(implementation = Proved.class))) byte[] body) {
        caller.must(Permission.KEYS);
        var within = caller.within(hub);
        var proved = JsonBody.read(body, Proved.class);
        var key = key(proved.jwk());
        var fields = new Fields();
        var name = fields.name("/name", proved.name());
        fields.check();
        if (proved.nonce() == null || !NONCE.matcher(proved.nonce()).matches()) {
            throw invalid("/nonce", "This is not a challenge's nonce.");
        }
        if (proved.signature() == null) {
            throw invalid("/signature", "The new key's signature is missing.");
        }
        var answer = new KeyLife.Answer(proved.nonce(), key, name, proved.signature(), proved.predecessorSignature());
        var action = proved.predecessorSignature() == null ? "key.register" : "key.rotate";
        return life.add(within, answer, caller.credential(), Audit.Entry.of(caller, within, action, key.id()))
                .map(added -> Response.status(Response.Status.CREATED)
                        .entity(KeyView.of(added))
                        .header(HttpHeaders.LOCATION, "/api/v1/hubs/%s/keys/%s".formatted(within, added.kid()))
                        .build());
    }

    @GET
    @Operation(operationId = "listKeys", summary = "List the hub's keys with those of the past, the oldest first")
    public Uni<Keys> all(@PathParam("hub") String hub) {
        caller.must(Permission.KEYS);
        return keys.all(caller.within(hub))
                .map(all -> new Keys(all.stream().map(KeyView::of).toList()));
    }

    @GET
    @Path("/{kid}")
    @Operation(operationId = "getKey", summary = "Show one key")
    public Uni<KeyView> one(@PathParam("hub") String hub, @PathParam("kid") String kid) {
        caller.must(Permission.KEYS);
        return keys.find(caller.within(hub), checked(kid))
                .map(found -> found.map(KeyView::of).orElseThrow(KeyLife::unknown));
    }

    @DELETE
    @Path("/{kid}")
    @Operation(
            operationId = "revokeKey",
            summary = "Revoke a key",
            description =
                    "From now on nothing it signs is believed, and what its holder got by signing in ends with it. "
                            + "The key stays in the history, with the time. Repeating it changes nothing.")
    public Uni<KeyView> revoke(@PathParam("hub") String hub, @PathParam("kid") String kid) {
        caller.must(Permission.KEYS);
        var within = caller.within(hub);
        return life.revoke(within, checked(kid), Audit.Entry.of(caller, within, "key.revoke", kid))
                .map(KeyView::of);
    }

    @GET
    @Path("/jwks.json")
    @Produces({KeySet.MEDIA_TYPE, MediaType.APPLICATION_JSON})
    @SecurityRequirements
    @Operation(
            operationId = "getHubKeySet",
            summary = "The hub's public keys with those of the past, for whoever verifies",
            description = "Takes no credential. Each key has `nbf`, the time it was added; `exp`, the time it was "
                    + "retired; and `revoked.revoked_at`, the time it was revoked, in seconds since 1970, as OpenID "
                    + "Federation has them. A hub without keys answers as one that does not exist.")
    @APIResponse(
            responseCode = "200",
            description = "A JWK set (RFC 7517)",
            content = @Content(schema = @Schema(implementation = KeySet.class)))
    public Uni<Response> published(@PathParam("hub") String hub) {
        return keys.all(hub).map(all -> {
            if (all.isEmpty()) {
                throw new ProblemException(ProblemType.UNKNOWN_HUB, "There is no such hub, or it has no keys.");
            }
            return Response.ok(KeySet.of(all))
                    .header(HttpHeaders.CACHE_CONTROL, "public, max-age=60")
                    .build();
        });
    }

    private static String checked(String kid) {
        if (!KID.matcher(kid).matches()) {
            throw KeyLife.unknown();
        }
        return kid;
    }

    private static VerifyingKey key(JsonNode jwk) {
        if (jwk == null || !jwk.isObject()) {
            throw invalid("/jwk", "The key must be a JWK of kty OKP and crv Ed25519.");
        }
        try {
            return VerifyingKey.ofJwk(jwk);
        } catch (IllegalArgumentException e) {
            // It says what is wrong and repeats nothing of the key.
            throw invalid("/jwk", e.getMessage() + ".");
        }
    }

    private static ProblemException invalid(String pointer, String detail) {
        return new ProblemException(Problem.of(
                ProblemType.INVALID_REQUEST,
                ProblemType.INVALID_REQUEST.title() + ".",
                List.of(new Problem.Invalid(pointer, detail))));
    }
}
