package io.offshoot.gateway.secret;

import io.offshoot.contracts.problem.Problem;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.secret.Sealed;
import io.offshoot.contracts.secret.VaultReference;
import io.offshoot.gateway.audit.Audit;
import io.offshoot.gateway.body.JsonBody;
import io.offshoot.gateway.credential.Caller;
import io.offshoot.gateway.credential.Permission;
import io.offshoot.sealing.SecretContext;
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
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** A hub's secrets. They are set and used; no call gives one back. */
@Path("/api/v1/secrets")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Secrets")
class SecretResource {

    private final Caller caller;
    private final Secrets secrets;

    SecretResource(Caller caller, Secrets secrets) {
        this.caller = caller;
        this.secrets = secrets;
    }

    /** What a secret is set to: a value, or where it is kept. Never stored or printed. */
    record SetSecret(
            @Schema(description = "Text of up to 32 KiB; or else give vault")
            String value,

            @Schema(
                    description =
                            "Where it is kept in the vault of the installation, below the hub's own path; or else give value")
            Place vault) {

        /** A place in the vault, as somebody wrote it. */
        record Place(
                @Schema(required = true, description = "Names with / between them")
                String path,

                @Schema(required = true) String key) {}

        /** What is wrong with it, without a word of it. */
        Optional<Problem.Invalid> wrong() {
            if (vault == null) {
                return SecretValue.wrong(value).map(why -> new Problem.Invalid("/value", why));
            }
            if (value != null) {
                return Optional.of(new Problem.Invalid("/vault", "a secret has a value or is in the vault, not both"));
            }
            return VaultReference.wrongPath(vault.path)
                    .map(why -> new Problem.Invalid("/vault/path", why))
                    .or(() -> VaultReference.wrongKey(vault.key).map(why -> new Problem.Invalid("/vault/key", why)));
        }

        @Override
        public String toString() {
            return "SetSecret[]";
        }
    }

    /**
     * All that can be known of a secret.
     *
     * @param version grows when it is set
     * @param inVault whether it is only said where it is kept
     * @param setBy the name of the credential
     * @param sealedFor the providers whose executors can open it
     */
    @Schema(requiredProperties = {"name", "version", "inVault", "setAt", "setBy", "sealedFor"})
    record SecretView(String name, long version, boolean inVault, Instant setAt, String setBy, List<String> sealedFor) {

        static SecretView of(StoredSecret secret) {
            return new SecretView(
                    secret.name(),
                    secret.version(),
                    secret.scope().equals(SecretContext.VAULT),
                    secret.setAt(),
                    secret.setBy(),
                    secret.copies().stream().map(Sealed::recipient).sorted().toList());
        }
    }

    @PUT
    @Path("/{name}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "putSecret",
            summary = "Set a secret",
            description =
                    "It is closed at once for the parts that will use it, and nobody can read it again. Deployments "
                            + "that were created before keep what they took along. Of one that is kept in the vault, "
                            + "only the place is: what is there then is used.")
    @APIResponse(
            responseCode = "200",
            description = "Set",
            content = @Content(schema = @Schema(implementation = SecretView.class)))
    public Uni<Response> set(
            @PathParam("name") String name,
            @RequestBody(content = @Content(schema = @Schema(implementation = SetSecret.class))) byte[] body) {
        caller.must(Permission.SECRETS);
        var by = caller.credential();
        if (!SecretValue.isName(name)) {
            throw new ProblemException(
                    ProblemType.INVALID_REQUEST,
                    "A secret's name is of letters, digits and _, no digit first, 128 characters at most.");
        }
        var asked = JsonBody.read(body, SetSecret.class);
        asked.wrong().ifPresent(wrong -> {
            throw new ProblemException(
                    Problem.of(ProblemType.INVALID_REQUEST, "One value does not fit.", List.of(wrong)));
        });
        var done = Audit.Entry.of(caller, by.hub(), "secret.set", name);
        var set = asked.vault() == null
                ? secrets.set(by.hub(), name, SecretValue.of(asked.value()), by.name(), done)
                : secrets.refer(
                        by.hub(),
                        name,
                        new VaultReference(asked.vault().path(), asked.vault().key()),
                        by.name(),
                        done);
        return set.map(secret -> answer(SecretView.of(secret)));
    }

    @GET
    @Operation(
            operationId = "listSecrets",
            summary = "List the hub's secrets",
            description = "Names and versions; never a value.")
    @APIResponse(
            responseCode = "200",
            description = "All, by name",
            content = @Content(schema = @Schema(type = SchemaType.ARRAY, implementation = SecretView.class)))
    public Uni<Response> all() {
        caller.must(Permission.SECRETS);
        return secrets.all(caller.hub())
                .map(all -> answer(all.stream().map(SecretView::of).toList()));
    }

    @GET
    @Path("/{name}")
    @Operation(operationId = "getSecret", summary = "Show what is known of a secret", description = "Never its value.")
    @APIResponse(
            responseCode = "200",
            description = "What is known",
            content = @Content(schema = @Schema(implementation = SecretView.class)))
    public Uni<Response> one(@PathParam("name") String name) {
        caller.must(Permission.SECRETS);
        return secrets.one(caller.hub(), name).map(secret -> answer(SecretView.of(secret)));
    }

    @DELETE
    @Path("/{name}")
    @Operation(
            operationId = "deleteSecret",
            summary = "Delete a secret",
            description = "No new deployment can refer to it. Those that took it along keep it.")
    @APIResponse(responseCode = "204", description = "Deleted")
    public Uni<Response> delete(@PathParam("name") String name) {
        caller.must(Permission.SECRETS);
        var done = Audit.Entry.of(caller, caller.hub(), "secret.delete", name);
        return secrets.delete(caller.hub(), name, done)
                .map(nothing -> Response.noContent().build());
    }

    private static Response answer(Object view) {
        return Response.ok(view)
                .header(HttpHeaders.CACHE_CONTROL, "private, no-cache")
                .build();
    }
}
