package io.offshoot.sandbox.github;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.sandbox.exchange.Answer;
import io.offshoot.sandbox.exchange.Call;
import io.offshoot.sandbox.exchange.Refusal;
import io.offshoot.sandbox.exchange.Routes;
import io.offshoot.sandbox.exchange.Routes.Parameters;
import io.offshoot.sandbox.git.FileTree;
import io.offshoot.sandbox.git.GitObject;
import io.offshoot.sandbox.state.Store;
import io.offshoot.sandbox.state.Table;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** How a branch gets another's commits: comparing, pull requests, and taking over what the upstream has. */
final class Pulls {

    private record Head(Repository repository, String branch) {}

    private final Table<Pull> pulls;
    private final Repositories repositories;
    private final Access access;
    private final Clock clock;

    Pulls(Store store, Repositories repositories, Access access, Clock clock) {
        this.pulls = store.table("pulls", Pull.class);
        this.repositories = repositories;
        this.access = access;
        this.clock = clock;
    }

    void addTo(Routes<Caller> routes) {
        String repository = "/repos/{owner}/{repo}";
        routes.on("POST", repository + "/merge-upstream", this::mergeUpstream)
                .on("GET", repository + "/compare/{basehead+}", this::compare)
                .on("GET", repository + "/pulls", this::list)
                .on("POST", repository + "/pulls", this::create)
                .on("GET", repository + "/pulls/{number}", this::pull)
                .on("PATCH", repository + "/pulls/{number}", this::update)
                .on("PUT", repository + "/pulls/{number}/merge", this::merge);
    }

    void forget(Repository repository) {
        pulls.removeIf(pull -> pull.repositoryId() == repository.id());
    }

    void clear() {
        pulls.removeIf(pull -> true);
    }

    private Answer mergeUpstream(Caller caller, Call call, Parameters path) {
        Repository fork = access.notEmpty(access.changeable(caller, path, "contents"));
        String branch = call.text("branch").orElseThrow(() -> Errors.missing("branch"));
        Repository upstream = Optional.ofNullable(fork.parentId())
                .flatMap(repositories::byId)
                .orElseThrow(() -> Errors.refusal(422, "This repository is not a fork"));
        String ours = repositories.head(fork, branch).orElseThrow(Errors::notFound);
        String theirs = repositories
                .head(upstream, branch)
                .orElseThrow(() -> Errors.refusal(422, "The upstream has no branch " + branch));
        String name = upstream.owner() + ":" + branch;
        repositories.bring(upstream, fork);
        if (repositories.isBehind(fork, theirs, ours)) {
            return merged("This branch is not behind the upstream " + name + ".", "none", name);
        }
        if (repositories.isBehind(fork, ours, theirs)) {
            repositories.push(fork, "heads/" + branch, theirs);
            return merged("Successfully fetched and fast-forwarded from upstream " + name + ".", "fast-forward", name)
                    .effect(branch + " of " + fork.fullName() + " taken from upstream", theirs);
        }
        String message = "Merge branch '" + branch + "' of " + upstream.fullName();
        String sha = mergeCommit(caller, fork, ours, theirs, message)
                .orElseThrow(() -> Errors.refusal(409, "There are merge conflicts"));
        repositories.push(fork, "heads/" + branch, sha);
        return merged("Successfully fetched and merged from upstream " + name + ".", "merge", name)
                .effect(branch + " of " + fork.fullName() + " merged with upstream", sha);
    }

    private static Answer merged(String message, String type, String base) {
        return Answer.ok(GitHubJson.object()
                .put("message", message)
                .put("merge_type", type)
                .put("base_branch", base));
    }

    private Answer compare(Caller caller, Call call, Parameters path) {
        Repository repository = access.notEmpty(access.readable(caller, path));
        String[] names = path.get("basehead").split("\\.\\.\\.", 2);
        if (names.length < 2) {
            throw Errors.notFound();
        }
        String base = commit(repository, names[0]);
        String head = commit(repository, names[1]);
        String fork = repositories.mergeBase(repository, base, head).orElseThrow(Errors::notFound);
        List<Repositories.NamedCommit> ahead = repositories.between(repository, base, head);
        int behind = repositories.between(repository, head, base).size();
        var json = new GitHubJson(call.base());
        ObjectNode compared = json.comparison(repository, path.get("basehead"));
        compared.set("base_commit", json.commit(repository, base, known(repository, base)));
        compared.set("merge_base_commit", json.commit(repository, fork, known(repository, fork)));
        compared.put("status", status(ahead.size(), behind))
                .put("ahead_by", ahead.size())
                .put("behind_by", behind)
                .put("total_commits", ahead.size());
        ArrayNode commits = compared.putArray("commits");
        // Oldest first, unlike a history.
        for (int i = ahead.size() - 1; i >= 0; i--) {
            commits.add(json.commit(repository, ahead.get(i).sha(), ahead.get(i).commit()));
        }
        ArrayNode files = compared.putArray("files");
        FileTree before = repositories.files(repository, fork);
        FileTree after = repositories.files(repository, head);
        after.files().forEach((file, now) -> {
            FileTree.File was = before.files().get(file);
            if (!now.equals(was)) {
                files.add(json.changedFile(repository, head, file, now.sha(), was == null ? "added" : "modified"));
            }
        });
        before.files().forEach((file, was) -> {
            if (!after.files().containsKey(file)) {
                files.add(json.changedFile(repository, fork, file, was.sha(), "removed"));
            }
        });
        return Answer.ok(compared);
    }

