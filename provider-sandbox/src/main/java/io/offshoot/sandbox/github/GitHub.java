package io.offshoot.sandbox.github;

import static io.offshoot.sandbox.github.Errors.error;
import static io.offshoot.sandbox.github.Errors.invalid;
import static io.offshoot.sandbox.github.Errors.missing;
import static io.offshoot.sandbox.github.Errors.notFound;
import static io.offshoot.sandbox.github.Errors.refusal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.sandbox.accounts.Account;
import io.offshoot.sandbox.accounts.Accounts;
import io.offshoot.sandbox.control.Settings;
import io.offshoot.sandbox.exchange.Answer;
import io.offshoot.sandbox.exchange.Call;
import io.offshoot.sandbox.exchange.Provider;
import io.offshoot.sandbox.exchange.RateLimits;
import io.offshoot.sandbox.exchange.Refusal;
import io.offshoot.sandbox.exchange.Routes;
import io.offshoot.sandbox.exchange.Routes.Parameters;
import io.offshoot.sandbox.git.FileTree;
import io.offshoot.sandbox.git.GitObject;
import io.offshoot.sandbox.outgoing.Outbox;
import io.offshoot.sandbox.state.Store;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;

/** The part of GitHub's REST API that putting an app into a hub's organisation needs. */
public final class GitHub implements Provider {

    /** The file types that a tree may name. */
    private static final List<String> MODES = List.of("100644", "100755", "120000", "040000", "40000");

    private static final String ANONYMOUS = "anonymous";
    private static final int ANONYMOUS_LIMIT = 60;

    private final Repositories repositories;
    private final Accounts accounts;
    private final Supplier<Settings> settings;
    private final Clock clock;
    private final Quota quota;
    private final Access access;
    private final Installations installations;
    private final SecretsAndVariables secrets;
    private final Pulls pulls;
    private final Hooks hooks;
    private final Transfers transfers;
    private final Routes<Caller> routes = new Routes<>();

    public GitHub(
            Store store,
            Repositories repositories,
            Accounts accounts,
            Outbox outbox,
            Supplier<Settings> settings,
            Clock clock) {
        this.repositories = repositories;
        this.accounts = accounts;
        this.settings = settings;
        this.clock = clock;
        this.quota = new Quota(settings, clock);
        this.access = new Access(repositories, accounts, settings);
        this.installations = new Installations(store, accounts, repositories, settings, clock);
        this.secrets = new SecretsAndVariables(store, access, clock);
        this.pulls = new Pulls(store, repositories, access, clock);
        this.hooks = new Hooks(store, repositories, access, outbox, clock);
        hooks.addTo(routes);
        this.transfers = new Transfers(store, repositories, accounts, access, clock);
        secrets.addTo(routes);
        transfers.addTo(routes);
        pulls.addTo(routes);
        routes.on("GET", "/user", this::user)
                .on("GET", "/rate_limit", this::rateLimit)
                .on("GET", "/installation/repositories", this::installationRepositories)
                .on("GET", "/orgs/{org}/repos", this::repositoriesOf)
                .on("GET", "/repos/{owner}/{repo}", this::repository)
                .on("PATCH", "/repos/{owner}/{repo}", this::updateRepository)
                .on("DELETE", "/repos/{owner}/{repo}", this::deleteRepository)
                .on("POST", "/repos/{owner}/{repo}/generate", this::generate)
                .on("POST", "/repos/{owner}/{repo}/forks", this::fork)
                .on("GET", "/repos/{owner}/{repo}/topics", this::topics)
                .on("PUT", "/repos/{owner}/{repo}/topics", this::replaceTopics)
                .on("GET", "/repos/{owner}/{repo}/contents/{path+}", this::contents)
                .on("GET", "/repos/{owner}/{repo}/branches", this::branches)
                .on("GET", "/repos/{owner}/{repo}/branches/{branch+}", this::branch)
                .on("GET", "/repos/{owner}/{repo}/commits", this::commits)
                .on("GET", "/repos/{owner}/{repo}/commits/{ref+}", this::commit)
                .on("GET", "/repos/{owner}/{repo}/git/ref/{ref+}", this::ref)
                .on("POST", "/repos/{owner}/{repo}/git/refs", this::createRef)
                .on("PATCH", "/repos/{owner}/{repo}/git/refs/{ref+}", this::updateRef)
                .on("DELETE", "/repos/{owner}/{repo}/git/refs/{ref+}", this::deleteRef)
                .on("POST", "/repos/{owner}/{repo}/git/commits", this::createCommit)
                .on("GET", "/repos/{owner}/{repo}/git/commits/{sha}", this::gitCommit)
                .on("POST", "/repos/{owner}/{repo}/git/blobs", this::createBlob)
                .on("GET", "/repos/{owner}/{repo}/git/blobs/{sha}", this::blob)
                .on("POST", "/repos/{owner}/{repo}/git/trees", this::createTree)
                .on("GET", "/repos/{owner}/{repo}/git/trees/{sha+}", this::tree);
    }

