package io.offshoot.github.api;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.rest.client.annotation.ClientHeaderParam;

/** The calls that are not about a repository by its name; otherwise as {@link GitHubApi}. */
@Path("/")
@Produces("application/vnd.github+json")
@ClientHeaderParam(name = "X-GitHub-Api-Version", value = "2022-11-28")
@ClientHeaderParam(name = "User-Agent", value = "offshoot")
interface GitHubAccountApi {

    /** Asked as the app, not as its installation. */
    @POST
    @Path("/app/installations/{id}/access_tokens")
    Response accessToken(@HeaderParam("Authorization") String jwt, @PathParam("id") long installation);

    /** Asked as the app. */
    @GET
    @Path("/app/installations/{id}")
    Response installation(@HeaderParam("Authorization") String jwt, @PathParam("id") long installation);

    /** Whom a personal token stands for. */
    @GET
    @Path("/user")
    Response user(@HeaderParam("Authorization") String token);

    @GET
    @Path("/orgs/{org}/repos")
    Response repositoriesOf(
            @HeaderParam("Authorization") String token,
            @PathParam("org") String organization,
            @QueryParam("per_page") int perPage);

    /** A repository under whatever name it has now. */
    @GET
    @Path("/repositories/{id}")
    Response repository(@HeaderParam("Authorization") String token, @PathParam("id") long id);
}