    private static String status(int ahead, int behind) {
        if (ahead > 0 && behind > 0) {
            return "diverged";
        }
        if (ahead == 0 && behind == 0) {
            return "identical";
        }
        return ahead > 0 ? "ahead" : "behind";
    }

    private Answer create(Caller caller, Call call, Parameters path) {
        Repository repository = access.notEmpty(access.changeable(caller, path, "pull_requests"));
        String title = call.text("title").orElseThrow(() -> Errors.missing("title"));
        String base = call.text("base").orElseThrow(() -> Errors.missing("base"));
        String wanted = call.text("head").orElseThrow(() -> Errors.missing("head"));
        String baseSha = repositories.head(repository, base).orElseThrow(() -> invalid("base"));
        Head head = head(repository, wanted).orElseThrow(() -> invalid("head"));
        String headSha = repositories.head(head.repository(), head.branch()).orElseThrow(() -> invalid("head"));
        String label = head.repository().owner() + ":" + head.branch();
        repositories.bring(head.repository(), repository);
        if (repositories.isBehind(repository, headSha, baseSha)) {
            throw unprocessable("No commits between " + repository.owner() + ":" + base + " and " + label);
        }
        if (repositories.mergeBase(repository, baseSha, headSha).isEmpty()) {
            throw unprocessable("The " + label + " branch has no history in common with " + base);
        }
        boolean there = pullsOf(repository).stream()
                .anyMatch(pull -> pull.open()
                        && pull.base().equals(base)
                        && pull.head().equals(head.branch())
                        && pull.headRepositoryId() == head.repository().id());
        if (there) {
            throw unprocessable("A pull request already exists for " + label + ".");
        }
        var now = clock.instant();
        int number = pullsOf(repository).stream().mapToInt(Pull::number).max().orElse(0) + 1;
        var pull = new Pull(
                repository.id(),
                number,
                title,
                call.text("body").orElse(null),
                caller.login(),
                head.repository().id(),
                head.branch(),
                headSha,
                base,
                baseSha,
                true,
                null,
                now,
                now);
        put(pull);
        return Answer.of(201, full(call, repository, pull))
                .effect("pull request of " + repository.fullName() + " opened", number);
    }

    private Answer list(Caller caller, Call call, Parameters path) {
        Repository repository = access.readable(caller, path);
        String state = call.query("state").orElse("open");
        ArrayNode list = GitHubJson.array();
        List<Pull> all = pullsOf(repository);
        for (int i = all.size() - 1; i >= 0; i--) {
            Pull pull = all.get(i);
            boolean stateFits = state.equals("all") || pull.open() == state.equals("open");
            boolean baseFits = call.query("base").map(pull.base()::equals).orElse(true);
            boolean headFits =
                    call.query("head").map(label(pull)::equalsIgnoreCase).orElse(true);
            if (stateFits && baseFits && headFits) {
                list.add(simple(call, repository, pull));
            }
        }
        return GitHub.page(call, list);
    }

    private Answer pull(Caller caller, Call call, Parameters path) {
        Repository repository = access.readable(caller, path);
        return Answer.ok(full(call, repository, known(repository, path)));
    }

    private Answer update(Caller caller, Call call, Parameters path) {
        Repository repository = access.changeable(caller, path, "pull_requests");
        Pull pull = known(repository, path);
        boolean open = call.text("state").map("open"::equals).orElse(pull.open());
        if (open && pull.mergeSha() != null) {
            throw unprocessable("state cannot be changed. The pull request is merged.");
        }
        Pull changed = pull.written(
                call.text("title").orElse(pull.title()), call.text("body").orElse(pull.body()), open, clock.instant());
        put(changed);
        return Answer.ok(full(call, repository, changed))
                .effect("pull request of " + repository.fullName() + " changed", pull.number());
    }