    @Override
    public String name() {
        return "github";
    }

    /** Every operation that is answered. */
    public Set<Routes.Known> known() {
        var known = new LinkedHashSet<>(routes.known());
        known.addAll(installations.known());
        return known;
    }

    public Installations installations() {
        return installations;
    }

    public Hooks hooks() {
        return hooks;
    }

    public SecretsAndVariables secretsAndVariables() {
        return secrets;
    }

    public Transfers transfers() {
        return transfers;
    }

    /** Forgets every repository and what belongs to them, and who called how often. */
    public void clear() {
        secrets.clear();
        pulls.clear();
        hooks.clear();
        transfers.clear();
        quota.clear();
        repositories.clear();
        installations.revokeTokens();
    }

    @Override
    public Answer answer(Call call) {
        return answered(byName(call))
                .header("x-github-media-type", "github.v3; format=json")
                .header("x-github-api-version-selected", "2022-11-28");
    }

    @Override
    public String credential(Call call) {
        Optional<String> token = call.token();
        if (token.filter(AppToken::looksLikeOne).isPresent()) {
            return "app";
        }
        return token.flatMap(this::caller).map(Caller::counted).orElse(ANONYMOUS);
    }

    private Answer answered(Call call) {
        String credential = credential(call);
        Optional<String> token = call.token();
        if (credential.equals(ANONYMOUS) || call.fate() == Call.Fate.UNAUTHORIZED) {
            String message = token.isEmpty() ? "Requires authentication" : "Bad credentials";
            quota.refusal(call, ANONYMOUS, ANONYMOUS_LIMIT, ANONYMOUS);
            return error(401, message).headers(quota.headers(ANONYMOUS, ANONYMOUS_LIMIT));
        }
        Optional<Caller> caller = token.flatMap(this::caller);
        int limit = settings.get().githubRateLimit();
        String user =
                caller.map(one -> String.valueOf(Account.numberOf(one.login()))).orElse(credential);
        return quota.refusal(call, credential, limit, user)
                .orElseGet(() -> caller.map(one -> answer(one, call))
                        .orElseGet(() -> installations.answer(call, token.orElseThrow())))
                .headers(quota.headers(credential, limit));
    }

    private Optional<Caller> caller(String token) {
        return accounts.byGithubToken(token)
                .map(account -> new Caller(
                        Caller.Kind.USER,
                        account,
                        account.githubLogin(),
                        Account.label(account.githubTokenDigest()),
                        Installations.GRANTED,
                        repository -> true,
                        false))
                .or(() -> installations.caller(token));
    }

    /** The call with a repository's number replaced by its name, as {@code /repositories/1/topics} has it. */
    private Call byName(Call call) {
        String[] parts = call.path().split("/", 4);
        if (parts.length < 3 || !parts[1].equals("repositories") || !parts[2].matches("\\d{1,18}")) {
            return call;
        }
        return repositories
                .byId(Long.parseLong(parts[2]))
                .map(repository ->
                        call.at("/repos/" + repository.fullName() + (parts.length > 3 ? "/" + parts[3] : "")))
                .orElse(call);
    }

    /** Where a call for a repository that got another name is sent on to. */
    private Optional<Answer> redirect(Caller caller, Call call, Parameters path) {
        if (path.get("owner") == null
                || repositories.find(path.get("owner"), path.get("repo")).isPresent()) {
            return Optional.empty();
        }
        return repositories
                .formerly(path.get("owner"), path.get("repo"))
                .filter(repository -> !repository.isPrivate() || caller.owns(repository))
                .map(repository -> {
                    String[] parts = call.path().split("/", 5);
                    String rest = parts.length > 4 ? "/" + parts[4] : "";
                    String url = call.base() + "/repositories/" + repository.id() + rest;
                    ObjectNode body = GitHubJson.object()
                            .put("message", "Moved Permanently")
                            .put("url", url)
                            .put("documentation_url", "https://docs.github.com/v3/#http-redirects");
                    return Answer.of(call.method().equals("GET") ? 301 : 307, body)
                            .header("Location", url);
                });
    }

