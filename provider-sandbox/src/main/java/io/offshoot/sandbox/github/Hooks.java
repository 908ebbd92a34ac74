package io.offshoot.sandbox.github;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.sandbox.exchange.Answer;
import io.offshoot.sandbox.exchange.Call;
import io.offshoot.sandbox.exchange.Routes;
import io.offshoot.sandbox.exchange.Routes.Parameters;
import io.offshoot.sandbox.git.FileTree;
import io.offshoot.sandbox.git.GitObject;
import io.offshoot.sandbox.outgoing.Outbox;
import io.offshoot.sandbox.outgoing.Signatures;
import io.offshoot.sandbox.state.Store;
import io.offshoot.sandbox.state.Table;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The webhooks of repositories, signed with the secrets that were given for them. */
public final class Hooks implements Repositories.PushListener {

    /**
     * @param base where GitHub's API was when the hook was made, for the addresses in what it sends
     * @param secret null for none
     */
    private record Hook(
            long id,
            long repositoryId,
            String base,
            String url,
            String contentType,
            String secret,
            List<String> events,
            boolean active,
            Instant createdAt) {

        Hook {
            events = List.copyOf(events);
        }

        boolean wants(String event) {
            return active && (events.contains(event) || events.contains("*"));
        }
    }

    private static final long FIRST_ID = 400_000_001L;
    private static final String VERCEL = "vercel[bot]";
    private static final String NOBODY = "0".repeat(40);

    private final Table<Hook> hooks;
    private final Table<Long> counter;
    private final Repositories repositories;
    private final Access access;
    private final Outbox outbox;
    private final Clock clock;

    /** That of the App, which hears of every repository; null for none. */
    private volatile Hook ofTheApp;

    Hooks(Store store, Repositories repositories, Access access, Outbox outbox, Clock clock) {
        this.hooks = store.table("repository-hooks", Hook.class);
        this.counter = store.table("hook-counter", Long.class);
        this.repositories = repositories;
        this.access = access;
        this.outbox = outbox;
        this.clock = clock;
        repositories.onPush(this);
    }

    void addTo(Routes<Caller> routes) {
        String path = "/repos/{owner}/{repo}/hooks";
        routes.on("GET", path, this::list)
                .on("POST", path, this::create)
                .on("GET", path + "/{id}", this::hook)
                .on("DELETE", path + "/{id}", this::delete)
                .on("POST", path + "/{id}/pings", this::ping);
    }

    /** The App's own webhook, as it is set in its settings: told of every repository. */
    public void ofTheApp(String url, String secret) {
        ofTheApp = new Hook(0, 0, "https://api.github.com", url, "json", secret, List.of("*"), true, clock.instant());
    }

    void forget(Repository repository) {
        hooks.removeIf(hook -> hook.repositoryId() == repository.id());
    }

    void clear() {
        hooks.removeIf(hook -> true);
    }

    @Override
    public void pushed(Repository repository, String branch, String sha) {
        var commit = repositories.commit(repository, sha).orElseThrow();
        String login = repository.owner();
        send(repository, "push", "push " + sha, clock.instant(), json -> {
            ObjectNode body = GitHubJson.object()
                    .put("ref", "refs/heads/" + branch)
                    .put("before", commit.parents().stream().findFirst().orElse(NOBODY))
                    .put("after", sha)
                    .put("created", false)
                    .put("deleted", false)
                    .put("forced", false)
                    .putNull("base_ref")
                    .put("compare", json.url(repository) + "/compare/" + sha);
            body.putArray("commits").add(commit(json, repository, sha, commit));
            body.set("head_commit", commit(json, repository, sha, commit));
            body.putObject("pusher").put("name", login).put("email", Repositories.noReply(login));
            return body;
        });
    }

    /** Vercel's app tells how a deployment stands. */
    public void deploymentStatus(
            long repositoryId, String about, String sha, String environment, String state, String url, Instant at) {
        repositories
                .byId(repositoryId)
                .ifPresent(repository -> send(
                        repository,
                        "deployment_status",
                        about,
                        at,
                        json -> status(json, repository, about, sha, environment, state, url, at)));
    }

