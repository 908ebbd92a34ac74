package io.offshoot.sandbox.vercel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.sandbox.accounts.Account;
import io.offshoot.sandbox.accounts.Accounts;
import io.offshoot.sandbox.control.Settings;
import io.offshoot.sandbox.dns.FakeDns;
import io.offshoot.sandbox.exchange.Answer;
import io.offshoot.sandbox.exchange.Call;
import io.offshoot.sandbox.exchange.Provider;
import io.offshoot.sandbox.exchange.RateLimits;
import io.offshoot.sandbox.exchange.Refusal;
import io.offshoot.sandbox.exchange.Routes;
import io.offshoot.sandbox.exchange.Routes.Parameters;
import io.offshoot.sandbox.git.GitObject;
import io.offshoot.sandbox.github.Repositories;
import io.offshoot.sandbox.github.Repository;
import io.offshoot.sandbox.outgoing.Outbox;
import io.offshoot.sandbox.state.Store;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/** The part of Vercel's REST API that building a hub's site from a repository needs. */
public final class Vercel implements Provider {

    /** Who calls, and for which of the accounts that they may use. */
    record Caller(Account account, String accountId) {}

    /** Calls that are counted together. */
    private record Counter(String counted, String name, int limit, Duration window) {}

    private static final String ANONYMOUS = "anonymous";
    private static final int ANONYMOUS_LIMIT = 60;
    private static final int MINUTE = 60;
    private static final int HOUR = 3600;

    static final List<String> BUILD_SETTINGS =
            List.of("framework", "buildCommand", "devCommand", "installCommand", "outputDirectory", "rootDirectory");

    private static final String SOURCE_MISSING = "The provided GitHub repository does not contain the requested branch"
            + " or commit reference. Please ensure the repository is not empty.";

    private static final Set<String> ON_CREATE = Set.of(
            "buildCommand",
            "commandForIgnoringBuildStep",
            "devCommand",
            "enableAffectedProjectsDeployments",
            "enablePreviewFeedback",
            "enableProductionFeedback",
            "environmentVariables",
            "framework",
            "gitRepository",
            "installCommand",
            "name",
            "oidcTokenConfig",
            "outputDirectory",
            "previewDeploymentSuffix",
            "previewDeploymentsDisabled",
            "publicSource",
            "resourceConfig",
            "rootDirectory",
            "sandbox",
            "serverlessFunctionRegion",
            "serverlessFunctionZeroConfigFailover",
            "skipGitConnectDuringLink",
            "ssoProtection");

    /** No gitRepository here: a link is made with the project or not at all. */
    private static final Set<String> ON_UPDATE = Set.of(
            "autoAssignCustomDomains",
            "autoAssignCustomDomainsUpdatedBy",
            "autoExposeSystemEnvs",
            "buildCommand",
            "commandForIgnoringBuildStep",
            "connectConfigurations",
            "customerSupportCodeVisibility",
            "devCommand",
            "directoryListing",
            "enableAffectedProjectsDeployments",
            "enablePreviewFeedback",
            "enableProductionFeedback",
            "framework",
            "gitForkProtection",
            "gitLFS",
            "installCommand",
            "name",
            "nodeVersion",
            "oidcTokenConfig",
            "optionsAllowlist",
            "outputDirectory",
            "passwordProtection",
            "previewDeploymentsDisabled",
            "publicSource",
            "resourceConfig",
            "rootDirectory",
            "serverlessFunctionRegion",
            "serverlessFunctionZeroConfigFailover",
            "skewProtectionBoundaryAt",
            "skewProtectionMaxAge",
            "skipGitConnectDuringLink",
            "sourceFilesOutsideRootDirectory",
            "ssoProtection",
            "staticIps",
            "trustedIps");

    private static final List<String> TARGETS = List.of("production", "preview", "development");
    private static final List<String> TYPES = List.of("plain", "encrypted", "sensitive", "system", "secret");

    /** Endings under which people register; everything else has its apex at the last two labels. */
    private static final Set<String> TWO_LABEL_ENDINGS = Set.of(
            "ac.ke", "co.ke", "go.ke", "or.ke", "sc.ke", "co.ug", "or.ug", "ac.ug", "co.tz", "or.tz", "co.za", "org.za",
            "com.gh", "org.gh", "com.ng", "org.ng", "co.rw", "org.rw", "co.zw", "org.zw", "co.zm", "co.mz", "com.et",
            "co.uk", "org.uk");

    private final Hosting hosting;
    private final Repositories repositories;
    private final Accounts accounts;
    private final FakeDns dns;
    private final Supplier<Settings> settings;
    private final RateLimits limits;
    private final Webhooks webhooks;
    private final Routes<Caller> routes = new Routes<>();

