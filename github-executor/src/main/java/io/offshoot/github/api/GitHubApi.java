package io.offshoot.github.api;

import io.offshoot.github.api.GitHub.CommitDraft;
import io.offshoot.github.api.GitHub.ForkDraft;
import io.offshoot.github.api.GitHub.Generation;
import io.offshoot.github.api.GitHub.PullRequestDraft;
import io.offshoot.github.api.GitHub.PullRequestUpdate;
import io.offshoot.github.api.GitHub.RefUpdate;
import io.offshoot.github.api.GitHub.RepositoryUpdate;
import io.offshoot.github.api.GitHub.SecretDraft;
import io.offshoot.github.api.GitHub.Topics;
import io.offshoot.github.api.GitHub.Transfer;
import io.offshoot.github.api.GitHub.TreeDraft;
import io.offshoot.github.api.GitHub.Variable;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.rest.client.annotation.ClientHeaderParam;

/**
 * The few GitHub calls this service makes. They answer the bare response, for its body is read with a bound
 * ({@link io.offshoot.executorkit.call.Calls}). A slash inside a path parameter is sent as <code>%2F</code>, as
 * GitHub's own clients do.
 */
@Path("/repos/{owner}/{repo}")
@Produces("application/vnd.github+json")
@Consumes(MediaType.APPLICATION_JSON)
@ClientHeaderParam(name = "X-GitHub-Api-Version", value = "2022-11-28")
@ClientHeaderParam(name = "User-Agent", value = "offshoot")
interface GitHubApi {

    @GET
    Response repository(
            @HeaderParam("Authorization") String token,
            @PathParam("owner") String owner,
            @PathParam("repo") String repo);

    @PATCH
    Response update(
            @HeaderParam("Authorization") String token,
            @PathParam("owner") String owner,
            @PathParam("repo") String repo,
            RepositoryUpdate update);

    @DELETE
    Response delete(
            @HeaderParam("Authorization") String token,
            @PathParam("owner") String owner,
            @PathParam("repo") String repo);

    @POST
    @Path("/transfer")
    Response transfer(
            @HeaderParam("Authorization") String token,
            @PathParam("owner") String owner,
            @PathParam("repo") String repo,
            Transfer transfer);

    @POST
    @Path("/generate")
    Response generate(
            @HeaderParam("Authorization") String token,
            @PathParam("owner") String owner,
            @PathParam("repo") String repo,
            Generation generation);

    @POST
    @Path("/forks")
    Response fork(
            @HeaderParam("Authorization") String token,
            @PathParam("owner") String owner,
            @PathParam("repo") String repo,
            ForkDraft fork);

    @GET
    @Path("/compare/{basehead}")
    Response compare(
            @HeaderParam("Authorization") String token,
            @PathParam("owner") String owner,
            @PathParam("repo") String repo,
            @PathParam("basehead") String baseAndHead,
            @QueryParam("page") int page,
            @QueryParam("per_page") int perPage);

    @GET
    @Path("/pulls")
    Response pullRequests(
            @HeaderParam("Authorization") String token,
            @PathParam("owner") String owner,
            @PathParam("repo") String repo,
            @QueryParam("state") String state,
            @QueryParam("head") String head,
            @QueryParam("base") String base);

    @POST
    @Path("/pulls")
    Response createPullRequest(
            @HeaderParam("Authorization") String token,
            @PathParam("owner") String owner,
            @PathParam("repo") String repo,
            PullRequestDraft pullRequest);

    @GET
    @Path("/pulls/{number}")
    Response pullRequest(
            @HeaderParam("Authorization") String token,
            @PathParam("owner") String owner,
            @PathParam("repo") String repo,
            @PathParam("number") long number);

    @PATCH
    @Path("/pulls/{number}")
    Response updatePullRequest(
            @HeaderParam("Authorization") String token,
            @PathParam("owner") String owner,
            @PathParam("repo") String repo,
            @PathParam("number") long number,
            PullRequestUpdate update);