    private Answer answer(Caller caller, Call call) {
        if (caller.kind() == Caller.Kind.INSTALLATION && installations.isSuspended()) {
            return error(403, "This installation has been suspended");
        }
        if (installations.isForApps(call)) {
            return error(401, "A JSON web token could not be decoded");
        }
        var match = routes.find(call);
        if (match.isEmpty()) {
            return error(404, "Not Found").asUnknown();
        }
        try {
            Parameters path = match.get().parameters();
            return redirect(caller, call, path)
                    .orElseGet(() -> match.get().operation().answer(caller, call, path));
        } catch (Refusal refusal) {
            return refusal.answer();
        }
    }

    private Answer user(Caller caller, Call call, Parameters path) {
        if (caller.kind() == Caller.Kind.INSTALLATION) {
            throw refusal(403, caller.kind().refusal());
        }
        long owned = repositories.all().stream()
                .filter(repository -> repository.owner().equals(caller.organization()) && !repository.isPrivate())
                .count();
        return Answer.ok(json(call).user(caller.login(), (int) owned));
    }

    private Answer installationRepositories(Caller caller, Call call, Parameters path) {
        if (caller.kind() == Caller.Kind.USER) {
            throw refusal(403, caller.kind().refusal());
        }
        List<Repository> seen = repositories.all().stream().filter(caller::owns).toList();
        ObjectNode json =
                GitHubJson.object().put("total_count", seen.size()).put("repository_selection", selection(caller));
        ArrayNode list = json.putArray("repositories");
        seen.forEach(repository -> list.add(json(call).repository(repository, access.mayWrite(caller, repository))));
        return Answer.ok(json);
    }

    private String selection(Caller caller) {
        return caller.narrowed() || settings.get().githubAppRepositories() != null ? "selected" : "all";
    }

    private Answer repositoriesOf(Caller caller, Call call, Parameters path) {
        String organization = path.get("org");
        if (!accounts.hasOrganization(organization)) {
            throw notFound();
        }
        ArrayNode list = GitHubJson.array();
        repositories.all().stream()
                .filter(repository -> repository.owner().equalsIgnoreCase(organization))
                .filter(repository -> !repository.isPrivate() || caller.owns(repository))
                .forEach(
                        repository -> list.add(json(call).repository(repository, access.mayWrite(caller, repository))));
        return page(call, list);
    }

    private Answer rateLimit(Caller caller, Call call, Parameters path) {
        var standing = quota.standing(caller.counted(), settings.get().githubRateLimit());
        ObjectNode body = GitHubJson.object();
        ObjectNode resources = body.putObject("resources");
        resources.set("core", standing(standing));
        resources.set("search", standing(new RateLimits.Standing(30, 0, standing.reset())));
        body.set("rate", standing(standing));
        return Answer.ok(body);
    }

    private Answer repository(Caller caller, Call call, Parameters path) {
        Repository repository = access.readable(caller, path);
        return Answer.ok(json(call).fullRepository(repository, access.mayWrite(caller, repository), repositories));
    }

    private Answer updateRepository(Caller caller, Call call, Parameters path) {
        Repository old = access.writable(caller, path, "administration");
        String name = call.text("name").map(GitHub::repositoryName).orElse(old.name());
        if (!name.equalsIgnoreCase(old.name())
                && repositories.find(old.owner(), name).isPresent()) {
            throw invalid("Repository creation failed.", "name", "name already exists on this account");
        }
        String branch = call.text("default_branch").orElse(old.defaultBranch());
        if (repositories.head(old, branch).isEmpty() || !repositories.refsVisible(old)) {
            if (call.body().has("default_branch")) {
                throw invalid("Validation Failed", "default_branch", "The branch " + branch + " was not found.");
            }
        }
        String description = call.body().has("description")
                ? checkedDescription(call.text("description").orElse(null))
                : old.description();
        Repository changed = old.described(
                name,
                description,
                call.body().has("homepage") ? call.text("homepage").orElse(null) : old.homepage(),
                call.body().has("private") ? call.flag("private") : old.isPrivate(),
                call.body().has("is_template") ? call.flag("is_template") : old.isTemplate(),
                call.body().has("archived") ? call.flag("archived") : old.isArchived(),
                branch,
                old.topics(),
                clock.instant());
        if (old.isArchived() && changed.isArchived()) {
            throw refusal(403, "Repository was archived so is read-only.");
        }
        if (changed.name().equals(old.name())) {
            repositories.update(changed);
        } else {
            repositories.rename(old, changed);
        }
        return Answer.ok(json(call).fullRepository(changed, true, repositories))
                .effect("repository " + changed.fullName() + " changed", changed.id());
    }