    public Vercel(
            Store store,
            Hosting hosting,
            Repositories repositories,
            Accounts accounts,
            FakeDns dns,
            Outbox outbox,
            Supplier<Settings> settings,
            Clock clock) {
        this.hosting = hosting;
        this.repositories = repositories;
        this.accounts = accounts;
        this.dns = dns;
        this.settings = settings;
        this.limits = new RateLimits(clock);
        this.webhooks = new Webhooks(store, hosting, outbox);
        webhooks.addTo(routes);
        routes.on("GET", "/v2/user", this::user)
                .on("GET", "/v2/teams", this::teams)
                .on("GET", "/v2/teams/{team}", this::team)
                .on("POST", "/v2/files", this::uploadFile)
                .on("POST", "/v11/projects", this::createProject)
                .on("GET", "/v10/projects", this::listProjects)
                .on("GET", "/v9/projects/{project}", this::project)
                .on("PATCH", "/v9/projects/{project}", this::updateProject)
                .on("DELETE", "/v9/projects/{project}", this::deleteProject)
                .on("POST", "/projects/{project}/transfer-request", this::offerProject)
                .on("PUT", "/projects/transfer-request/{code}", this::acceptProject)
                .on("POST", "/v10/projects/{project}/env", this::createEnv)
                .on("GET", "/v10/projects/{project}/env", this::listEnv)
                .on("GET", "/v1/projects/{project}/env/{id}", this::env)
                .on("PATCH", "/v9/projects/{project}/env/{id}", this::updateEnv)
                .on("DELETE", "/v9/projects/{project}/env/{id}", this::deleteEnv)
                .on("POST", "/v10/projects/{project}/domains", this::addDomain)
                .on("GET", "/v9/projects/{project}/domains", this::listDomains)
                .on("GET", "/v9/projects/{project}/domains/{domain}", this::domain)
                .on("DELETE", "/v9/projects/{project}/domains/{domain}", this::removeDomain)
                .on("POST", "/v9/projects/{project}/domains/{domain}/verify", this::verifyDomain)
                .on("GET", "/v6/domains/{domain}/config", this::domainConfig)
                .on("GET", "/v1/domains/{domain}/project-domains", this::projectDomains)
                .on("GET", "/v1/integrations/git-namespaces", this::gitNamespaces)
                .on("POST", "/v13/deployments", this::createDeployment)
                .on("GET", "/v13/deployments/{deployment}", this::deployment)
                .on("DELETE", "/v13/deployments/{deployment}", this::deleteDeployment)
                .on("PATCH", "/v12/deployments/{deployment}/cancel", this::cancelDeployment)
                .on("GET", "/v7/deployments", this::listDeployments)
                .on("GET", "/v3/deployments/{deployment}/events", this::events)
                .on("GET", "/v2/deployments/{deployment}/aliases", this::aliases);
    }

    /** Every webhook goes there too, signed with this secret. */
    public void tellTheIntegration(String url, String secret) {
        webhooks.ofTheIntegration(url, secret);
    }

    @Override
    public String name() {
        return "vercel";
    }

    @Override
    public Answer answer(Call call) {
        Optional<Account> account = call.token().flatMap(accounts::byVercelToken);
        if (account.isEmpty() || call.fate() == Call.Fate.UNAUTHORIZED) {
            ObjectNode body = errorBody("forbidden", "Not authorized");
            ((ObjectNode) body.get("error")).put("invalidToken", true);
            boolean unauthorized = call.token().isEmpty() || call.fate() == Call.Fate.UNAUTHORIZED;
            var standing =
                    limits.count(ANONYMOUS, ANONYMOUS_LIMIT, settings.get().scaled(HOUR));
            return Answer.of(unauthorized ? 401 : 403, body).headers(limitHeaders(standing));
        }
        var match = routes.find(call);
        Counter counter = counter(credential(call), match.map(Routes.Match::known));
        return refusal(call, counter)
                .orElseGet(() -> answer(account.get(), call, match))
                .headers(limitHeaders(limits.look(counter.counted(), counter.limit(), counter.window())));
    }

    @Override
    public String credential(Call call) {
        return call.token()
                .flatMap(accounts::byVercelToken)
                .map(account -> Account.label(account.vercelTokenDigest()))
                .orElse(ANONYMOUS);
    }

    /** An operation with a limit of its own is counted by itself, all others together. */
    private Counter counter(String credential, Optional<Routes.Known> operation) {
        Settings now = settings.get();
        return operation
                .map(Routes.Known::toString)
                .flatMap(name -> Optional.ofNullable(now.vercelLimits().get(name))
                        .map(own ->
                                new Counter(credential + ", " + name, name, own.calls(), now.scaled(own.seconds()))))
                .orElseGet(() -> new Counter(credential, "api", now.vercelRateLimit(), now.scaled(HOUR)));
    }

    /** The refusal of a call that goes over the limit; every other call is counted. */
    private Optional<Answer> refusal(Call call, Counter counter) {
        Optional<RateLimits.Pause> pausing = limits.pausing(counter.counted());
        if (pausing.isEmpty()) {
            boolean limited = call.fate() == Call.Fate.LIMIT_PRIMARY || call.fate() == Call.Fate.LIMIT_SECONDARY;
            if (limited) {
                limits.exhaust(
                        counter.counted(),
                        counter.limit(),
                        hosting.now().plus(settings.get().scaled(MINUTE)));
            }
            var standing = limits.count(counter.counted(), counter.limit(), counter.window());
            if (standing.exceeded()) {
                limits.pause(counter.counted(), counter.name(), standing.reset());
            }
        }
        return limits.pausing(counter.counted())
                .map(pause -> tooMany(counter, pause).limited(pause, pausing.isPresent()));
    }

    private Answer answer(Account account, Call call, Optional<Routes.Match<Caller>> match) {
        try {
            if (match.isEmpty()) {
                return error(404, "not_found", "The requested API endpoint was not found.")
                        .asUnknown();
            }
            Caller caller = new Caller(account, scope(account, call));
            if (settings.get().vercelReadOnly() && !call.method().equals("GET")) {
                throw forbidden();
            }
            return match.get().operation().answer(caller, call, match.get().parameters());
        } catch (Refusal refusal) {
            return refusal.answer();
        }
    }

