package io.offshoot.vercel.api;

import io.offshoot.vercel.api.Vercel.DeploymentDraft;
import io.offshoot.vercel.api.Vercel.DomainDraft;
import io.offshoot.vercel.api.Vercel.FilesDraft;
import io.offshoot.vercel.api.Vercel.ProjectDraft;
import io.offshoot.vercel.api.Vercel.TransferDraft;
import io.offshoot.vercel.api.Vercel.Variable;
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
import java.util.List;
import org.eclipse.microprofile.rest.client.annotation.ClientHeaderParam;

/**
 * The few Vercel calls this service makes; each path has a version of its own. They answer the bare response, for its
 * body is read with a bound ({@link io.offshoot.executorkit.call.Calls}).
 */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@ClientHeaderParam(name = "User-Agent", value = "offshoot")
interface VercelApi {

    @GET
    @Path("v9/projects/{project}")
    Response project(
            @HeaderParam("Authorization") String token,
            @PathParam("project") String project,
            @QueryParam("teamId") String team);

    @POST
    @Path("v11/projects")
    Response createProject(
            @HeaderParam("Authorization") String token, @QueryParam("teamId") String team, ProjectDraft project);

    @GET
    @Path("v10/projects/{project}/env")
    Response variables(
            @HeaderParam("Authorization") String token,
            @PathParam("project") String project,
            @QueryParam("teamId") String team);

    @POST
    @Path("v10/projects/{project}/env")
    Response setVariables(
            @HeaderParam("Authorization") String token,
            @PathParam("project") String project,
            @QueryParam("teamId") String team,
            @QueryParam("upsert") boolean upsert,
            List<Variable> variables);

    @DELETE
    @Path("v9/projects/{project}")
    Response deleteProject(
            @HeaderParam("Authorization") String token,
            @PathParam("project") String project,
            @QueryParam("teamId") String team);

    @DELETE
    @Path("v9/projects/{project}/env/{variable}")
    Response deleteVariable(
            @HeaderParam("Authorization") String token,
            @PathParam("project") String project,
            @PathParam("variable") String variable,
            @QueryParam("teamId") String team);

    @GET
    @Path("v7/deployments")
    Response deployments(
            @HeaderParam("Authorization") String token,
            @QueryParam("teamId") String team,
            @QueryParam("projectId") String project,
            @QueryParam("target") String target,
            @QueryParam("limit") int limit,
            @QueryParam("until") Long until);

    @POST
    @Path("v13/deployments")
    Response createDeployment(
            @HeaderParam("Authorization") String token,
            @QueryParam("teamId") String team,
            @QueryParam("skipAutoDetectionConfirmation") String skipAutoDetectionConfirmation,
            DeploymentDraft deployment);

    @GET
    @Path("v13/deployments/{deployment}")
    Response deployment(
            @HeaderParam("Authorization") String token,
            @PathParam("deployment") String deployment,
            @QueryParam("teamId") String team);

    @DELETE
    @Path("v13/deployments/{deployment}")
    Response deleteDeployment(
            @HeaderParam("Authorization") String token,
            @PathParam("deployment") String deployment,
            @QueryParam("teamId") String team);

    @PATCH
    @Path("v12/deployments/{deployment}/cancel")
    Response cancelDeployment(
            @HeaderParam("Authorization") String token,
            @PathParam("deployment") String deployment,
            @QueryParam("teamId") String team);

    @GET
    @Path("v3/deployments/{deployment}/events")
    Response events(
            @HeaderParam("Authorization") String token,
            @PathParam("deployment") String deployment,
            @QueryParam("teamId") String team,
            @QueryParam("builds") int builds,
            @QueryParam("direction") String direction,
            @QueryParam("limit") int limit);

    @GET
    @Path("v9/projects/{project}/domains/{domain}")
    Response domain(
            @HeaderParam("Authorization") String token,
            @PathParam("project") String project,
            @PathParam("domain") String domain,
            @QueryParam("teamId") String team);

    @POST
    @Path("v10/projects/{project}/domains")
    Response addDomain(
            @HeaderParam("Authorization") String token,
            @PathParam("project") String project,
            @QueryParam("teamId") String team,
            DomainDraft domain);

    @DELETE
    @Path("v9/projects/{project}/domains/{domain}")
    Response removeDomain(
            @HeaderParam("Authorization") String token,
            @PathParam("project") String project,
            @PathParam("domain") String domain,
            @QueryParam("teamId") String team);

    @POST
    @Path("v9/projects/{project}/domains/{domain}/verify")
    Response verifyDomain(
            @HeaderParam("Authorization") String token,
            @PathParam("project") String project,
            @PathParam("domain") String domain,
            @QueryParam("teamId") String team);

    @GET
    @Path("v6/domains/{domain}/config")
    Response domainConfig(
            @HeaderParam("Authorization") String token,
            @PathParam("domain") String domain,
            @QueryParam("teamId") String team);

    /** Takes no team: the namespaces are those that the token's user has given Vercel access to. */
    @GET
    @Path("v1/integrations/git-namespaces")
    Response gitNamespaces(@HeaderParam("Authorization") String token, @QueryParam("provider") String provider);

    @GET
    @Path("v1/domains/{apex}/project-domains")
    Response projectDomains(
            @HeaderParam("Authorization") String token,
            @PathParam("apex") String apex,
            @QueryParam("teamId") String team,
            @QueryParam("limit") int limit);

    /** Takes no team: a token is one person's. */
    @GET
    @Path("v2/user")
    Response user(@HeaderParam("Authorization") String token);

    @GET
    @Path("v2/teams/{team}")
    Response team(@HeaderParam("Authorization") String token, @PathParam("team") String team);

    @POST
    @Path("v2/files")
    @Consumes(MediaType.APPLICATION_OCTET_STREAM)
    Response uploadFile(
            @HeaderParam("Authorization") String token,
            @HeaderParam("x-vercel-digest") String sha1,
            @QueryParam("teamId") String team,
            byte[] file);

    @POST
    @Path("v13/deployments")
    Response createDeployment(
            @HeaderParam("Authorization") String token,
            @QueryParam("teamId") String team,
            @QueryParam("skipAutoDetectionConfirmation") String skipAutoDetectionConfirmation,
            FilesDraft deployment);

    @POST
    @Path("projects/{project}/transfer-request")
    Response offerProject(
            @HeaderParam("Authorization") String token,
            @PathParam("project") String project,
            @QueryParam("teamId") String team,
            TransferDraft draft);

    @PUT
    @Path("projects/transfer-request/{code}")
    Response acceptProject(
            @HeaderParam("Authorization") String token,
            @PathParam("code") String code,
            @QueryParam("teamId") String team,
            TransferDraft draft);
}