    private Answer deleteRepository(Caller caller, Call call, Parameters path) {
        Repository repository = access.writable(caller, path, "administration");
        repositories.delete(repository);
        secrets.forget(repository);
        pulls.forget(repository);
        hooks.forget(repository);
        transfers.forget(repository);
        return Answer.noContent().effect("repository " + repository.fullName() + " deleted", repository.id());
    }

    private Answer generate(Caller caller, Call call, Parameters path) {
        Repository template = access.readable(caller, path);
        if (!template.isTemplate()) {
            throw notFound();
        }
        String name = repositoryName(call.text("name").orElseThrow(() -> missing("name")));
        String owner = call.text("owner").orElse(caller.login());
        String description = checkedDescription(call.text("description").orElse(null));
        access.requireOwner(caller, owner);
        letSomebodyTake(owner, name, call);
        if (repositories.find(owner, name).isPresent()) {
            throw refusal(422, "Could not clone: Name already exists on this account");
        }
        Repository repository = repositories.generate(
                template, caller.organization(), name, description, call.flag("private"), caller.login());
        return Answer.of(201, json(call).fullRepository(repository, true, repositories))
                .effect("repository " + repository.fullName() + " created from a template", repository.id());
    }

    private Answer fork(Caller caller, Call call, Parameters path) {
        Repository upstream = access.readable(caller, path);
        String owner = call.text("organization").orElse(caller.login());
        access.requireOwner(caller, owner);
        Optional<Repository> held = repositories.forkHeldBy(owner, upstream);
        if (held.isPresent()) {
            return Answer.of(202, json(call).fullRepository(held.get(), true, repositories));
        }
        if (!repositories.filesVisible(upstream)) {
            throw refusal(
                    403,
                    "The repository exists, but it contains no Git content. Empty repositories" + " cannot be forked.");
        }
        Optional<String> asked = call.text("name").map(GitHub::repositoryName);
        String name = asked.orElse(upstream.name());
        letSomebodyTake(owner, name, call);
        if (repositories.find(owner, name).isPresent()) {
            if (asked.isPresent()) {
                throw invalid("Validation Failed", "name", "name already exists on this account");
            }
            name = freeName(owner, name);
        }
        Repository fork = repositories.fork(upstream, caller.organization(), name);
        return Answer.of(202, json(call).fullRepository(fork, true, repositories))
                .effect("repository " + fork.fullName() + " forked", fork.id());
    }

    /** Where a fault says so, somebody else in the organisation makes a repository of this name a moment before. */
    private void letSomebodyTake(String owner, String name, Call call) {
        if (call.fate() == Call.Fate.NAME_TAKEN
                && repositories.find(owner, name).isEmpty()) {
            var readme = "# Somebody else's\n".getBytes(StandardCharsets.UTF_8);
            repositories.create(owner, name, "Somebody else's", false, Map.of("README.md", readme));
        }
    }

    private Answer topics(Caller caller, Call call, Parameters path) {
        return Answer.ok(names(access.readable(caller, path).topics()));
    }

    private Answer replaceTopics(Caller caller, Call call, Parameters path) {
        Repository repository = access.changeable(caller, path, "administration");
        if (!call.body().path("names").isArray()) {
            throw missing("names");
        }
        List<String> names = texts(call.body().get("names")).stream()
                .map(topic -> topic.toLowerCase(Locale.ROOT))
                .distinct()
                .toList();
        if (names.size() > 20 || names.stream().anyMatch(topic -> !topic.matches("[a-z0-9][a-z0-9-]{0,49}"))) {
            throw Errors.invalidList(
                    "Validation Failed",
                    "Topics must start with a lowercase letter or number, consist of 50 characters or less, and can"
                            + " include hyphens.");
        }
        repositories.update(repository.withTopics(names, clock.instant()));
        return Answer.ok(names(names)).effect("topics of " + repository.fullName() + " replaced", repository.id());
    }