    /** Which account a call is for: the team that it names, or else the personal one of the token's user. */
    private static String scope(Account account, Call call) {
        Optional<String> team = call.query("teamId").filter(id -> !id.isEmpty());
        Optional<String> slug = call.query("slug").filter(id -> !id.isEmpty());
        boolean foreign = team.isPresent() && !team.get().equals(account.teamId())
                || slug.isPresent() && !slug.get().equals(account.teamSlug());
        if (foreign) {
            throw forbidden();
        }
        return team.isPresent() || slug.isPresent() ? account.teamId() : account.vercelUserId();
    }

    /** Forgets everything that was made, and who called how often. */
    public void clear() {
        webhooks.clear();
        limits.clear();
        hosting.clear();
    }

    /** Every operation that is answered. */
    public Set<Routes.Known> known() {
        return routes.known();
    }

    private Answer user(Caller caller, Call call, Parameters path) {
        return Answer.ok(VercelJson.user(caller.account()));
    }

    private Answer team(Caller caller, Call call, Parameters path) {
        String team = path.get("team");
        if (team.equals(caller.account().teamId())
                || team.equals(caller.account().teamSlug())) {
            return Answer.ok(VercelJson.team(caller.account()));
        }
        boolean exists = accounts.all().stream()
                .anyMatch(account ->
                        account.teamId().equals(team) || account.teamSlug().equals(team));
        throw exists ? forbidden() : notFound("Team not found");
    }

    private Answer offerProject(Caller caller, Call call, Parameters path) {
        Project project = found(caller, path);
        String code = hosting.offer(project);
        return Answer.ok(VercelJson.object().put("code", code))
                .effect("project " + project.name() + " offered", project.id());
    }

    private Answer acceptProject(Caller caller, Call call, Parameters path) {
        Project project =
                hosting.offered(path.get("code")).orElseThrow(() -> notFound("Project transfer request not found"));
        String name = call.text("newProjectName").map(Vercel::projectName).orElse(project.name());
        requireFree(caller, name);
        hosting.accept(path.get("code"), project, caller.accountId(), name);
        ObjectNode body = VercelJson.object();
        body.putArray("partnerCalls");
        body.putArray("resourceTransferErrors");
        body.putArray("transferredStoreIds");
        return Answer.of(202, body).effect("project " + name + " taken over", project.id());
    }

    private Answer teams(Caller caller, Call call, Parameters path) {
        ObjectNode body = VercelJson.object();
        body.putArray("teams").add(VercelJson.team(caller.account()));
        body.putObject("pagination").put("count", 1).putNull("next").putNull("prev");
        return Answer.ok(body);
    }

    private Answer createProject(Caller caller, Call call, Parameters path) {
        requireKnown(call.body(), ON_CREATE);
        String name = projectName(call.text("name").orElseThrow(() -> missing("name")));
        if (call.fate() == Call.Fate.NAME_TAKEN
                && hosting.project(caller.accountId(), name).isEmpty()) {
            hosting.createProject(caller.accountId(), name, null, Map.of());
        }
        requireFree(caller, name);
        Project.Link link = call.body().path("gitRepository").isObject()
                ? link(caller, call.body().get("gitRepository"))
                : null;
        var given = new ArrayList<Function<Project, EnvVariable>>();
        for (JsonNode variable : call.body().path("environmentVariables")) {
            variable("", variable);
            given.add(project -> variable(project.id(), variable));
        }
        Project project = hosting.createProject(caller.accountId(), name, link, buildSettings(Map.of(), call.body()));
        given.forEach(make -> hosting.put(make.apply(project)));
        return Answer.ok(VercelJson.project(project, hosting)).effect("project " + name + " created", project.id());
    }

    private Project.Link link(Caller caller, JsonNode git) {
        String full = git.path("repo").asText();
        if (!git.path("type").asText().equals("github") || !full.matches("[^/]+/[^/]+")) {
            throw badRequest("Invalid request: `gitRepository` should be a GitHub repository `owner/name`.");
        }
        Optional<Repository> repository = visibleToApp(caller, full.split("/")[0], full.split("/")[1]);
        if (repository.isEmpty()) {
            ObjectNode body = errorBody(
                    "bad_request", "To link a GitHub repository, you need to install the GitHub integration first.");
            ((ObjectNode) body.get("error"))
                    .put("action", "Install GitHub App")
                    .put("link", "https://github.com/apps/vercel")
                    .put("repo", full);
            throw new Refusal(Answer.of(400, body));
        }
        Repository found = repository.get();
        return new Project.Link(found.id(), found.owner(), found.name(), found.defaultBranch(), hosting.now());
    }

    private Answer listProjects(Caller caller, Call call, Parameters path) {
        Optional<String> search = call.query("search").map(text -> text.toLowerCase(Locale.ROOT));
        Optional<String> repoId = call.query("repoId");
        Optional<String> repo = call.query("repo");
        List<Project> all = hosting.projects().stream()
                .filter(project -> project.accountId().equals(caller.accountId()))
                .filter(project -> search.isEmpty() || project.name().contains(search.get()))
                .filter(project ->
                        repoId.isEmpty() || hasLink(project, link -> String.valueOf(link.repoId()), repoId.get()))
                .filter(project -> repo.isEmpty()
                        || hasLink(project, Project.Link::repo, repo.get())
                        || hasLink(project, link -> link.org() + "/" + link.repo(), repo.get()))
                .toList();
        var newest = new ArrayList<>(all);
        java.util.Collections.reverse(newest);
        int limit = limit(call);
        long until = longer(call.query("from").or(() -> call.query("until")), Long.MAX_VALUE);
        ArrayNode shown = VercelJson.array();
        Long next = null;
        for (Project project : newest) {
            if (project.createdAt().toEpochMilli() < until) {
                if (shown.size() == limit) {
                    next = shown.get(limit - 1).get("createdAt").asLong();
                    break;
                }
                shown.add(VercelJson.project(project, hosting));
            }
        }
        ObjectNode body = VercelJson.object();
        body.set("projects", shown);
        body.putObject("pagination")
                .put("count", shown.size())
                .put("next", next)
                .put("prev", first(shown, "createdAt"));
        return Answer.ok(body);
    }

