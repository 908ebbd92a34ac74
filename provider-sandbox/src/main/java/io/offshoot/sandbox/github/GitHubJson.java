package io.offshoot.sandbox.github;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.sandbox.accounts.Account;
import io.offshoot.sandbox.git.FileTree;
import io.offshoot.sandbox.git.GitObject;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;

/** GitHub's documents, with addresses that lead back into the sandbox. */
final class GitHubJson {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private static final List<String> PLAIN_URLS = List.of(
            "contributors",
            "deployments",
            "downloads",
            "events",
            "forks",
            "hooks",
            "languages",
            "merges",
            "stargazers",
            "subscribers",
            "subscription",
            "tags",
            "teams");

    private static final List<List<String>> TEMPLATE_URLS = List.of(
            List.of("archive", "/{archive_format}{/ref}"),
            List.of("assignees", "/assignees{/user}"),
            List.of("blobs", "/git/blobs{/sha}"),
            List.of("branches", "/branches{/branch}"),
            List.of("collaborators", "/collaborators{/collaborator}"),
            List.of("comments", "/comments{/number}"),
            List.of("commits", "/commits{/sha}"),
            List.of("compare", "/compare/{base}...{head}"),
            List.of("contents", "/contents/{+path}"),
            List.of("git_commits", "/git/commits{/sha}"),
            List.of("git_refs", "/git/refs{/sha}"),
            List.of("git_tags", "/git/tags{/sha}"),
            List.of("issue_comment", "/issues/comments{/number}"),
            List.of("issue_events", "/issues/events{/number}"),
            List.of("issues", "/issues{/number}"),
            List.of("keys", "/keys{/key_id}"),
            List.of("labels", "/labels{/name}"),
            List.of("milestones", "/milestones{/number}"),
            List.of("notifications", "/notifications{?since,all,participating}"),
            List.of("pulls", "/pulls{/number}"),
            List.of("releases", "/releases{/id}"),
            List.of("statuses", "/statuses/{sha}"),
            List.of("trees", "/git/trees{/sha}"));

    private final String base;

    GitHubJson(String base) {
        this.base = base;
    }

    static ObjectNode object() {
        return NODES.objectNode();
    }

    static ArrayNode array() {
        return NODES.arrayNode();
    }

    ObjectNode account(String login, boolean organization) {
        String url = base + "/users/" + login;
        long id = Account.numberOf(login);
        return object().put("login", login)
                .put("id", id)
                .put("node_id", node(organization ? "O" : "U", id))
                .put("avatar_url", url + "/avatar")
                .put("gravatar_id", "")
                .put("url", url)
                .put("html_url", base + "/view/" + login)
                .put("followers_url", url + "/followers")
                .put("following_url", url + "/following{/other_user}")
                .put("gists_url", url + "/gists{/gist_id}")
                .put("starred_url", url + "/starred{/owner}{/repo}")
                .put("subscriptions_url", url + "/subscriptions")
                .put("organizations_url", url + "/orgs")
                .put("repos_url", url + "/repos")
                .put("events_url", url + "/events{/privacy}")
                .put("received_events_url", url + "/received_events")
                .put("type", organization ? "Organization" : "User")
                .put("user_view_type", "public")
                .put("site_admin", false);
    }

    ObjectNode user(String login, int publicRepositories) {
        ObjectNode user = account(login, false).put("name", login);
        for (String unknown : List.of("company", "email", "hireable", "bio", "location", "twitter_username")) {
            user.putNull(unknown);
        }
        return user.put("blog", "")
                .put("public_repos", publicRepositories)
                .put("public_gists", 0)
                .put("followers", 0)
                .put("following", 0)
                .put("created_at", "2024-01-01T00:00:00Z")
                .put("updated_at", "2024-01-01T00:00:00Z");
    }

