package io.offshoot.sandbox.control;

import com.fasterxml.jackson.databind.JsonNode;
import io.offshoot.sandbox.accounts.Account;
import io.offshoot.sandbox.accounts.App;
import io.offshoot.sandbox.dns.FakeDns;
import io.offshoot.sandbox.outgoing.Delivery;
import io.offshoot.sandbox.telegram.Telegram;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotAuthorizedException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/** For tests and operators: to look into the sandbox and to make things go wrong. Needs the control token. */
@Path("/_sandbox")
@Blocking
class ControlResource {

    /** Everything that exists, without contents and without values. */
    record Resources(
            List<RepositoryView> repositories,
            Map<String, ?> vercel,
            List<Map<String, Object>> aura,
            List<Telegram.Sent> telegram,
            Map<String, FakeDns.Records> dns) {}

    record RepositoryView(
            long id,
            String fullName,
            String description,
            boolean fork,
            boolean archived,
            List<String> topics,
            Map<String, String> refs,
            Map<String, String> secretDigests,
            Map<String, String> variables) {}

    /** Files by their paths; one without content is deleted. */
    record Push(String message, Map<String, String> files) {}

    record NewAccount(String organization, String githubToken, String teamId, String teamSlug, String vercelToken) {}

    record NewBot(String token, String username) {}

    /** What a person writes to a bot. */
    record Written(long from, String name, String text) {}

    record NewClient(String clientId, String clientSecret, String tenantId) {}

    record AccountView(String organization, long githubInstallation, String teamId, String teamSlug) {}

    private final Sandbox sandbox;