    private static ObjectNode status(
            GitHubJson json,
            Repository repository,
            String about,
            String sha,
            String environment,
            String state,
            String url,
            Instant at) {
        long id = Integer.toUnsignedLong(about.hashCode());
        String deployments = json.url(repository) + "/deployments/" + id;
        ObjectNode body = GitHubJson.object().put("action", "created");
        ObjectNode status = body.putObject("deployment_status")
                .put("id", id * 10 + state.length())
                .put("node_id", GitHubJson.node("DES", id))
                .put("url", deployments + "/statuses/" + id)
                .put("deployment_url", deployments)
                .put("state", state)
                .put("description", "")
                .put("target_url", url);
        ObjectNode deployment = body.putObject("deployment")
                .put("id", id)
                .put("node_id", GitHubJson.node("DE", id))
                .put("url", deployments)
                .put("statuses_url", deployments + "/statuses")
                .put("sha", sha)
                .put("ref", sha)
                .put("task", "deploy")
                .put("original_environment", environment)
                .putNull("description");
        deployment.putObject("payload");
        for (ObjectNode one : List.of(status, deployment)) {
            one.put("environment", environment)
                    .put("repository_url", json.url(repository))
                    .put("created_at", GitHubJson.time(at))
                    .put("updated_at", GitHubJson.time(at));
            one.set("creator", json.account(VERCEL, false).put("type", "Bot"));
        }
        return body;
    }

    private interface Body {
        ObjectNode in(GitHubJson json);
    }

    private void send(Repository repository, String event, String about, Instant at, Body body) {
        for (Hook hook : hooks.values()) {
            if (hook.repositoryId() == repository.id() && hook.wants(event)) {
                send(hook, repository, event, about, at, body.in(new GitHubJson(hook.base())));
            }
        }
        var app = ofTheApp;
        if (app != null) {
            send(app, repository, event, about, at, body.in(new GitHubJson(app.base())));
        }
    }

    private void send(Hook hook, Repository repository, String event, String about, Instant at, ObjectNode body) {
        var json = new GitHubJson(hook.base());
        ObjectNode own = json.repository(repository, true);
        own.putObject("custom_properties");
        body.set("repository", own);
        body.set("sender", json.account(repository.owner(), true));
        boolean form = hook.contentType().equals("form");
        String sent = form
                ? "payload=" + java.net.URLEncoder.encode(body.toString(), StandardCharsets.UTF_8)
                : body.toString();
        var headers = new LinkedHashMap<String, String>();
        headers.put("Content-Type", form ? "application/x-www-form-urlencoded" : "application/json");
        headers.put("User-Agent", "GitHub-Hookshot/sandbox");
        headers.put("X-GitHub-Event", event);
        headers.put("X-GitHub-Delivery", UUID.randomUUID().toString());
        headers.put("X-GitHub-Hook-ID", String.valueOf(hook.id()));
        if (hook.secret() != null) {
            headers.put("X-Hub-Signature-256", "sha256=" + Signatures.sha256(sent, hook.secret()));
        }
        outbox.put("github", event, about, hook.url(), headers, sent, at);
    }

    private ObjectNode commit(GitHubJson json, Repository repository, String sha, GitObject.Commit commit) {
        Map<String, FileTree.File> before = commit.parents().isEmpty()
                ? Map.of()
                : repositories.files(repository, commit.parents().get(0)).files();
        Map<String, FileTree.File> after = repositories.files(repository, sha).files();
        ObjectNode one = GitHubJson.object()
                .put("id", sha)
                .put("tree_id", commit.tree())
                .put("distinct", true)
                .put("message", commit.message())
                .put("timestamp", commit.committer().when().toString())
                .put("url", json.url(repository) + "/commits/" + sha);
        one.putObject("author")
                .put("name", commit.author().name())
                .put("email", commit.author().email());
        one.putObject("committer")
                .put("name", commit.committer().name())
                .put("email", commit.committer().email());
        ArrayNode added = one.putArray("added");
        ArrayNode modified = one.putArray("modified");
        ArrayNode removed = one.putArray("removed");
        after.forEach((path, file) -> {
            if (!before.containsKey(path)) {
                added.add(path);
            } else if (!before.get(path).equals(file)) {
                modified.add(path);
            }
        });
        before.keySet().stream().filter(path -> !after.containsKey(path)).forEach(removed::add);
        return one;
    }