    private Answer contents(Caller caller, Call call, Parameters path) {
        Repository repository = access.readable(caller, path);
        if (!repositories.refsVisible(repository)) {
            throw refusal(404, "This repository is empty.");
        }
        String ref = call.query("ref").orElse(repository.defaultBranch());
        String commit = repositories
                .resolve(repository, ref.startsWith("refs/") ? ref.substring(5) : ref)
                .orElseThrow(() -> refusal(404, "No commit found for the ref " + ref));
        if (!repositories.filesVisible(repository)) {
            throw notFound();
        }
        FileTree tree = repositories.files(repository, commit);
        String wanted = Optional.ofNullable(path.get("path")).orElse("");
        FileTree.File file = tree.files().get(wanted);
        if (file != null) {
            byte[] content = repositories.content(repository, file);
            return Answer.ok(json(call).file(repository, wanted, ref, file, content));
        }
        ArrayNode entries = directory(json(call), repository, tree, wanted, ref, commit);
        if (entries.isEmpty()) {
            throw notFound();
        }
        return Answer.ok(entries);
    }

    private ArrayNode directory(
            GitHubJson json, Repository repository, FileTree tree, String wanted, String ref, String commit) {
        ArrayNode entries = GitHubJson.array();
        String treeSha = repositories.commit(repository, commit).orElseThrow().tree();
        for (String part : wanted.isEmpty() ? new String[0] : wanted.split("/")) {
            Optional<GitObject.Entry> next = repositories.object(repository, treeSha).orElseThrow().entries().stream()
                    .filter(entry -> entry.name().equals(part) && entry.isTree())
                    .findFirst();
            if (next.isEmpty()) {
                return entries;
            }
            treeSha = next.get().sha();
        }
        for (GitObject.Entry entry :
                repositories.object(repository, treeSha).orElseThrow().entries()) {
            String at = wanted.isEmpty() ? entry.name() : wanted + "/" + entry.name();
            int size = entry.isTree()
                    ? 0
                    : repositories.content(repository, tree.files().get(at)).length;
            entries.add(json.entry(repository, at, ref, entry.isTree() ? "dir" : "file", entry.sha(), size));
        }
        return entries;
    }

    private Answer branches(Caller caller, Call call, Parameters path) {
        Repository repository = access.readable(caller, path);
        ArrayNode branches = GitHubJson.array();
        if (repositories.refsVisible(repository)) {
            for (Repositories.Ref ref : repositories.refs(repository)) {
                if (ref.name().startsWith("heads/")) {
                    branches.add(json(call).shortBranch(repository, ref.name().substring(6), ref.sha()));
                }
            }
        }
        return page(call, branches);
    }

    private Answer branch(Caller caller, Call call, Parameters path) {
        Repository repository = access.readable(caller, path);
        String name = path.get("branch");
        String sha = repositories
                .head(repository, name)
                .filter(head -> repositories.refsVisible(repository))
                .orElseThrow(() -> refusal(404, "Branch not found"));
        var commit = repositories.commit(repository, sha).orElseThrow();
        return Answer.ok(json(call).branch(repository, name, sha, commit));
    }

    private Answer commits(Caller caller, Call call, Parameters path) {
        Repository repository = access.notEmpty(access.readable(caller, path));
        String from = call.query("sha").orElse(repository.defaultBranch());
        String sha = repositories.resolve(repository, from).orElseThrow(Errors::notFound);
        Instant since = call.query("since").map(Instant::parse).orElse(Instant.EPOCH);
        ArrayNode commits = GitHubJson.array();
        for (Repositories.NamedCommit one : repositories.history(repository, sha)) {
            if (!one.commit().committer().when().toInstant().isBefore(since)) {
                commits.add(json(call).commit(repository, one.sha(), one.commit()));
            }
        }
        return page(call, commits);
    }

    private Answer commit(Caller caller, Call call, Parameters path) {
        Repository repository = access.notEmpty(access.readable(caller, path));
        String sha = repositories
                .resolve(repository, path.get("ref"))
                .orElseThrow(() -> refusal(422, "No commit found for SHA: " + path.get("ref")));
        var commit = repositories.commit(repository, sha).orElseThrow();
        return Answer.ok(json(call).commit(repository, sha, commit));
    }