    private static boolean hasLink(Project project, Function<Project.Link, String> part, String wanted) {
        return project.link() != null && part.apply(project.link()).equalsIgnoreCase(wanted);
    }

    private Answer project(Caller caller, Call call, Parameters path) {
        return Answer.ok(VercelJson.project(found(caller, path), hosting));
    }

    private Answer updateProject(Caller caller, Call call, Parameters path) {
        Project project = found(caller, path);
        requireKnown(call.body(), ON_UPDATE);
        String name = call.text("name").map(Vercel::projectName).orElse(project.name());
        if (!name.equals(project.name())) {
            requireFree(caller, name);
        }
        Project changed = project.changed(name, buildSettings(project.settings(), call.body()), hosting.now());
        hosting.update(changed);
        return Answer.ok(VercelJson.project(changed, hosting)).effect("project " + name + " changed", changed.id());
    }

    private Answer deleteProject(Caller caller, Call call, Parameters path) {
        Project project = found(caller, path);
        hosting.delete(project);
        return Answer.noContent().effect("project " + project.name() + " deleted with all it had", project.id());
    }

    private Answer createEnv(Caller caller, Call call, Parameters path) {
        Project project = found(caller, path);
        boolean upsert = call.query("upsert").filter("true"::equals).isPresent();
        boolean many = call.body().isArray();
        List<JsonNode> asked = new ArrayList<>();
        (many ? call.body() : VercelJson.array().add(call.body())).forEach(asked::add);
        List<EnvVariable> variables =
                asked.stream().map(one -> variable(project.id(), one)).toList();
        ArrayNode created = VercelJson.array();
        ArrayNode failed = VercelJson.array();
        for (EnvVariable variable : variables) {
            Optional<EnvVariable> clash = hosting.variables(project).stream()
                    .filter(variable::clashesWith)
                    .findFirst();
            if (clash.isPresent() && !upsert) {
                ObjectNode error = conflict(variable);
                if (!many) {
                    throw new Refusal(Answer.of(400, wrapped(error)));
                }
                failed.add(wrapped(error));
            } else {
                EnvVariable kept = clash.map(variable::inPlaceOf).orElse(variable);
                hosting.put(kept);
                created.add(VercelJson.variable(kept, true));
            }
        }
        ObjectNode body = VercelJson.object();
        body.set("created", many || created.isEmpty() ? created : created.get(0));
        body.set("failed", failed);
        Answer answer = Answer.of(201, body);
        return created.isEmpty()
                ? answer
                : answer.effect("environment of " + project.name() + " set: " + keys(created), project.id());
    }

    private static String keys(ArrayNode variables) {
        var keys = new ArrayList<String>();
        variables.forEach(variable -> keys.add(variable.get("key").asText()));
        return String.join(", ", keys);
    }

    private static ObjectNode conflict(EnvVariable variable) {
        ObjectNode error = VercelJson.object()
                .put("code", "ENV_CONFLICT")
                .put(
                        "message",
                        "Another environment variable with the key `" + variable.key()
                                + "` already exists for one of these targets.")
                .put("key", variable.key())
                .put("envVarKey", variable.key());
        error.set("target", VercelJson.texts(variable.target()));
        return error;
    }

    private EnvVariable variable(String projectId, JsonNode given) {
        String key = given.path("key").asText();
        if (!key.matches("[A-Za-z_][A-Za-z0-9_]{0,255}")) {
            throw badRequest(
                    "Invalid request: the name `" + key + "` contains invalid characters. Only letters, digits,"
                            + " and underscores are allowed. Furthermore, the name should not start with a digit.");
        }
        if (!given.path("value").isTextual()) {
            throw missing("value");
        }
        var target = new ArrayList<String>();
        if (given.path("target").isArray()) {
            given.get("target").forEach(one -> target.add(one.asText()));
        } else if (given.has("target")) {
            target.add(given.get("target").asText());
        }
        if (target.isEmpty() || !TARGETS.containsAll(target)) {
            throw badRequest("Invalid request: `target` should be one or more of production, preview, development.");
        }
        String type = given.path("type").asText("encrypted");
        if (!TYPES.contains(type)) {
            throw badRequest("Invalid request: `type` should be equal to one of the allowed values.");
        }
        if (type.equals("sensitive") && target.contains("development")) {
            throw badRequest("You cannot set a Sensitive Environment Variable's target to development.");
        }
        Instant now = hosting.now();
        return new EnvVariable(
                hosting.id("env_"),
                projectId,
                key,
                given.get("value").asText(),
                type,
                target,
                given.path("gitBranch").isTextual() ? given.get("gitBranch").asText() : null,
                given.path("comment").isTextual() ? given.get("comment").asText() : null,
                now,
                now);
    }