    private Answer create(Caller caller, Call call, Parameters path) {
        Repository repository = access.changeable(caller, path, "repository_hooks");
        JsonNode config = call.body().path("config");
        String url = config.path("url").asText();
        if (!url.matches("https?://\\S+")) {
            throw Errors.invalid("Validation Failed", "Hook", "url", "invalid", null);
        }
        boolean known = of(repository).stream().anyMatch(hook -> hook.url().equals(url));
        if (known) {
            throw Errors.invalid("Validation Failed", "Hook", null, "custom", "Hook already exists on this repository");
        }
        var events = new ArrayList<String>();
        call.body().path("events").forEach(event -> events.add(event.asText()));
        long id = counter.get("hook").orElse(FIRST_ID);
        counter.put("hook", id + 1);
        Hook hook = new Hook(
                id,
                repository.id(),
                call.base(),
                url,
                config.path("content_type").asText("form"),
                config.path("secret").isTextual() ? config.get("secret").asText() : null,
                events.isEmpty() ? List.of("push") : events,
                call.body().path("active").asBoolean(true),
                clock.instant());
        hooks.put(String.valueOf(id), hook);
        sendPing(hook, repository);
        return Answer.of(201, json(call.base(), repository, hook))
                .effect("hook of " + repository.fullName() + " created", id);
    }

    private Answer list(Caller caller, Call call, Parameters path) {
        Repository repository = access.readable(caller, path, "repository_hooks");
        ArrayNode list = GitHubJson.array();
        of(repository).forEach(hook -> list.add(json(call.base(), repository, hook)));
        return GitHub.page(call, list);
    }

    private Answer hook(Caller caller, Call call, Parameters path) {
        Repository repository = access.readable(caller, path, "repository_hooks");
        return Answer.ok(json(call.base(), repository, found(repository, path)));
    }

    private Answer delete(Caller caller, Call call, Parameters path) {
        Repository repository = access.writable(caller, path, "repository_hooks");
        Hook hook = found(repository, path);
        hooks.remove(String.valueOf(hook.id()));
        return Answer.noContent().effect("hook of " + repository.fullName() + " deleted", hook.id());
    }

    private Answer ping(Caller caller, Call call, Parameters path) {
        Repository repository = access.writable(caller, path, "repository_hooks");
        sendPing(found(repository, path), repository);
        return Answer.noContent();
    }

    private void sendPing(Hook hook, Repository repository) {
        ObjectNode body =
                GitHubJson.object().put("zen", "Nothing here is real.").put("hook_id", hook.id());
        body.set("hook", json(hook.base(), repository, hook));
        send(hook, repository, "ping", "ping " + hook.id(), clock.instant(), body);
    }

    private List<Hook> of(Repository repository) {
        return hooks.values().stream()
                .filter(hook -> hook.repositoryId() == repository.id())
                .toList();
    }

    private Hook found(Repository repository, Parameters path) {
        return hooks.get(path.get("id"))
                .filter(hook -> hook.repositoryId() == repository.id())
                .orElseThrow(Errors::notFound);
    }

    private static ObjectNode json(String base, Repository repository, Hook hook) {
        String url = new GitHubJson(base).url(repository) + "/hooks/" + hook.id();
        ObjectNode json = GitHubJson.object()
                .put("type", "Repository")
                .put("id", hook.id())
                .put("name", "web")
                .put("active", hook.active());
        ArrayNode events = json.putArray("events");
        hook.events().forEach(events::add);
        ObjectNode config = json.putObject("config")
                .put("url", hook.url())
                .put("content_type", hook.contentType())
                .put("insecure_ssl", "0");
        if (hook.secret() != null) {
            config.put("secret", "********");
        }
        json.put("created_at", GitHubJson.time(hook.createdAt()))
                .put("updated_at", GitHubJson.time(hook.createdAt()))
                .put("url", url)
                .put("test_url", url + "/test")
                .put("ping_url", url + "/pings")
                .put("deliveries_url", url + "/deliveries");
        json.putObject("last_response").putNull("code").put("status", "unused").putNull("message");
        return json;
    }
}