    ObjectNode repository(Repository repository, boolean mayWrite) {
        String url = url(repository);
        ObjectNode json = object().put("id", repository.id())
                .put("node_id", node("R", repository.id()))
                .put("name", repository.name())
                .put("full_name", repository.fullName())
                .put("private", repository.isPrivate());
        json.set("owner", account(repository.owner(), true));
        json.put("html_url", html(repository))
                .put("description", repository.description())
                .put("fork", repository.parentId() != null)
                .put("url", url);
        PLAIN_URLS.forEach(name -> json.put(name + "_url", url + "/" + name));
        TEMPLATE_URLS.forEach(template -> json.put(template.get(0) + "_url", url + template.get(1)));
        json.put("git_url", html(repository) + ".git")
                .put("ssh_url", html(repository) + ".git")
                .put("clone_url", html(repository) + ".git")
                .put("svn_url", html(repository))
                .putNull("mirror_url")
                .put("homepage", repository.homepage())
                .putNull("language")
                .putNull("license")
                .put("size", 64)
                .put("default_branch", repository.defaultBranch())
                .put("is_template", repository.isTemplate())
                .put("visibility", repository.isPrivate() ? "private" : "public")
                .put("archived", repository.isArchived())
                .put("disabled", false)
                .put("allow_forking", true)
                .put("web_commit_signoff_required", false);
        for (String counted : List.of(
                "forks",
                "forks_count",
                "stargazers_count",
                "watchers",
                "watchers_count",
                "open_issues",
                "open_issues_count")) {
            json.put(counted, 0);
        }
        for (String feature : List.of("issues", "projects", "wiki", "downloads")) {
            json.put("has_" + feature, true);
        }
        json.put("has_pages", false).put("has_discussions", false);
        ArrayNode topics = json.putArray("topics");
        repository.topics().forEach(topics::add);
        json.putObject("permissions")
                .put("admin", mayWrite)
                .put("maintain", mayWrite)
                .put("push", mayWrite)
                .put("triage", mayWrite)
                .put("pull", true);
        return json.put("pushed_at", time(repository.pushedAt()))
                .put("created_at", time(repository.createdAt()))
                .put("updated_at", time(repository.updatedAt()));
    }

    /** With what only a single repository's document has. */
    ObjectNode fullRepository(Repository repository, boolean mayWrite, Repositories repositories) {
        ObjectNode json =
                repository(repository, mayWrite).put("network_count", 0).put("subscribers_count", 0);
        json.set("organization", account(repository.owner(), true));
        if (repository.templateId() != null) {
            repositories
                    .byId(repository.templateId())
                    .ifPresent(template -> json.set("template_repository", repository(template, false)));
        }
        if (repository.parentId() != null) {
            repositories.byId(repository.parentId()).ifPresent(parent -> {
                json.set("parent", repository(parent, false));
                json.set("source", repository(repositories.source(repository), false));
            });
        }
        return json;
    }

    ObjectNode comparison(Repository repository, String basehead) {
        String html = html(repository) + "/compare/" + basehead;
        return object().put("url", url(repository) + "/compare/" + basehead)
                .put("html_url", html)
                .put("permalink_url", html)
                .put("diff_url", html + ".diff")
                .put("patch_url", html + ".patch");
    }

    ObjectNode changedFile(Repository repository, String commit, String path, String blob, String status) {
        String escaped = escaped(path);
        String html = html(repository) + "/blob/" + commit + "/" + escaped;
        return object().put("sha", blob)
                .put("filename", path)
                .put("status", status)
                .put("additions", 0)
                .put("deletions", 0)
                .put("changes", 0)
                .put("blob_url", html)
                .put("raw_url", html(repository) + "/raw/" + commit + "/" + escaped)
                .put("contents_url", url(repository) + "/contents/" + escaped + "?ref=" + commit);
    }