    private Answer listEnv(Caller caller, Call call, Parameters path) {
        Project project = found(caller, path);
        boolean decrypt = call.query("decrypt").filter("true"::equals).isPresent();
        ObjectNode body = VercelJson.object();
        ArrayNode envs = body.putArray("envs");
        hosting.variables(project).forEach(variable -> envs.add(VercelJson.variable(variable, decrypt)));
        return Answer.ok(body);
    }

    private Answer env(Caller caller, Call call, Parameters path) {
        return Answer.ok(VercelJson.variable(foundVariable(found(caller, path), path), true));
    }

    private Answer updateEnv(Caller caller, Call call, Parameters path) {
        Project project = found(caller, path);
        EnvVariable old = foundVariable(project, path);
        ObjectNode merged = VercelJson.object()
                .put("key", old.key())
                .put("value", old.value())
                .put("type", old.type())
                .put("gitBranch", old.gitBranch())
                .put("comment", old.comment());
        merged.set("target", VercelJson.texts(old.target()));
        if (call.body() instanceof ObjectNode changes) {
            merged.setAll(changes);
        }
        EnvVariable changed = variable(project.id(), merged).inPlaceOf(old);
        hosting.put(changed);
        return Answer.ok(VercelJson.variable(changed, true))
                .effect("environment of " + project.name() + " set: " + changed.key(), changed.id());
    }

    private Answer deleteEnv(Caller caller, Call call, Parameters path) {
        EnvVariable variable = foundVariable(found(caller, path), path);
        hosting.remove(variable);
        return Answer.ok(VercelJson.variable(variable, false))
                .effect("environment variable " + variable.key() + " deleted", variable.id());
    }

    private EnvVariable foundVariable(Project project, Parameters path) {
        return hosting.variables(project).stream()
                .filter(variable -> variable.id().equals(path.get("id")))
                .findFirst()
                .orElseThrow(() -> notFound("The Environment Variable was not found"));
    }

    private Answer addDomain(Caller caller, Call call, Parameters path) {
        Project project = found(caller, path);
        String name = call.text("name").orElseThrow(() -> missing("name")).toLowerCase(Locale.ROOT);
        if (!name.matches("([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}") || name.length() > 253) {
            throw new Refusal(error(400, "invalid_domain", "The domain \"" + name + "\" is not valid."));
        }
        Optional<Domain> existing = hosting.domain(name);
        boolean vercels = name.endsWith(".vercel.app");
        if (existing.isPresent() || name.startsWith("taken-") || vercels && hosting.isInUse(name)) {
            ObjectNode body = errorBody(
                    "domain_already_in_use",
                    "Cannot add " + name + " since it's already "
                            + (existing.filter(own -> own.projectId().equals(project.id()))
                                            .isPresent()
                                    ? "in use by your project."
                                    : "assigned to another project."));
            existing.filter(own -> own.projectId().equals(project.id()))
                    .ifPresent(own -> ((ObjectNode) body.get("error")).put("projectId", own.projectId()));
            throw new Refusal(Answer.of(409, body));
        }
        Instant now = hosting.now();
        String challenge = "vc-domain-verify=" + name + ","
                + UUID.randomUUID().toString().replace("-", "").substring(0, 20);
        boolean never = call.fate() == Call.Fate.DOMAIN_NEVER_VERIFIED;
        Domain domain = new Domain(name, apex(name), project.id(), vercels, challenge, never, now, now);
        hosting.put(domain);
        return Answer.ok(VercelJson.domain(domain)).effect("domain " + name + " added to " + project.name(), name);
    }

    private Answer listDomains(Caller caller, Call call, Parameters path) {
        Project project = found(caller, path);
        ObjectNode body = VercelJson.object();
        ArrayNode domains = body.putArray("domains");
        ObjectNode own = VercelJson.object()
                .put("name", project.productionHost())
                .put("apexName", "vercel.app")
                .put("projectId", project.id())
                .putNull("redirect")
                .putNull("redirectStatusCode")
                .putNull("gitBranch")
                .put("createdAt", project.createdAt().toEpochMilli())
                .put("updatedAt", project.createdAt().toEpochMilli())
                .put("verified", true);
        domains.add(own);
        hosting.domains(project).forEach(domain -> domains.add(VercelJson.domain(domain)));
        body.putObject("pagination")
                .put("count", domains.size())
                .putNull("next")
                .put("prev", first(domains, "createdAt"));
        return Answer.ok(body);
    }

    private Answer domain(Caller caller, Call call, Parameters path) {
        return Answer.ok(VercelJson.domain(foundDomain(found(caller, path), path)));
    }

    private Answer removeDomain(Caller caller, Call call, Parameters path) {
        Domain domain = foundDomain(found(caller, path), path);
        hosting.remove(domain);
        return Answer.ok(VercelJson.object()).effect("domain " + domain.name() + " removed", domain.name());
    }

    private Answer verifyDomain(Caller caller, Call call, Parameters path) {
        Project project = found(caller, path);
        Domain domain = foundDomain(project, path);
        if (domain.verified()) {
            return Answer.ok(VercelJson.domain(domain));
        }
        if (domain.neverVerified() || !dns.has(domain.challengeName(), "TXT", domain.challenge())) {
            throw new Refusal(error(
                    400,
                    "missing_txt_record",
                    "Domain " + domain.challengeName() + " is missing required TXT Record \"" + domain.challenge()
                            + "\""));
        }
        Domain verified = domain.nowVerified(hosting.now());
        hosting.put(verified);
        hosting.tell("project.domain.verified", project, null, verified);
        return Answer.ok(VercelJson.domain(verified)).effect("domain " + domain.name() + " verified", domain.name());
    }

