package io.offshoot.gateway.connection;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.InstallationLink;
import io.offshoot.gateway.audit.Audit;
import io.offshoot.gateway.credential.Caller;
import io.offshoot.gateway.orchestrator.Orchestrator;
import io.offshoot.gateway.page.Page;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;

/**
 * The page that people come back to who have installed the platform's GitHub App with a link of ours. Nothing in its
 * address is believed: whoever comes back has the link, and the executor asks GitHub the rest.
 */
@Path(ConnectionResource.HERE + "/github/installed")
class InstallationResource {

    private final Caller caller;
    private final Orchestrator orchestrator;
    private final Audit audit;

    InstallationResource(Caller caller, Orchestrator orchestrator, Audit audit) {
        this.caller = caller;
        this.orchestrator = orchestrator;
        this.audit = audit;
    }

    /** A browser comes here from GitHub, and brings nothing but this address. */
    @GET
    @Produces({MediaType.TEXT_HTML, MediaType.WILDCARD})
    @Operation(hidden = true)
    public Uni<Response> installed(
            @QueryParam("installation_id") String installation,
            @QueryParam("setup_action") String action,
            @QueryParam("state") String state,
            @HeaderParam(HttpHeaders.ACCEPT) String accept) {
        var isForPeople = accept != null && accept.contains(MediaType.TEXT_HTML);
        if ("request".equals(action)) {
            return page(
                    200,
                    "An owner has to agree",
                    "GitHub has asked an owner of the organisation to install the app. The link that you had works once more:"
                            + " ask them to open it themselves within the hour, or ask for a new one.");
        }
        if (state == null
                || !state.matches("[A-Za-z0-9_-]{43}")
                || installation == null
                || !installation.matches("[1-9][0-9]{0,17}")) {
            return refused(isForPeople);
        }
        var came = Audit.Entry.ofAnybody(
                caller, "installation-link", null, "connection.installation", "github", Audit.Outcome.DONE);
        return orchestrator
                .installed(new InstallationLink.Used(InstallationLinks.sha256(state), Long.parseLong(installation)))
                .call(outcome -> audit.record(entry(came, outcome)))
                .chain(outcome -> outcome.connection() == null ? notUsable() : connected(outcome))
                .onFailure(failure -> isForPeople
                        && failure instanceof ProblemException problem
                        && ProblemType.UNKNOWN_INSTALLATION_LINK
                                .code()
                                .equals(problem.problem().code()))
                .recoverWithUni(() -> refused(true));
    }

    private static Audit.Entry entry(Audit.Entry came, InstallationLink.Outcome outcome) {
        var connection = outcome.connection();
        return new Audit.Entry(
                outcome.hub(),
                outcome.by(),
                came.role(),
                came.action(),
                connection == null ? "github" : "github/" + connection.name(),
                connection == null ? Audit.Outcome.REFUSED : Audit.Outcome.DONE,
                came.address(),
                came.traceId());
    }

    /** The names are ours: they were checked when they came in. */
    private static Uni<Response> connected(InstallationLink.Outcome outcome) {
        return page(200, "The app is installed", """
                Thank you. The hub <b>%s</b> can now deploy at <b>%s</b>, as soon as GitHub has confirmed it to us: a \
                matter of seconds. You can close this page; a deployment that waits for it goes on by itself.</p>
                <p><a href="/accounts">To the accounts</a></p>
                <p>You do not know this hub? Then uninstall the app again, in the settings of your organisation at GitHub \
                under <i>GitHub Apps</i>.""".formatted(
                        outcome.hub(), outcome.connection().account()));
    }

    private static Uni<Response> notUsable() {
        return page(
                409,
                "This installation cannot be used",
                "The app is installed, and it is connected to another hub already, or the hub has been given another"
                        + " connection of that name since. Nothing was changed. Please tell whoever gave you the link.");
    }

    private static Uni<Response> refused(boolean isForPeople) {
        var type = ProblemType.UNKNOWN_INSTALLATION_LINK;
        if (!isForPeople) {
            throw new ProblemException(type, type.cause());
        }
        return page(
                type.status(),
                type.title(),
                "It was used already, is older than an hour, or was never ours. Nothing was connected. Please ask whoever gave"
                        + " you the link for a new one.");
    }

    private static Uni<Response> page(int status, String title, String words) {
        return Uni.createFrom()
                .item(Response.fromResponse(Page.of(status, title, "<p>" + words + "</p>"))
                        .header(HttpHeaders.CACHE_CONTROL, null)
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .build());
    }
}