    private Answer ref(Caller caller, Call call, Parameters path) {
        Repository repository = access.notEmpty(access.readable(caller, path));
        Repositories.Ref ref = repositories.ref(repository, path.get("ref")).orElseThrow(Errors::notFound);
        return Answer.ok(json(call).ref(repository, ref));
    }

    private Answer createRef(Caller caller, Call call, Parameters path) {
        Repository repository = access.notEmpty(access.changeable(caller, path, "contents"));
        String ref = call.text("ref").orElseThrow(() -> missing("ref"));
        String sha = call.text("sha").orElseThrow(() -> missing("sha"));
        if (!ref.matches("refs/(heads|tags)/[^\\s~^:?*\\[\\\\]+")) {
            throw refusal(422, "Reference name must start with 'refs/' and contain at least two slashes.");
        }
        String name = ref.substring("refs/".length());
        if (repositories.ref(repository, name).isPresent()) {
            throw refusal(422, "Reference already exists");
        }
        repositories.bringCommit(repository, sha);
        requireCommit(repository, sha);
        repositories.push(repository, name, sha);
        return Answer.of(201, json(call).ref(repository, new Repositories.Ref(repository.id(), name, sha)))
                .effect(ref + " of " + repository.fullName() + " created", sha);
    }

    private Answer updateRef(Caller caller, Call call, Parameters path) {
        Repository repository = access.notEmpty(access.changeable(caller, path, "contents"));
        String name = path.get("ref");
        String sha = call.text("sha").orElseThrow(() -> missing("sha"));
        Repositories.Ref old =
                repositories.ref(repository, name).orElseThrow(() -> refusal(422, "Reference does not exist"));
        repositories.bringCommit(repository, sha);
        requireCommit(repository, sha);
        if (!call.flag("force") && !repositories.isBehind(repository, old.sha(), sha)) {
            throw refusal(422, "Update is not a fast forward");
        }
        var json = json(call).ref(repository, new Repositories.Ref(repository.id(), name, sha));
        if (old.sha().equals(sha)) {
            return Answer.ok(json);
        }
        repositories.push(repository, name, sha);
        return Answer.ok(json).effect("refs/" + name + " of " + repository.fullName() + " moved", sha);
    }

    private Answer deleteRef(Caller caller, Call call, Parameters path) {
        Repository repository = access.notEmpty(access.changeable(caller, path, "contents"));
        String name = path.get("ref");
        if (repositories.ref(repository, name).isEmpty()) {
            throw refusal(422, "Reference does not exist");
        }
        repositories.removeRef(repository, name);
        return Answer.noContent().effect("refs/" + name + " of " + repository.fullName() + " deleted", name);
    }

    private Answer createCommit(Caller caller, Call call, Parameters path) {
        Repository repository = access.notEmpty(access.changeable(caller, path, "contents"));
        String message = call.text("message").orElseThrow(() -> missing("message"));
        String tree = call.text("tree").orElseThrow(() -> missing("tree"));
        if (repositories
                .object(repository, tree)
                .filter(object -> object.type() == GitObject.Type.TREE)
                .isEmpty()) {
            throw refusal(422, "Tree SHA does not exist");
        }
        List<String> parents = texts(call.body().path("parents"));
        for (String parent : parents) {
            if (repositories.commit(repository, parent).isEmpty()) {
                throw refusal(422, "Parent SHA does not exist or is not a commit object");
            }
        }
        GitObject.Person author = person(caller, call.body().path("author"));
        GitObject.Person committer =
                call.body().has("committer") ? person(caller, call.body().get("committer")) : author;
        var commit = new GitObject.Commit(tree, parents, author, committer, message);
        String sha = repositories.put(repository, GitObject.commit(commit));
        return Answer.of(201, json(call).gitCommit(repository, sha, commit)).effect("commit created", sha);
    }

    private Answer gitCommit(Caller caller, Call call, Parameters path) {
        Repository repository = access.notEmpty(access.readable(caller, path));
        var commit = repositories.commit(repository, path.get("sha")).orElseThrow(Errors::notFound);
        return Answer.ok(json(call).gitCommit(repository, path.get("sha"), commit));
    }