    private Answer domainConfig(Caller caller, Call call, Parameters path) {
        String name = path.get("domain").toLowerCase(Locale.ROOT);
        boolean byAddress = dns.has(name, "A", "76.76.21.21");
        boolean byName = dns.has(name, "CNAME", "cname.vercel-dns.com");
        ObjectNode body = VercelJson.object().put("configuredBy", byAddress ? "A" : byName ? "CNAME" : null);
        ArrayNode challenges = body.putArray("acceptedChallenges");
        if (byAddress || byName) {
            challenges.add("http-01");
        }
        body.putArray("recommendedIPv4")
                .addObject()
                .put("rank", 1)
                .putArray("value")
                .add("76.76.21.21");
        body.putArray("recommendedCNAME").addObject().put("rank", 1).put("value", "cname.vercel-dns.com");
        return Answer.ok(body.put("misconfigured", !byAddress && !byName));
    }

    /** What any project of the account has of an apex domain; of others' nothing is told. */
    private Answer projectDomains(Caller caller, Call call, Parameters path) {
        List<Domain> had = hosting.projects().stream()
                .filter(project -> project.accountId().equals(caller.accountId()))
                .flatMap(project -> hosting.domains(project).stream())
                .filter(domain -> domain.apexName().equals(path.get("domain")))
                .toList();
        if (had.isEmpty()) {
            throw notFound("Domain not found");
        }
        ObjectNode body = VercelJson.object();
        ArrayNode domains = body.putArray("projectDomains");
        had.forEach(domain -> domains.add(VercelJson.domain(domain)));
        body.putObject("pagination")
                .put("count", domains.size())
                .putNull("next")
                .putNull("prev");
        return Answer.ok(body);
    }

    /** The owners at GitHub where Vercel's App is installed. */
    private Answer gitNamespaces(Caller caller, Call call, Parameters path) {
        ArrayNode namespaces = VercelJson.array();
        if (settings.get().vercelAppInstalled()) {
            String owner = caller.account().organization();
            namespaces
                    .addObject()
                    .put("provider", "github")
                    .put("slug", owner)
                    .put("id", Account.numberOf(owner))
                    .put("name", owner)
                    .put("ownerType", "team")
                    .put("installationId", Account.numberOf(owner))
                    .put("isAccessRestricted", false)
                    .put("requireReauth", false);
        }
        return Answer.ok(namespaces);
    }

    private Answer createDeployment(Caller caller, Call call, Parameters path) {
        String name = call.text("name").orElseThrow(() -> missing("name"));
        Project project = hosting.project(
                        caller.accountId(), call.text("project").orElse(name))
                .orElseThrow(() -> notFound("Project not found"));
        Optional<String> target = call.text("target");
        if (target.isPresent() && !List.of("production", "staging", "preview").contains(target.get())) {
            throw badRequest("Invalid request: `target` should be equal to one of the allowed values.");
        }
        Map<String, String> meta = new HashMap<>();
        call.body()
                .path("meta")
                .properties()
                .forEach(entry -> meta.put(entry.getKey(), entry.getValue().asText()));
        boolean production = target.filter("production"::equals).isPresent();
        JsonNode git = call.body().path("gitSource");
        Deployment deployment;
        if (git.isObject()) {
            deployment = deployCommit(caller, project, git, production, meta, call.fate());
        } else if (call.body().path("files").isArray()) {
            boolean first = hosting.deployments(project).isEmpty();
            if (first && !call.body().path("projectSettings").isObject()) {
                throw new Refusal(error(
                        400,
                        "missing_project_settings",
                        "The `projectSettings` object is required for new projects, but is missing in the deployment"
                                + " payload"));
            }
            Map<String, byte[]> files = files(caller, call.body().get("files"));
            deployment = hosting.deploy(project, null, files, production, "cli", meta, call.fate());
        } else {
            throw badRequest("Invalid request: `gitSource` or `files` is needed.");
        }
        return Answer.ok(VercelJson.deployment(deployment, caller.account(), hosting))
                .effect("deployment of " + project.name() + " created", deployment.id());
    }

    private Deployment deployCommit(
            Caller caller,
            Project project,
            JsonNode git,
            boolean production,
            Map<String, String> meta,
            Call.Fate fate) {
        Repository repository = source(caller, git);
        String ref = git.path("ref").asText(repository.defaultBranch());
        String sha = git.path("sha").isTextual()
                ? git.get("sha").asText()
                : repositories.head(repository, ref).orElseThrow(Vercel::sourceMissing);
        Instant indexed = hosting.now().minus(settings.get().scaled(1));
        boolean known = repositories.commit(repository, sha).isPresent()
                && repositories
                        .knownSince(repository, sha)
                        .filter(since -> !since.isAfter(indexed))
                        .isPresent();
        if (!known || !repositories.filesVisible(repository)) {
            throw sourceMissing();
        }
        return hosting.deploy(project, repository, ref, sha, production, "api-trigger-git-deploy", meta, fate);
    }

    /** The files of a deployment by their paths; each was uploaded before, or came along. */
    private Map<String, byte[]> files(Caller caller, JsonNode list) {
        var files = new TreeMap<String, byte[]>();
        var missing = new ArrayList<String>();
        for (JsonNode one : list) {
            String name = one.path("file").asText();
            if (name.isEmpty()) {
                throw badRequest("Invalid request: `files` should have `file`.");
            }
            if (one.has("data")) {
                files.put(name, inlined(one));
            } else {
                String sha = one.path("sha").asText();
                hosting.uploaded(caller.accountId(), sha)
                        .ifPresentOrElse(bytes -> files.put(name, bytes), () -> missing.add(sha));
            }
        }
        if (!missing.isEmpty()) {
            ObjectNode body = errorBody("missing_files", "Missing files");
            ArrayNode shas = ((ObjectNode) body.get("error")).putArray("missing");
            missing.forEach(shas::add);
            throw new Refusal(Answer.of(400, body));
        }
        return files;
    }