    ControlResource(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    @GET
    @Path("journal")
    public List<Journal.Entry> journal() {
        return sandbox.store().read(() -> sandbox.journal().entries());
    }

    @GET
    @Path("resources")
    public Resources resources() {
        return sandbox.store()
                .read(() -> new Resources(
                        sandbox.repositories().all().stream().map(this::view).toList(),
                        sandbox.hosting().inventory(),
                        sandbox.aura().inventory(),
                        sandbox.telegram().messages(),
                        sandbox.dns().all()));
    }

    private RepositoryView view(io.offshoot.sandbox.github.Repository repository) {
        var refs = new java.util.TreeMap<String, String>();
        sandbox.repositories().refs(repository).forEach(ref -> refs.put(ref.name(), ref.sha()));
        return new RepositoryView(
                repository.id(),
                repository.fullName(),
                repository.description(),
                repository.parentId() != null,
                repository.isArchived(),
                repository.topics(),
                refs,
                sandbox.github().secretsAndVariables().secretDigests(repository),
                sandbox.github().secretsAndVariables().variables(repository));
    }

    /** What the providers sent out, or will. */
    @GET
    @Path("deliveries")
    public List<Delivery> deliveries() {
        return sandbox.store()
                .read(() -> sandbox.outbox().all().stream().map(Delivery::shown).toList());
    }

    @GET
    @Path("faults")
    public List<Faults.Ordered> faults() {
        return sandbox.faults().all();
    }

    @POST
    @Path("faults")
    public Faults.Ordered order(Faults.Fault fault) {
        try {
            return sandbox.faults().add(fault);
        } catch (PatternSyntaxException malformed) {
            throw new BadRequestException("match.path is no regular expression");
        }
    }

    @DELETE
    @Path("faults")
    public void forgetFaults() {
        sandbox.faults().clear();
    }

    /** From now on, a share of all calls meets a fault. */
    @PUT
    @Path("faults/random")
    public RandomFaults.Plan orderByChance(RandomFaults.Plan plan) {
        sandbox.faults().add(new RandomFaults(plan));
        return plan;
    }

    @GET
    @Path("dns")
    public Map<String, FakeDns.Records> dns() {
        return sandbox.store().read(() -> sandbox.dns().all());
    }

    @PUT
    @Path("dns/{name}")
    public void putDns(@PathParam("name") String name, List<FakeDns.Record> records) {
        if (records.stream().anyMatch(one -> one.type() == null || one.value() == null)) {
            throw new BadRequestException("a record has a type and a value");
        }
        sandbox.store().write(() -> sandbox.dns().put(name, records));
    }

    @DELETE
    @Path("dns/{name}")
    public void deleteDns(@PathParam("name") String name) {
        sandbox.store().write(() -> sandbox.dns().remove(name));
    }

    @POST
    @Path("reset")
    public void reset() {
        sandbox.reset();
    }

    @GET
    @Path("accounts")
    public List<AccountView> accounts() {
        return sandbox.store().read(() -> sandbox.accounts().all().stream()
                .map(account -> new AccountView(
                        account.organization(),
                        App.installationIn(account.organization()),
                        account.teamId(),
                        account.teamSlug()))
                .toList());
    }

    @POST
    @Path("accounts")
    public List<AccountView> addAccount(NewAccount added) {
        boolean whole = Stream.of(
                        added.organization(),
                        added.githubToken(),
                        added.teamId(),
                        added.teamSlug(),
                        added.vercelToken())
                .allMatch(part -> part != null && !part.isBlank());
        if (!whole) {
            throw new BadRequestException("an account has organization, githubToken, teamId, teamSlug, vercelToken");
        }
        var account = Account.of(
                added.organization(), added.githubToken(), added.teamId(), added.teamSlug(), added.vercelToken());
        sandbox.store().write(() -> sandbox.accounts().add(account));
        return accounts();
    }

    /** Registers the GitHub App, with the public half of its key and, if it has one, its setup URL. */
    @PUT
    @Path("github-app")
    public void register(JsonNode app) {
        try {
            var registered = new App(
                    app.path("id").asLong(),
                    app.path("publicKey").asText(),
                    app.path("setupUrl").textValue());
            sandbox.store().write(() -> sandbox.accounts().register(registered));
        } catch (IllegalArgumentException malformed) {
            throw new BadRequestException(malformed.getMessage());
        }
    }

    /** Registers a bot at Telegram. */
    @POST
    @Path("telegram-bots")
    public void addBot(NewBot bot) {
        changing(() -> sandbox.telegram().register(bot.token(), bot.username()));
    }

    /** Lets a person write to a bot. */
    @POST
    @Path("telegram-bots/{id}/messages")
    public void write(@PathParam("id") long bot, Written message) {
        changing(() -> sandbox.telegram().write(bot, message.from(), message.name(), message.text()));
    }

    /** Registers a client at Aura. */
    @POST
    @Path("aura-clients")
    public void addClient(NewClient client) {
        boolean whole = Stream.of(client.clientId(), client.clientSecret(), client.tenantId())
                .allMatch(part -> part != null && !part.isBlank());
        if (!whole) {
            throw new BadRequestException("a client has clientId, clientSecret, tenantId");
        }
        changing(() -> sandbox.aura().register(client.clientId(), client.clientSecret(), client.tenantId()));
    }

    /** Every token of Aura is expired. */
    @DELETE
    @Path("aura-tokens")
    public void expireAuraTokens() {
        changing(() -> sandbox.aura().expireTokens());
    }

    private void changing(Runnable change) {
        try {
            sandbox.store().write(change);
        } catch (IllegalArgumentException malformed) {
            throw new BadRequestException(malformed.getMessage());
        }
    }

    /** Every token of an installation stops working. */
    @DELETE
    @Path("installation-tokens")
    public void revokeInstallationTokens() {
        sandbox.store().write(() -> sandbox.github().installations().revokeTokens());
    }

    /** Pushes to the default branch, as the repository's owner would with Git. */
    @POST
    @Path("repositories/{owner}/{repo}/commits")
    public Map<String, String> push(@PathParam("owner") String owner, @PathParam("repo") String repo, Push push) {
        return sandbox.store().write(() -> {
            var repository = sandbox.repositories()
                    .find(owner, repo)
                    .filter(found -> sandbox.repositories().refsVisible(found))
                    .orElseThrow(() -> new BadRequestException("there is no such repository, or it is empty"));
            return Map.of("sha", sandbox.repositories().pushFiles(repository, push.files(), push.message()));
        });
    }

    /** The new owner accepts a repository, as a person does from GitHub's email. */
    @POST
    @Path("repositories/{owner}/{repo}/accept")
    public Map<String, String> accept(@PathParam("owner") String owner, @PathParam("repo") String repo) {
        return sandbox.store().write(() -> sandbox.repositories()
                .find(owner, repo)
                .flatMap(sandbox.github().transfers()::accept)
                .map(moved -> Map.of("fullName", moved.fullName()))
                .orElseThrow(() -> new BadRequestException("no such repository is offered to anybody")));
    }

    @GET
    @Path("settings")
    public Settings settings() {
        return sandbox.store().read(() -> sandbox.settings().get());
    }

    /** Changes the settings that are named; the others stay. */
    @PUT
    @Path("settings")
    public Settings change(JsonNode changes) {
        try {
            return sandbox.store().write(() -> sandbox.settings().change(changes));
        } catch (IllegalArgumentException malformed) {
            throw new BadRequestException(malformed.getMessage());
        }
    }

    /** Turns on every rate limit that the providers publish. */
    @POST
    @Path("settings/published-limits")
    public Settings limitAsPublished() {
        return sandbox.store().write(() -> sandbox.settings().limitAsPublished());
    }

    /** Looks at the token of every call to this API. */
    static class Gate {

        private final SandboxConfig config;

        Gate(SandboxConfig config) {
            this.config = config;
        }

        @ServerRequestFilter
        void check(ContainerRequestContext request) {
            if (!request.getUriInfo().getPath().startsWith("/_sandbox")) {
                return;
            }
            String given = Optional.ofNullable(request.getHeaderString("Authorization"))
                    .orElse("");
            String wanted = "Bearer " + config.controlToken().orElseThrow();
            boolean same = MessageDigest.isEqual(
                    given.getBytes(StandardCharsets.UTF_8), wanted.getBytes(StandardCharsets.UTF_8));
            if (!same) {
                throw new NotAuthorizedException("Bearer");
            }
        }
    }
}
