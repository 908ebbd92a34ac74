package io.offshoot.sandbox.github;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.sandbox.accounts.Account;
import io.offshoot.sandbox.accounts.Accounts;
import io.offshoot.sandbox.accounts.App;
import io.offshoot.sandbox.control.Settings;
import io.offshoot.sandbox.exchange.Answer;
import io.offshoot.sandbox.exchange.Call;
import io.offshoot.sandbox.exchange.Refusal;
import io.offshoot.sandbox.exchange.Routes;
import io.offshoot.sandbox.exchange.Routes.Parameters;
import io.offshoot.sandbox.state.Store;
import io.offshoot.sandbox.state.Table;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What an App may ask in its own name: where it is installed, and tokens for there. Tokens are kept as digests. */
public final class Installations {

    /** What the App was granted at its installation, and what a person's token is made with. */
    static final Map<String, String> GRANTED = new TreeMap<>(Map.of(
            "actions_variables", "write",
            "administration", "write",
            "contents", "write",
            "metadata", "read",
            "pull_requests", "write",
            "repository_hooks", "write",
            "secrets", "write",
            "workflows", "write"));

    private record Token(
            String organization, Instant expiresAt, Map<String, String> permissions, Set<Long> repositories) {}

    /** What a person did on the App's page. Where nobody did, the App was always installed. */
    private record Visit(Instant installedAt, Instant changedAt) {}

    private static final Instant ALWAYS = Instant.parse("2024-01-01T00:00:00Z");

    private final Accounts accounts;
    private final Repositories repositories;
    private final Supplier<Settings> settings;
    private final Clock clock;
    private final Table<Token> tokens;
    private final Table<Visit> visits;
    private final SecureRandom random = new SecureRandom();
    private final Routes<App> routes = new Routes<>();

    public Installations(
            Store store, Accounts accounts, Repositories repositories, Supplier<Settings> settings, Clock clock) {
        this.accounts = accounts;
        this.repositories = repositories;
        this.settings = settings;
        this.clock = clock;
        this.tokens = store.table("installation-tokens", Token.class);
        this.visits = store.table("installation-visits", Visit.class);
        routes.on("GET", "/app", this::app)
                .on("GET", "/app/installations", this::all)
                .on("GET", "/app/installations/{id}", this::one)
                .on("POST", "/app/installations/{id}/access_tokens", this::createToken)
                .on("GET", "/orgs/{org}/installation", this::ofOrganization)
                .on("GET", "/repos/{owner}/{repo}/installation", this::ofRepository);
    }

    /** Whether only an App may make the call, in its own name. */
    boolean isForApps(Call call) {
        return routes.find(call).isPresent();
    }

    Set<Routes.Known> known() {
        return routes.known();
    }

    /** Answers a call made with a JSON web token. */
    Answer answer(Call call, String token) {
        Optional<App> app = accounts.app();
        Optional<String> objection = app.isEmpty()
                ? Optional.of("Integration not found")
                : AppToken.objection(token, app.get(), clock.instant());
        if (objection.isPresent()) {
            return Errors.error(401, objection.get());
        }
        var match = routes.find(call);
        if (match.isEmpty()) {
            return Errors.error(403, Caller.Kind.INSTALLATION.refusal());
        }
        try {
            return match.get().operation().answer(app.get(), call, match.get().parameters());
        } catch (Refusal refusal) {
            return refusal.answer();
        }
    }

    /** Whose token it is, unless it is unknown or expired. */
    Optional<Caller> caller(String token) {
        String digest = Account.digest(token);
        return tokens.get(digest)
                .filter(known -> clock.instant().isBefore(known.expiresAt()))
                .flatMap(known -> accounts.ofOrganization(known.organization())
                        .map(account -> new Caller(
                                Caller.Kind.INSTALLATION,
                                account,
                                App.SLUG + "[bot]",
                                "installation " + account.organization(),
                                known.permissions(),
                                repository -> covers(repository)
                                        && (known.repositories().isEmpty()
                                                || known.repositories().contains(repository.id())),
                                !known.repositories().isEmpty())));
    }

    /**
     * A person installs the App on its page, or saves its settings there again.
     *
     * @return what GitHub calls that
     */
    public String visited(String organization) {
        Instant now = clock.instant();
        String key = organization.toLowerCase(Locale.ROOT);
        Optional<Visit> before = visits.get(key);
        visits.put(key, new Visit(before.map(Visit::installedAt).orElse(now), now));
        return before.isPresent() ? "update" : "install";
    }

    /** Whether a person let the App at this repository, or at all of them. */
    private boolean covers(Repository repository) {
        return settings.get().githubAppCovers(repository.fullName());
    }

    private String selection() {
        return settings.get().githubAppRepositories() == null ? "all" : "selected";
    }

    public boolean isSuspended() {
        return settings.get().githubAppSuspended();
    }

    /** All tokens that were given out stop working. */
    public void revokeTokens() {
        tokens.removeIf(token -> true);
    }

    private Answer app(App app, Call call, Parameters path) {
        ObjectNode json = GitHubJson.object()
                .put("id", app.id())
                .put("slug", App.SLUG)
                .put("node_id", "A_" + app.id())
                .put("name", "Offshoot (sandbox)");
        json.set("owner", new GitHubJson(call.base()).account("offshoot", true));
        json.putNull("description")
                .put("external_url", "https://offshoot.example")
                .put("html_url", call.base() + "/view/apps/" + App.SLUG)
                .put("created_at", "2024-01-01T00:00:00Z")
                .put("updated_at", "2024-01-01T00:00:00Z");
        json.set("permissions", permissions(GRANTED));
        json.putArray("events");
        return Answer.ok(json.put("installations_count", accounts.all().size()));
    }