    private static byte[] inlined(JsonNode file) {
        String data = file.get("data").asText();
        return file.path("encoding").asText().equals("base64")
                ? Base64.getMimeDecoder().decode(data)
                : data.getBytes(StandardCharsets.UTF_8);
    }

    /** Keeps a file until a deployment names it; the same file again changes nothing. */
    private Answer uploadFile(Caller caller, Call call, Parameters path) {
        byte[] file = call.body() instanceof BinaryNode bytes ? bytes.binaryValue() : new byte[0];
        String sha1 = GitObject.sha1(file);
        if (!sha1.equals(call.digest().orElse(""))) {
            throw badRequest("The digest of the file is missing or does not match");
        }
        hosting.upload(caller.accountId(), sha1, file);
        ObjectNode body = VercelJson.object();
        body.putArray("urls");
        return Answer.ok(body).effect("file uploaded", sha1);
    }

    private Repository source(Caller caller, JsonNode git) {
        Optional<Repository> repository = git.has("repoId")
                ? repositories.byId(git.get("repoId").asLong())
                : repositories.find(git.path("org").asText(), git.path("repo").asText());
        return repository
                .flatMap(found -> visibleToApp(caller, found.owner(), found.name()))
                .orElseThrow(Vercel::sourceMissing);
    }

    private Answer deployment(Caller caller, Call call, Parameters path) {
        return Answer.ok(VercelJson.deployment(foundDeployment(caller, path), caller.account(), hosting));
    }

    private Answer deleteDeployment(Caller caller, Call call, Parameters path) {
        Deployment deployment = foundDeployment(caller, path);
        hosting.delete(deployment);
        return Answer.ok(VercelJson.object().put("uid", deployment.id()).put("state", "DELETED"))
                .effect("deployment of " + deployment.name() + " deleted", deployment.id());
    }

    private Answer cancelDeployment(Caller caller, Call call, Parameters path) {
        Deployment deployment = foundDeployment(caller, path);
        if (deployment.stateAt(hosting.now()).isFinal()) {
            throw badRequest("The deployment is not being built, so it cannot be canceled.");
        }
        Deployment canceled = hosting.cancel(deployment);
        return Answer.ok(VercelJson.deployment(canceled, caller.account(), hosting))
                .effect("deployment of " + deployment.name() + " canceled", deployment.id());
    }

    private Answer listDeployments(Caller caller, Call call, Parameters path) {
        Optional<String> project = call.query("projectId");
        Optional<String> projectId = project.map(
                id -> hosting.project(caller.accountId(), id).map(Project::id).orElse(id));
        Optional<List<String>> states = call.query("state")
                .map(list -> Arrays.asList(list.toUpperCase(Locale.ROOT).split(",")));
        long until = longer(call.query("until").or(() -> call.query("to")), Long.MAX_VALUE);
        long since = longer(call.query("since").or(() -> call.query("from")), 0);
        Instant now = hosting.now();
        List<Deployment> matching = Hosting.newestFirst(hosting.deployments()).stream()
                .filter(one -> one.accountId().equals(caller.accountId()))
                .filter(one -> projectId.isEmpty() || one.projectId().equals(projectId.get()))
                .filter(one -> is(call.query("app"), one.name()))
                .filter(one -> is(call.query("target"), one.target() == null ? "preview" : one.target()))
                .filter(one -> is(
                        call.query("sha"),
                        one.commit().map(Deployment.GitSource::sha).orElse(null)))
                .filter(one -> is(
                        call.query("branch"),
                        one.commit().map(Deployment.GitSource::ref).orElse(null)))
                .filter(one -> states.isEmpty()
                        || states.get().contains(one.stateAt(now).name()))
                .filter(one -> call.query().keySet().stream()
                        .filter(name -> name.startsWith("meta-"))
                        .allMatch(name -> is(call.query(name), one.meta().get(name.substring(5)))))
                .filter(one -> one.createdAt().toEpochMilli() < until
                        && one.createdAt().toEpochMilli() >= since)
                .toList();
        int limit = limit(call);
        ObjectNode body = VercelJson.object();
        ArrayNode shown = body.putArray("deployments");
        matching.stream().limit(limit).forEach(one -> shown.add(VercelJson.listed(one, caller.account(), hosting)));
        Long next =
                matching.size() > limit ? shown.get(limit - 1).get("created").asLong() : null;
        body.putObject("pagination")
                .put("count", shown.size())
                .put("next", next)
                .put("prev", first(shown, "created"));
        return Answer.ok(body);
    }

    private static boolean is(Optional<String> wanted, String value) {
        return wanted.isEmpty() || wanted.get().equals(value);
    }

    private Answer events(Caller caller, Call call, Parameters path) {
        ArrayNode events = VercelJson.events(foundDeployment(caller, path), hosting.now());
        if (call.query("direction").filter("backward"::equals).isPresent()) {
            ArrayNode reversed = VercelJson.array();
            events.forEach(event -> reversed.insert(0, event));
            events = reversed;
        }
        int limit = call.number("limit", -1);
        while (limit >= 0 && events.size() > limit) {
            events.remove(events.size() - 1);
        }
        return Answer.ok(events);
    }