    private Answer createBlob(Caller caller, Call call, Parameters path) {
        Repository repository = access.notEmpty(access.changeable(caller, path, "contents"));
        String content = call.text("content").orElseThrow(() -> missing("content"));
        byte[] bytes;
        try {
            bytes = call.text("encoding").orElse("utf-8").equals("base64")
                    ? Base64.getMimeDecoder().decode(content)
                    : content.getBytes(StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            throw refusal(422, "Content is not properly encoded");
        }
        String sha = repositories.put(repository, GitObject.blob(bytes));
        ObjectNode body = GitHubJson.object()
                .put("url", json(call).url(repository) + "/git/blobs/" + sha)
                .put("sha", sha);
        return Answer.of(201, body).effect("blob created", sha);
    }

    private Answer blob(Caller caller, Call call, Parameters path) {
        Repository repository = access.notEmpty(access.readable(caller, path));
        GitObject blob = repositories
                .object(repository, path.get("sha"))
                .filter(object -> object.type() == GitObject.Type.BLOB)
                .orElseThrow(Errors::notFound);
        return Answer.ok(GitHubJson.object()
                .put("sha", path.get("sha"))
                .put("node_id", "B_" + path.get("sha"))
                .put("size", blob.content().length)
                .put("url", json(call).url(repository) + "/git/blobs/" + path.get("sha"))
                .put("content", Base64.getEncoder().encodeToString(blob.content()))
                .put("encoding", "base64"));
    }

    private Answer createTree(Caller caller, Call call, Parameters path) {
        Repository repository = access.notEmpty(access.changeable(caller, path, "contents"));
        if (!call.body().path("tree").isArray()) {
            throw missing("tree");
        }
        Optional<String> base = call.text("base_tree");
        FileTree tree = base.map(sha -> knownTree(repository, sha)).orElse(FileTree.empty());
        // Every entry is looked at before anything is stored: a refused tree leaves no objects behind.
        var blobs = new ArrayList<GitObject>();
        for (JsonNode entry : call.body().get("tree")) {
            if (entry.path("path").asText().startsWith(".github/workflows/")) {
                access.require(caller, "workflows");
            }
            tree = withEntry(repository, tree, entry, blobs);
        }
        blobs.forEach(blob -> repositories.put(repository, blob));
        String sha = tree.store(object -> repositories.put(repository, object));
        return Answer.of(201, treeJson(call, repository, sha, false)).effect("tree created", sha);
    }

    private FileTree withEntry(Repository repository, FileTree tree, JsonNode entry, List<GitObject> blobs) {
        String path = entry.path("path").asText();
        if (path.isEmpty() || path.startsWith("/") || path.endsWith("/")) {
            throw refusal(422, "tree.path contains a malformed path component");
        }
        String mode = entry.path("mode").asText();
        if (!MODES.contains(mode)) {
            throw refusal(422, "Must supply a valid tree.mode");
        }
        if (entry.has("content")) {
            GitObject blob = GitObject.blob(entry.get("content").asText().getBytes(StandardCharsets.UTF_8));
            blobs.add(blob);
            return tree.with(path, new FileTree.File(mode, blob.sha()));
        }
        if (!entry.has("sha")) {
            throw refusal(422, "Must supply either tree.sha or tree.content");
        }
        if (entry.get("sha").isNull()) {
            return tree.without(path);
        }
        String sha = entry.get("sha").asText();
        if (mode.endsWith("40000")) {
            FileTree joined = tree.without(path);
            for (var file : knownTree(repository, sha).files().entrySet()) {
                joined = joined.with(path + "/" + file.getKey(), file.getValue());
            }
            return joined;
        }
        if (repositories.object(repository, sha).isEmpty()) {
            throw refusal(422, "tree.sha " + sha + " is not a valid blob");
        }
        return tree.with(path, new FileTree.File(mode, sha));
    }

    private Answer tree(Caller caller, Call call, Parameters path) {
        Repository repository = access.notEmpty(access.readable(caller, path));
        if (!repositories.filesVisible(repository)) {
            throw notFound();
        }
        String name = path.get("sha");
        String sha = repositories
                .resolve(repository, name)
                .flatMap(commit -> repositories.commit(repository, commit))
                .map(GitObject.Commit::tree)
                .orElse(name);
        knownTree(repository, sha);
        return Answer.ok(treeJson(call, repository, sha, call.query("recursive").isPresent()));
    }

    private ObjectNode treeJson(Call call, Repository repository, String sha, boolean recursive) {
        ObjectNode json =
                GitHubJson.object().put("sha", sha).put("url", json(call).url(repository) + "/git/trees/" + sha);
        addEntries(json(call), json.putArray("tree"), repository, "", sha, recursive);
        return json.put("truncated", false);
    }

    private void addEntries(
            GitHubJson json, ArrayNode into, Repository repository, String prefix, String sha, boolean recursive) {
        for (GitObject.Entry entry :
                repositories.object(repository, sha).orElseThrow().entries()) {
            Integer size = entry.isTree()
                    ? null
                    : repositories.object(repository, entry.sha()).orElseThrow().content().length;
            into.add(json.treeEntry(repository, prefix + entry.name(), entry.mode(), entry.sha(), size));
            if (recursive && entry.isTree()) {
                addEntries(json, into, repository, prefix + entry.name() + "/", entry.sha(), true);
            }
        }
    }

    private FileTree knownTree(Repository repository, String sha) {
        return repositories
                .object(repository, sha)
                .filter(object -> object.type() == GitObject.Type.TREE)
                .map(object -> repositories.tree(repository, sha))
                // A commit is taken for its tree, as GitHub does.
                .or(() -> repositories.commit(repository, sha).map(commit -> repositories.files(repository, sha)))
                .orElseThrow(Errors::notFound);
    }

    private void requireCommit(Repository repository, String sha) {
        if (repositories.commit(repository, sha).isEmpty()) {
            throw refusal(422, "Object does not exist");
        }
    }

    private String freeName(String owner, String name) {
        int number = 1;
        while (repositories.find(owner, name + "-" + number).isPresent()) {
            number++;
        }
        return name + "-" + number;
    }

    private GitObject.Person person(Caller caller, JsonNode given) {
        String login = caller.login();
        try {
            OffsetDateTime when = given.has("date")
                    ? OffsetDateTime.parse(given.get("date").asText())
                    : Repositories.time(clock.instant());
            return new GitObject.Person(
                    given.path("name").asText(login),
                    given.path("email").asText(Repositories.noReply(login)),
                    when.truncatedTo(java.time.temporal.ChronoUnit.SECONDS));
        } catch (DateTimeException malformed) {
            throw refusal(422, "Invalid request.\n\n\"date\" is not a valid date-time.");
        }
    }

    static Answer page(Call call, ArrayNode all) {
        int size = Math.max(1, Math.min(100, call.number("per_page", 30)));
        int page = Math.max(1, call.number("page", 1));
        ArrayNode shown = GitHubJson.array();
        for (int i = (page - 1) * size; i < Math.min(all.size(), page * size); i++) {
            shown.add(all.get(i));
        }
        Answer answer = Answer.ok(shown);
        int last = (all.size() + size - 1) / size;
        if (page >= last) {
            return answer;
        }
        String url = "<" + call.base() + call.path() + "?per_page=" + size + "&page=";
        return answer.header("Link", url + (page + 1) + ">; rel=\"next\", " + url + last + ">; rel=\"last\"");
    }

    private static String repositoryName(String asked) {
        String name = asked.replaceAll("[^A-Za-z0-9._-]", "-");
        if (name.isBlank() || name.length() > 100 || name.equals(".") || name.equals("..")) {
            throw invalid("Repository creation failed.", "name", "name is invalid");
        }
        return name;
    }

    private static String checkedDescription(String description) {
        if (description != null && description.codePoints().anyMatch(Character::isISOControl)) {
            throw invalid("Validation Failed", "description", "description control characters are not allowed");
        }
        if (description != null && description.length() > 350) {
            throw invalid("Validation Failed", "description", "description cannot be more than 350 characters");
        }
        return description;
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static JsonNode names(List<String> topics) {
        ObjectNode json = GitHubJson.object();
        ArrayNode names = json.putArray("names");
        topics.forEach(names::add);
        return json;
    }

    private static ObjectNode standing(RateLimits.Standing standing) {
        return GitHubJson.object()
                .put("limit", standing.limit())
                .put("used", standing.used())
                .put("remaining", standing.remaining())
                .put("reset", RateLimits.epochSeconds(standing.reset()));
    }

    private static GitHubJson json(Call call) {
        return new GitHubJson(call.base());
    }
}
