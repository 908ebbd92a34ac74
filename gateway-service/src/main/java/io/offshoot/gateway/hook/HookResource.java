package io.offshoot.gateway.hook;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.body.JsonBody;
import io.offshoot.gateway.credential.Caller;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirements;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/**
 * Where providers tell what happens. They have no credential of ours: their signature over the very bytes lets them in.
 * The answer is the same whether anybody waits for it or not.
 */
@Path("/api/v1/hooks")
@Consumes(MediaType.WILDCARD)
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Provider webhooks")
@SecurityRequirements
class HookResource {

    private final Caller caller;
    private final Hints hints;
    private final HookSignature github;
    private final HookSignature vercel;

    HookResource(Caller caller, Hints hints, HooksConfig config) {
        this.caller = caller;
        this.hints = hints;
        github = HookSignature.ofGitHub(config.github());
        vercel = HookSignature.ofVercel(config.vercel());
    }

    @POST
    @Path("/github")
    @Operation(
            operationId = "takeGitHubWebhook",
            summary = "Take a webhook of GitHub",
            description = "Signed in `X-Hub-Signature-256`. It makes those who wait look sooner, and nothing else.")
    @APIResponse(responseCode = "202", description = "Taken, whomever it concerns")
    public Response github(
            byte[] body,
            @HeaderParam("X-Hub-Signature-256") String signature,
            @HeaderParam("X-GitHub-Event") String event,
            @HeaderParam("X-GitHub-Delivery") String delivery) {
        check(github, body, signature);
        return taken(ProviderNews.ofGitHub(event, delivery, body));
    }

    @POST
    @Path("/vercel")
    @Operation(
            operationId = "takeVercelWebhook",
            summary = "Take a webhook of Vercel",
            description = "Signed in `x-vercel-signature`. It makes those who wait look sooner, and nothing else.")
    @APIResponse(responseCode = "202", description = "Taken, whomever it concerns")
    public Response vercel(byte[] body, @HeaderParam("x-vercel-signature") String signature) {
        check(vercel, body, signature);
        return taken(ProviderNews.ofVercel(body));
    }

    private static void check(HookSignature expected, byte[] body, String signature) {
        if (body != null && body.length > JsonBody.MAX_BYTES_OF_HOOKS) {
            throw new ProblemException(ProblemType.BODY_TOO_LARGE, "A provider's webhook has 1 MiB at most.");
        }
        if (!expected.isOf(body == null ? new byte[0] : body, signature)) {
            throw new ProblemException(ProblemType.WRONG_SIGNATURE, ProblemType.WRONG_SIGNATURE.cause());
        }
    }

    private Response taken(Optional<ProviderNews> news) {
        var trace = caller.trace();
        news.ifPresent(told -> hints.pass(told, trace));
        return Response.accepted().build();
    }
}