    private Answer all(App app, Call call, Parameters path) {
        ArrayNode all = GitHubJson.array();
        accounts.all().forEach(account -> all.add(installation(app, call, account)));
        return Answer.ok(all);
    }

    private Answer one(App app, Call call, Parameters path) {
        return Answer.ok(installation(app, call, account(path)));
    }

    private Answer ofOrganization(App app, Call call, Parameters path) {
        return Answer.ok(
                installation(app, call, accounts.ofOrganization(path.get("org")).orElseThrow(Errors::notFound)));
    }

    private Answer ofRepository(App app, Call call, Parameters path) {
        repositories
                .find(path.get("owner"), path.get("repo"))
                .filter(this::covers)
                .orElseThrow(Errors::notFound);
        return Answer.ok(installation(
                app, call, accounts.ofOrganization(path.get("owner")).orElseThrow(Errors::notFound)));
    }

    private Answer createToken(App app, Call call, Parameters path) {
        Account account = account(path);
        if (isSuspended()) {
            throw Errors.refusal(403, "This installation has been suspended");
        }
        var permissions = narrowed(call.body().path("permissions"));
        Set<Long> covered = covered(account, call.body());
        byte[] bytes = new byte[27];
        random.nextBytes(bytes);
        String token = "ghs_"
                + Base64.getUrlEncoder().encodeToString(bytes).replace('-', 'a').replace('_', 'b');
        Instant expiresAt = clock.instant().plusSeconds(settings.get().githubTokenSeconds());
        tokens.removeIf(old -> old.expiresAt().isBefore(clock.instant()));
        tokens.put(Account.digest(token), new Token(account.organization(), expiresAt, permissions, covered));
        ObjectNode json = GitHubJson.object().put("token", token).put("expires_at", GitHubJson.time(expiresAt));
        json.set("permissions", permissions(permissions));
        return Answer.of(201, json.put("repository_selection", covered.isEmpty() ? selection() : "selected"));
    }

    private static Map<String, String> narrowed(JsonNode asked) {
        if (!asked.isObject()) {
            return GRANTED;
        }
        var narrowed = new TreeMap<String, String>(Map.of("metadata", "read"));
        asked.properties().forEach(one -> {
            String granted = GRANTED.get(one.getKey());
            String wanted = one.getValue().asText();
            if (!wanted.equals(granted) && !(wanted.equals("read") && "write".equals(granted))) {
                throw Errors.refusal(422, "The permissions requested are not granted to this installation.");
            }
            narrowed.put(one.getKey(), wanted);
        });
        return narrowed;
    }

    private Set<Long> covered(Account account, JsonNode body) {
        var covered = new HashSet<Long>();
        for (JsonNode name : body.path("repositories")) {
            covered.add(repositories
                    .find(account.organization(), name.asText())
                    .filter(this::covers)
                    .map(Repository::id)
                    .orElseThrow(Installations::notCovered));
        }
        for (JsonNode id : body.path("repository_ids")) {
            covered.add(repositories
                    .byId(id.asLong())
                    .filter(repository -> repository.owner().equalsIgnoreCase(account.organization()))
                    .filter(this::covers)
                    .map(Repository::id)
                    .orElseThrow(Installations::notCovered));
        }
        return covered;
    }

    private static Refusal notCovered() {
        return Errors.refusal(
                422,
                "There is at least one repository that does not exist or is not accessible to the parent"
                        + " installation.");
    }

    private Account account(Parameters path) {
        return accounts.all().stream()
                .filter(account -> path.get("id").equals(String.valueOf(App.installationIn(account.organization()))))
                .findFirst()
                .orElseThrow(Errors::notFound);
    }

    private ObjectNode installation(App app, Call call, Account account) {
        var github = new GitHubJson(call.base());
        long id = App.installationIn(account.organization());
        ObjectNode json = GitHubJson.object().put("id", id);
        json.set("account", github.account(account.organization(), true));
        json.put("repository_selection", selection())
                .put("access_tokens_url", call.base() + "/app/installations/" + id + "/access_tokens")
                .put("repositories_url", call.base() + "/installation/repositories")
                .put("html_url", call.base() + "/view/organizations/" + account.organization() + "/installations/" + id)
                .put("app_id", app.id())
                .put("app_slug", App.SLUG)
                .put("target_id", Account.numberOf(account.organization()))
                .put("target_type", "Organization");
        json.set("permissions", permissions(GRANTED));
        json.putArray("events");
        Visit visit =
                visits.get(account.organization().toLowerCase(Locale.ROOT)).orElse(new Visit(ALWAYS, ALWAYS));
        json.put("created_at", GitHubJson.time(visit.installedAt()))
                .put("updated_at", GitHubJson.time(visit.changedAt()))
                .putNull("single_file_name")
                .put("has_multiple_single_files", false);
        json.putArray("single_file_paths");
        if (isSuspended()) {
            json.set("suspended_by", github.account(account.githubLogin(), false));
            return json.put("suspended_at", GitHubJson.time(clock.instant()));
        }
        return json.putNull("suspended_by").putNull("suspended_at");
    }

    private static ObjectNode permissions(Map<String, String> permissions) {
        ObjectNode json = GitHubJson.object();
        permissions.forEach(json::put);
        return json;
    }
}