    /** A pull request as a list shows it. */
    ObjectNode pull(Repository repository, Pull pull, Repository headRepository, String headSha, String label) {
        String self = url(repository) + "/pulls/" + pull.number();
        String issue = url(repository) + "/issues/" + pull.number();
        String page = html(repository) + "/pull/" + pull.number();
        String statuses = url(repository) + "/statuses/" + headSha;
        long id = repository.id() * 1000 + pull.number();
        ObjectNode json = object().put("url", self)
                .put("id", id)
                .put("node_id", node("PR", id))
                .put("html_url", page)
                .put("diff_url", page + ".diff")
                .put("patch_url", page + ".patch")
                .put("issue_url", issue)
                .put("commits_url", self + "/commits")
                .put("review_comments_url", self + "/comments")
                .put("review_comment_url", url(repository) + "/pulls/comments{/number}")
                .put("comments_url", issue + "/comments")
                .put("statuses_url", statuses)
                .put("number", pull.number())
                .put("state", pull.open() ? "open" : "closed")
                .put("locked", false)
                .put("title", pull.title());
        json.set("user", account(pull.author(), false));
        json.put("body", pull.body());
        json.putArray("labels");
        json.putNull("milestone")
                .put("created_at", time(pull.createdAt()))
                .put("updated_at", time(pull.updatedAt()))
                .put("closed_at", pull.open() ? null : time(pull.updatedAt()))
                .put("merged_at", pull.mergeSha() == null ? null : time(pull.updatedAt()))
                .put("merge_commit_sha", pull.mergeSha())
                .putNull("assignee");
        json.putArray("assignees");
        json.putArray("requested_reviewers");
        json.putArray("requested_teams");
        json.set("head", end(headRepository, label, pull.head(), headSha));
        json.set("base", end(repository, repository.owner() + ":" + pull.base(), pull.base(), pull.baseSha()));
        ObjectNode links = json.putObject("_links");
        links.putObject("self").put("href", self);
        links.putObject("html").put("href", page);
        links.putObject("issue").put("href", issue);
        links.putObject("comments").put("href", issue + "/comments");
        links.putObject("review_comments").put("href", self + "/comments");
        links.putObject("review_comment").put("href", url(repository) + "/pulls/comments{/number}");
        links.putObject("commits").put("href", self + "/commits");
        links.putObject("statuses").put("href", statuses);
        return json.put("author_association", "COLLABORATOR")
                .putNull("auto_merge")
                .put("draft", false);
    }

    /** Adds to a pull request what only its own document has. */
    ObjectNode mergeState(ObjectNode json, Pull pull, boolean mergeable, int commits) {
        if (pull.open()) {
            json.put("mergeable", mergeable).put("mergeable_state", mergeable ? "clean" : "dirty");
        } else {
            json.putNull("mergeable").put("mergeable_state", "unknown");
        }
        return json.put("merged", pull.mergeSha() != null)
                .putNull("merged_by")
                .put("comments", 0)
                .put("review_comments", 0)
                .put("maintainer_can_modify", false)
                .put("commits", commits)
                .put("additions", 0)
                .put("deletions", 0)
                .put("changed_files", 0);
    }

    private ObjectNode end(Repository repository, String label, String branch, String sha) {
        ObjectNode json = object().put("label", label).put("ref", branch).put("sha", sha);
        json.set("user", account(repository.owner(), true));
        json.set("repo", repository(repository, false));
        return json;
    }

    ObjectNode ref(Repository repository, Repositories.Ref ref) {
        ObjectNode json = object().put("ref", "refs/" + ref.name())
                .put("node_id", node("REF", repository.id()) + "_" + ref.name())
                .put("url", url(repository) + "/git/refs/" + ref.name());
        json.putObject("object")
                .put("type", "commit")
                .put("sha", ref.sha())
                .put("url", url(repository) + "/git/commits/" + ref.sha());
        return json;
    }

    /** A commit as the Git data API shows it. */
    ObjectNode gitCommit(Repository repository, String sha, GitObject.Commit commit) {
        ObjectNode json = object().put("sha", sha)
                .put("node_id", node("C", repository.id()) + "_" + sha)
                .put("url", url(repository) + "/git/commits/" + sha)
                .put("html_url", html(repository) + "/commit/" + sha);
        json.set("author", person(commit.author()));
        json.set("committer", person(commit.committer()));
        json.set("tree", tree(repository, commit));
        json.put("message", commit.message());
        json.set("parents", parents(repository, commit));
        json.set("verification", unverified());
        return json;
    }

    /** A commit as the repository's history shows it. */
    ObjectNode commit(Repository repository, String sha, GitObject.Commit commit) {
        ObjectNode json = object().put("sha", sha)
                .put("node_id", node("C", repository.id()) + "_" + sha)
                .put("url", url(repository) + "/commits/" + sha)
                .put("html_url", html(repository) + "/commit/" + sha)
                .put("comments_url", url(repository) + "/commits/" + sha + "/comments");
        ObjectNode inner = json.putObject("commit");
        inner.set("author", person(commit.author()));
        inner.set("committer", person(commit.committer()));
        inner.put("message", commit.message())
                .put("url", url(repository) + "/git/commits/" + sha)
                .put("comment_count", 0);
        inner.set("tree", tree(repository, commit));
        inner.set("verification", unverified());
        json.putNull("author").putNull("committer");
        json.set("parents", parents(repository, commit));
        return json;
    }