    private Answer merge(Caller caller, Call call, Parameters path) {
        Repository repository = access.changeable(caller, path, "contents");
        Pull pull = known(repository, path);
        String head = headSha(pull);
        if (call.text("sha").filter(sha -> !sha.equals(head)).isPresent()) {
            throw Errors.refusal(409, "Head branch was modified. Review and try the merge again.");
        }
        String base = repositories.head(repository, pull.base()).orElseThrow(Errors::notFound);
        bringHead(repository, pull);
        String message =
                "Merge pull request #" + pull.number() + " from " + label(pull).replace(':', '/');
        String sha = Optional.of(pull)
                .filter(Pull::open)
                .flatMap(open -> mergeCommit(caller, repository, base, head, message))
                .orElseThrow(() -> Errors.refusal(405, "Pull Request is not mergeable"));
        put(pull.merged(head, sha, clock.instant()));
        repositories.push(repository, "heads/" + pull.base(), sha);
        return Answer.ok(GitHubJson.object()
                        .put("sha", sha)
                        .put("merged", true)
                        .put("message", "Pull Request successfully merged"))
                .effect("pull request of " + repository.fullName() + " merged", pull.number());
    }

    /** A commit with both as its parents; empty if they conflict. */
    private Optional<String> mergeCommit(
            Caller caller, Repository repository, String ours, String theirs, String message) {
        return repositories
                .mergeBase(repository, ours, theirs)
                .flatMap(base -> Merge.of(
                        repositories.files(repository, base),
                        repositories.files(repository, ours),
                        repositories.files(repository, theirs)))
                .map(files -> {
                    String tree = files.store(object -> repositories.put(repository, object));
                    var person = new GitObject.Person(
                            caller.login(), Repositories.noReply(caller.login()), Repositories.time(clock.instant()));
                    var commit = new GitObject.Commit(tree, List.of(ours, theirs), person, person, message);
                    return repositories.put(repository, GitObject.commit(commit));
                });
    }

    /** A commit by "branch", or by "owner:branch" of the same network of forks. */
    private String commit(Repository repository, String name) {
        if (name.indexOf(':') < 0) {
            return repositories.resolve(repository, name).orElseThrow(Errors::notFound);
        }
        Head head = head(repository, name).orElseThrow(Errors::notFound);
        repositories.bring(head.repository(), repository);
        return repositories.resolve(head.repository(), head.branch()).orElseThrow(Errors::notFound);
    }

    private Optional<Head> head(Repository repository, String name) {
        int colon = name.indexOf(':');
        if (colon < 0) {
            return Optional.of(new Head(repository, name));
        }
        // "owner:branch", or "owner:repository:branch" in a comparison.
        String owner = name.substring(0, colon);
        String branch = name.substring(name.lastIndexOf(':') + 1);
        return repositories.network(repository).stream()
                .filter(other -> other.owner().equalsIgnoreCase(owner))
                .findFirst()
                .map(other -> new Head(other, branch));
    }

    private void bringHead(Repository repository, Pull pull) {
        repositories.byId(pull.headRepositoryId()).ifPresent(head -> repositories.bring(head, repository));
    }

    private String headSha(Pull pull) {
        return Optional.of(pull)
                .filter(Pull::open)
                .flatMap(open -> repositories.byId(pull.headRepositoryId()))
                .flatMap(head -> repositories.head(head, pull.head()))
                .orElse(pull.headSha());
    }

    private String label(Pull pull) {
        String owner = repositories
                .byId(pull.headRepositoryId())
                .map(Repository::owner)
                .orElse("unknown");
        return owner + ":" + pull.head();
    }

    private ObjectNode simple(Call call, Repository repository, Pull pull) {
        Repository head = repositories.byId(pull.headRepositoryId()).orElse(repository);
        return new GitHubJson(call.base()).pull(repository, pull, head, headSha(pull), label(pull));
    }

    private ObjectNode full(Call call, Repository repository, Pull pull) {
        bringHead(repository, pull);
        String head = headSha(pull);
        String base = repositories.head(repository, pull.base()).orElse(pull.baseSha());
        boolean mergeable = pull.open()
                && repositories
                        .mergeBase(repository, base, head)
                        .flatMap(common -> Merge.of(
                                repositories.files(repository, common),
                                repositories.files(repository, base),
                                repositories.files(repository, head)))
                        .isPresent();
        return new GitHubJson(call.base())
                .mergeState(
                        simple(call, repository, pull),
                        pull,
                        mergeable,
                        repositories.between(repository, pull.baseSha(), head).size());
    }

    private Pull known(Repository repository, Parameters path) {
        return pulls.get(key(repository.id(), path.get("number"))).orElseThrow(Errors::notFound);
    }

    private GitObject.Commit known(Repository repository, String sha) {
        return repositories.commit(repository, sha).orElseThrow();
    }

    private List<Pull> pullsOf(Repository repository) {
        return pulls.values().stream()
                .filter(pull -> pull.repositoryId() == repository.id())
                .toList();
    }

    private void put(Pull pull) {
        pulls.put(key(pull.repositoryId(), String.valueOf(pull.number())), pull);
    }

    private static String key(long repositoryId, String number) {
        return repositoryId + "/" + number;
    }

    private static Refusal invalid(String field) {
        return Errors.invalid("Validation Failed", "PullRequest", field, "invalid", null);
    }

    private static Refusal unprocessable(String message) {
        return Errors.invalid("Validation Failed", "PullRequest", null, "custom", message);
    }
}