    @GET
    @Path("/commits")
    Response commits(
            @HeaderParam("Authorization") String token,
            @PathParam("owner") String owner,
            @PathParam("repo") String repo,
            @QueryParam("since") String since,
            @QueryParam("per_page") int perPage);

    @GET
    @Path("/topics")
    Response topics(
            @HeaderParam("Authorization") String token,
            @PathParam("owner") String owner,
            @PathParam("repo") String repo);

    @PUT
    @Path("/topics")
    Response replaceTopics(
            @HeaderParam("Authorization") String token,
            @PathParam("owner") String owner,
            @PathParam("repo") String repo,
            Topics topics);

    @GET
    @Path("/actions/secrets/public-key")
    Response secretsKey(
            @HeaderParam("Authorization") String token,
            @PathParam("owner") String owner,
            @PathParam("repo") String repo);

    @PUT
    @Path("/actions/secrets/{name}")
    Response putSecret(
            @HeaderParam("Authorization") String token,
            @PathParam("owner") String owner,
            @PathParam("repo") String repo,
            @PathParam("name") String name,
            SecretDraft secret);

    @GET
    @Path("/actions/secrets")
    Response secrets(
            @HeaderParam("Authorization") String token,
            @PathParam("owner") String owner,
            @PathParam("repo") String repo,
            @QueryParam("per_page") int perPage);

    @DELETE
    @Path("/actions/secrets/{name}")
    Response deleteSecret(
            @HeaderParam("Authorization") String token,
            @PathParam("owner") String owner,
            @PathParam("repo") String repo,
            @PathParam("name") String name);

    @DELETE
    @Path("/actions/variables/{name}")
    Response deleteVariable(
            @HeaderParam("Authorization") String token,
            @PathParam("owner") String owner,
            @PathParam("repo") String repo,
            @PathParam("name") String name);

    @GET
    @Path("/actions/variables/{name}")
    Response variable(
            @HeaderParam("Authorization") String token,
            @PathParam("owner") String owner,
            @PathParam("repo") String repo,
            @PathParam("name") String name);

    @POST
    @Path("/actions/variables")
    Response createVariable(
            @HeaderParam("Authorization") String token,
            @PathParam("owner") String owner,
            @PathParam("repo") String repo,
            Variable variable);

    @PATCH
    @Path("/actions/variables/{name}")
    Response updateVariable(
            @HeaderParam("Authorization") String token,
            @PathParam("owner") String owner,
            @PathParam("repo") String repo,
            @PathParam("name") String name,
            Variable variable);

    @GET
    @Path("/contents/{path}")
    Response contents(
            @HeaderParam("Authorization") String token,
            @PathParam("owner") String owner,
            @PathParam("repo") String repo,
            @PathParam("path") String path,
            @QueryParam("ref") String ref);

    @GET
    @Path("/git/ref/{ref}")
    Response ref(
            @HeaderParam("Authorization") String token,
            @PathParam("owner") String owner,
            @PathParam("repo") String repo,
            @PathParam("ref") String ref);

    @PATCH
    @Path("/git/refs/{ref}")
    Response updateRef(
            @HeaderParam("Authorization") String token,
            @PathParam("owner") String owner,
            @PathParam("repo") String repo,
            @PathParam("ref") String ref,
            RefUpdate update);

    @GET
    @Path("/git/commits/{sha}")
    Response commit(
            @HeaderParam("Authorization") String token,
            @PathParam("owner") String owner,
            @PathParam("repo") String repo,
            @PathParam("sha") String sha);

    @POST
    @Path("/git/trees")
    Response createTree(
            @HeaderParam("Authorization") String token,
            @PathParam("owner") String owner,
            @PathParam("repo") String repo,
            TreeDraft tree);

    @POST
    @Path("/git/commits")
    Response createCommit(
            @HeaderParam("Authorization") String token,
            @PathParam("owner") String owner,
            @PathParam("repo") String repo,
            CommitDraft commit);
}
