package io.offshoot.gateway.receipt;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.gateway.orchestrator.Orchestrator;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirements;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * The keys that receipts are verified with. Open to everybody; the orchestrator is asked once in a while, and while it
 * is away what it said last is said again.
 */
@Path("/api/v1/receipts/jwks.json")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Receipts")
class PlatformKeysResource {

    private static final Duration KEPT = Duration.ofMinutes(5);

    private record Kept(ObjectNode keys, Instant until) {}

    private final Orchestrator orchestrator;
    private final Clock clock;
    private volatile Kept kept;

    PlatformKeysResource(Orchestrator orchestrator, Clock clock) {
        this.orchestrator = orchestrator;
        this.clock = clock;
    }

    @GET
    @SecurityRequirements
    @Operation(
            operationId = "getPlatformKeySet",
            summary = "Show the platform's keys, those of the past among them",
            description =
                    "A JSON Web Key Set; needs no credential. `exp`: since when it signs nothing new. `revoked`: nothing "
                            + "that it signed is believed any more.")
    @APIResponse(
            responseCode = "200",
            description = "A JSON Web Key Set (RFC 7517)",
            content = @Content(schema = @Schema(implementation = ObjectNode.class)))
    public Uni<Response> all() {
        var known = kept;
        if (known != null && clock.instant().isBefore(known.until())) {
            return Uni.createFrom().item(answer(known.keys()));
        }
        var asked = orchestrator
                .receiptKeys()
                .invoke(keys -> kept = new Kept(keys, clock.instant().plus(KEPT)));
        return (known == null ? asked : asked.onFailure().recoverWithItem(known.keys()))
                .map(PlatformKeysResource::answer);
    }

    private static Response answer(ObjectNode keys) {
        return Response.ok(keys)
                .header(HttpHeaders.CACHE_CONTROL, "public, max-age=" + KEPT.toSeconds())
                .build();
    }
}