    private Answer aliases(Caller caller, Call call, Parameters path) {
        Deployment deployment = foundDeployment(caller, path);
        ObjectNode body = VercelJson.object();
        ArrayNode aliases = body.putArray("aliases");
        for (String host : hosting.aliasesNow(deployment)) {
            String uid = UUID.nameUUIDFromBytes(host.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                    .toString();
            aliases.addObject()
                    .put("uid", uid)
                    .put("alias", host)
                    .put("created", deployment.aliasedAt().toString())
                    .putNull("redirect");
        }
        return Answer.ok(body);
    }

    private Project found(Caller caller, Parameters path) {
        return hosting.project(caller.accountId(), path.get("project"))
                .orElseThrow(() -> notFound("Project not found"));
    }

    private Domain foundDomain(Project project, Parameters path) {
        return hosting.domain(path.get("domain"))
                .filter(domain -> domain.projectId().equals(project.id()))
                .orElseThrow(() -> notFound("Project domain not found"));
    }

    private Deployment foundDeployment(Caller caller, Parameters path) {
        return hosting.deployment(caller.accountId(), path.get("deployment"))
                .orElseThrow(() -> notFound("Deployment not found"));
    }

    private Optional<Repository> visibleToApp(Caller caller, String owner, String name) {
        return Optional.of(owner)
                .filter(caller.account().organization()::equalsIgnoreCase)
                .flatMap(own -> repositories.find(own, name))
                .filter(repository -> settings.get().vercelAppCovers(repository.fullName()))
                .filter(repository -> !repositories.isStrangers(repository));
    }

    private void requireFree(Caller caller, String name) {
        if (hosting.project(caller.accountId(), name).isPresent()) {
            throw new Refusal(
                    error(409, "conflict", "Project \"" + name + "\" already exists, please use a new name."));
        }
    }

    private static void requireKnown(JsonNode body, Set<String> known) {
        body.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw badRequest("Invalid request: should NOT have additional property `" + name + "`.");
            }
        });
    }

    private static Map<String, String> buildSettings(Map<String, String> old, JsonNode body) {
        var given = new LinkedHashMap<>(old);
        for (String name : BUILD_SETTINGS) {
            if (body.path(name).isTextual()) {
                given.put(name, body.get(name).asText());
            } else if (body.has(name)) {
                given.remove(name);
            }
        }
        return given;
    }

    private static String projectName(String name) {
        if (!name.matches("[a-z0-9._-]{1,100}") || name.contains("---")) {
            throw badRequest("Project names can be up to 100 characters long and must be lowercase. They can include"
                    + " letters, digits, and the following characters: '.', '_', '-'. However, they cannot contain the"
                    + " sequence '---'.");
        }
        return name;
    }

    private static String apex(String name) {
        String[] labels = name.split("\\.");
        String ending = String.join(".", Arrays.asList(labels).subList(labels.length - 2, labels.length));
        int length = TWO_LABEL_ENDINGS.contains(ending) ? Math.min(3, labels.length) : 2;
        return String.join(".", Arrays.asList(labels).subList(labels.length - length, labels.length));
    }

    private static int limit(Call call) {
        return Math.max(1, Math.min(100, call.number("limit", 20)));
    }

    private static long longer(Optional<String> text, long otherwise) {
        return text.filter(digits -> digits.matches("\\d{1,18}"))
                .map(Long::parseLong)
                .orElse(otherwise);
    }

    private static Long first(ArrayNode shown, String field) {
        return shown.isEmpty() ? null : (Long) shown.get(0).get(field).asLong();
    }

    private Answer tooMany(Counter counter, RateLimits.Pause pause) {
        String wait = RateLimits.secondsUntil(hosting.now(), pause.until()) + " seconds";
        ObjectNode body = errorBody(
                "rate_limited",
                "The rate limit of " + counter.limit() + " exceeded for '" + counter.name() + "'. Try again in "
                        + wait);
        ((ObjectNode) body.get("error"))
                .putObject("limit")
                .put("remaining", 0)
                .put("reset", RateLimits.epochSeconds(pause.until()))
                .put("resetMs", pause.until().toEpochMilli())
                .put("total", counter.limit());
        return Answer.of(429, body);
    }

    private static Map<String, String> limitHeaders(RateLimits.Standing standing) {
        return Map.of(
                "X-RateLimit-Limit", String.valueOf(standing.limit()),
                "X-RateLimit-Remaining", String.valueOf(standing.remaining()),
                "X-RateLimit-Reset", String.valueOf(RateLimits.epochSeconds(standing.reset())));
    }

    private static Refusal sourceMissing() {
        return new Refusal(error(400, "incorrect_git_source_info", SOURCE_MISSING));
    }

    private static Refusal forbidden() {
        return new Refusal(error(403, "forbidden", "You don't have permission to access this resource."));
    }

    static Refusal notFound(String message) {
        return new Refusal(error(404, "not_found", message));
    }

    static Refusal missing(String field) {
        return badRequest("Invalid request: missing required property `" + field + "`.");
    }

    static Refusal badRequest(String message) {
        return new Refusal(error(400, "bad_request", message));
    }

    private static Answer error(int status, String code, String message) {
        return Answer.of(status, errorBody(code, message));
    }

    private static ObjectNode errorBody(String code, String message) {
        return wrapped(VercelJson.object().put("code", code).put("message", message));
    }

    private static ObjectNode wrapped(ObjectNode error) {
        ObjectNode body = VercelJson.object();
        body.set("error", error);
        return body;
    }
}