    ObjectNode branch(Repository repository, String name, String sha, GitObject.Commit commit) {
        ObjectNode json = object().put("name", name);
        json.set("commit", commit(repository, sha, commit));
        json.putObject("_links")
                .put("self", url(repository) + "/branches/" + name)
                .put("html", html(repository) + "/tree/" + name);
        json.put("protected", false);
        ObjectNode checks = json.putObject("protection").put("enabled", false).putObject("required_status_checks");
        checks.put("enforcement_level", "off");
        checks.putArray("contexts");
        checks.putArray("checks");
        return json.put("protection_url", url(repository) + "/branches/" + name + "/protection");
    }

    ObjectNode shortBranch(Repository repository, String name, String sha) {
        ObjectNode json = object().put("name", name);
        json.putObject("commit").put("sha", sha).put("url", url(repository) + "/commits/" + sha);
        return json.put("protected", false);
    }

    ObjectNode treeEntry(Repository repository, String path, String mode, String sha, Integer size) {
        boolean directory = mode.equals("40000");
        ObjectNode json = object().put("path", path)
                .put("mode", directory ? "040000" : mode)
                .put("type", directory ? "tree" : "blob")
                .put("sha", sha);
        if (size != null) {
            json.put("size", size);
        }
        return json.put("url", url(repository) + "/git/" + (directory ? "trees/" : "blobs/") + sha);
    }

    ObjectNode file(Repository repository, String path, String ref, FileTree.File file, byte[] content) {
        ObjectNode json = entry(repository, path, ref, "file", file.sha(), content.length);
        // GitHub breaks the lines after sixty characters and ends the last one too.
        String encoded = Base64.getMimeEncoder(60, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(content);
        return json.put("content", encoded.isEmpty() ? "" : encoded + "\n").put("encoding", "base64");
    }

    ObjectNode entry(Repository repository, String path, String ref, String type, String sha, int size) {
        boolean directory = type.equals("dir");
        String escaped = escaped(path);
        String self = url(repository) + "/contents/" + escaped + "?ref=" + ref;
        String git = url(repository) + "/git/" + (directory ? "trees/" : "blobs/") + sha;
        String html = html(repository) + (directory ? "/tree/" : "/blob/") + ref + "/" + escaped;
        ObjectNode json = object().put("name", path.substring(path.lastIndexOf('/') + 1))
                .put("path", path)
                .put("sha", sha)
                .put("size", directory ? 0 : size)
                .put("url", self)
                .put("html_url", html)
                .put("git_url", git)
                .put("download_url", directory ? null : html(repository) + "/raw/" + ref + "/" + escaped)
                .put("type", type);
        json.putObject("_links").put("self", self).put("git", git).put("html", html);
        return json;
    }

    String url(Repository repository) {
        return base + "/repos/" + repository.fullName();
    }

    private static String escaped(String path) {
        try {
            return new URI(null, null, "/" + path, null).getRawPath().substring(1);
        } catch (URISyntaxException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }

    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private String html(Repository repository) {
        return base + "/view/" + repository.fullName();
    }

    private static JsonNode person(GitObject.Person person) {
        return object().put("name", person.name())
                .put("email", person.email())
                .put("date", time(person.when().toInstant()));
    }

    private JsonNode tree(Repository repository, GitObject.Commit commit) {
        return object().put("sha", commit.tree()).put("url", url(repository) + "/git/trees/" + commit.tree());
    }

    private JsonNode parents(Repository repository, GitObject.Commit commit) {
        ArrayNode parents = array();
        commit.parents().forEach(sha -> parents.addObject()
                .put("sha", sha)
                .put("url", url(repository) + "/git/commits/" + sha)
                .put("html_url", html(repository) + "/commit/" + sha));
        return parents;
    }

    private static JsonNode unverified() {
        return object().put("verified", false)
                .put("reason", "unsigned")
                .putNull("signature")
                .putNull("payload")
                .putNull("verified_at");
    }

    static String node(String kind, long id) {
        byte[] bytes = ByteBuffer.allocate(8).putLong(id).array();
        return kind + "_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
