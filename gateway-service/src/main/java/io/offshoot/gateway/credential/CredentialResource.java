package io.offshoot.gateway.credential;

import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What whoever calls may do: a page shows what can be done, and nothing else. */
@Path("/api/v1/credential")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Hubs")
class CredentialResource {

    private final Caller caller;

    CredentialResource(Caller caller) {
        this.caller = caller;
    }

    /**
     * The credential of the call, without the token.
     *
     * @param permissions what the role allows and no scope takes away, as scopes are written
     * @param expiresAt null for never
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(
            name = "CredentialView",
            requiredProperties = {"hub", "role", "permissions"})
    record View(String hub, String role, List<String> permissions, Instant expiresAt) {}

    @GET
    @Operation(
            operationId = "getCredential",
            summary = "Show for which hub the credential acts, and what it may do",
            description = "Takes any valid credential.")
    public View one() {
        var credential = caller.credential();
        return new View(
                credential.hub(),
                written(credential.role()),
                credential.permissions().stream()
                        .sorted()
                        .map(CredentialResource::written)
                        .toList(),
                credential.expiresAt());
    }

    private static String written(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
