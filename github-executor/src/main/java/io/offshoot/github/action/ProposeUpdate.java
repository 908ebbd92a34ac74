package io.offshoot.github.action;

import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.github.GitHubActions;
import io.offshoot.contracts.github.GitHubActions.Right;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Finding;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.Undone;
import io.offshoot.github.api.GitHub;
import io.offshoot.github.connection.GitHubConnections;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/**
 * Offers a fork what its upstream has since, as a pull request that a person reads and merges.
 *
 * <p>Idempotent by the two branches, between which GitHub allows one open pull request. One that is open does, whoever
 * opened it: with our mark it is taken up as ours, without it is only named.
 */
@ApplicationScoped
class ProposeUpdate implements ActionHandler<GitHubActions.ProposeUpdate, GitHubActions.Update> {

    private static final String KIND = "pull-request";

    /** The repository, its pull requests, and the comparison. */
    private static final int READS = 3;

    /**
     * @param wrong why there can be no update; null if there can
     * @param open the pull request that is open; null if none is
     * @param ahead commits that the upstream has and the branch has not; 0 if that was not asked
     */
    private record Seen(Failure wrong, GitHub.PullRequest open, int ahead) {

        static Seen wrong(String code, String message) {
            return new Seen(refusal(code, message), null, 0);
        }
    }

    private final GitHubConnections connections;

    ProposeUpdate(GitHubConnections connections) {
        this.connections = connections;
    }

    @Override
    public Action<GitHubActions.ProposeUpdate, GitHubActions.Update> action() {
        return GitHubActions.PROPOSE_UPDATE;
    }

    @Override
    public Outcome<GitHubActions.Update> run(Attempt<GitHubActions.ProposeUpdate> attempt) {
        var github = connections.of(attempt);
        var input = attempt.input();
        var seen = look(attempt, github);
        if (seen.wrong() != null) {
            return new Outcome.Failed<>(seen.wrong(), List.of());
        }
        if (seen.open() != null) {
            return takeUp(attempt, github, seen.open());
        }
        if (seen.ahead() == 0) {
            return new Outcome.Done<>(
                    new GitHubActions.Update(GitHubActions.UpdateIs.NOT_NEEDED, null, null), List.of());
        }
        var head = head(input);
        attempt.beforeWrite();
        var made = github.createPullRequest(
                input.repository(), input.branch(), head, "Update from " + input.upstream(), body(attempt));
        if (made.isPresent()) {
            return proposed(attempt, github, made.get(), Effect.Verb.CREATED);
        }
        var inTheWay = github.pullRequest(input.repository(), input.branch(), head);
        return inTheWay.isPresent()
                ? takeUp(attempt, github, inTheWay.get())
                : new Outcome.Failed<>(
                        refusal(
                                "update-refused",
                                "GitHub does not take a pull request from %s into %s.".formatted(head, input.branch())),
                        List.of());
    }

    @Override
    public Finding plan(Attempt<GitHubActions.ProposeUpdate> attempt) {
        if (!attempt.knows("repository", "repositoryId", "branch")) {
            return Finding.of(Finding.Kind.LEAVE, "A fork that is made now has all that its upstream has.")
                    .taking(READS, 0);
        }
        var github = connections.of(attempt);
        var lacking = Rights.lacking(github, Right.PULL_REQUESTS);
        if (lacking.isPresent()) {
            return lacking.get();
        }
        var input = attempt.input();
        var seen = look(attempt, github);
        if (seen.wrong() != null) {
            return Finding.blocked(seen.wrong().code(), seen.wrong().message(), Finding.FixedBy.OPERATOR, null);
        }
        if (seen.open() != null) {
            return Finding.of(
                            isOurs(seen.open(), mark(attempt)) ? Finding.Kind.ADOPT : Finding.Kind.LEAVE,
                            KIND,
                            Long.toString(seen.open().number()),
                            input.repository(),
                            "A pull request with the update is open: %s"
                                    .formatted(seen.open().htmlUrl()))
                    .taking(READS - 1, 0);
        }
        return seen.ahead() == 0
                ? Finding.of(Finding.Kind.LEAVE, KIND, null, input.repository(), "There is nothing to be updated.")
                        .taking(READS, 0)
                : Finding.of(
                                Finding.Kind.CREATE,
                                KIND,
                                null,
                                input.repository(),
                                "Offers %d commits of %s as a pull request.".formatted(seen.ahead(), input.upstream()))
                        .taking(READS, 1);
    }

    @Override
    public Finding observe(Attempt<GitHubActions.ProposeUpdate> attempt, Effect resource) {
        var github = connections.of(attempt);
        var input = attempt.input();
        return InRepository.observe(attempt, github, input.repository(), input.repositoryId(), () -> github.pullRequest(
                        input.repository(), Long.parseLong(resource.id()))
                .map(there -> there.isOpen()
                        ? Finding.of(Finding.Kind.SAME, "The pull request is open.")
                        : Finding.of(
                                Finding.Kind.CHANGED,
                                null,
                                null,
                                null,
                                there.mergedAt() == null
                                        ? "Somebody closed the pull request."
                                        : "Somebody merged the pull request.",
                                List.of(new Finding.Change(
                                        "/state", "open", there.mergedAt() == null ? "closed" : "merged"))))
                .orElseGet(() -> Finding.of(Finding.Kind.MISSING, "The pull request is not there any more.")));
    }

    /** A pull request cannot be deleted: it is closed. */
    @Override
    public Undone undo(Attempt<GitHubActions.ProposeUpdate> attempt, Effect resource, Removal how) {
        var github = connections.of(attempt);
        var number = Long.parseLong(resource.id());
        return InRepository.undo(attempt, github, resource, attempt.input().repositoryId(), there -> {
            var found = github.pullRequest(there.fullName(), number);
            if (found.isEmpty()) {
                return Undone.removed();
            }
            var pullRequest = found.get();
            if (pullRequest.mergedAt() != null) {
                return Undone.left("Somebody merged it: what it brought is the repository's.");
            }
            if (!isOurs(pullRequest, Owned.mark(resource))) {
                return Undone.left("Its text no longer has the mark that it was opened with.");
            }
            if (pullRequest.isOpen()) {
                attempt.beforeWrite();
                github.closePullRequest(there.fullName(), number);
            }
            return Undone.retired();
        });
    }

    private static Seen look(Attempt<GitHubActions.ProposeUpdate> attempt, GitHub github) {
        var input = attempt.input();
        if (owner(input).equalsIgnoreCase(github.organization())) {
            return Seen.wrong(
                    "upstream-in-organization",
                    "%s is in the same organisation: GitHub would take its branch for the fork's own."
                            .formatted(input.upstream()));
        }
        var head = head(input);
        github.repository(input.repository(), input.repositoryId());
        var open = attempt.lookTwice(() -> github.pullRequest(input.repository(), input.branch(), head));
        if (open.isPresent()) {
            return new Seen(null, open.get(), 0);
        }
        return github.ahead(input.repository(), input.branch(), head)
                .map(ahead -> new Seen(null, null, ahead))
                .orElseGet(() -> Seen.wrong(
                        "no-common-history",
                        "%s has no history in common with %s, or has no such branch: only a fork can be updated by a pull request."
                                .formatted(input.repository(), head)));
    }

    private static String owner(GitHubActions.ProposeUpdate input) {
        return input.upstream().substring(0, input.upstream().indexOf('/'));
    }

    private static String head(GitHubActions.ProposeUpdate input) {
        return owner(input) + ":" + input.upstreamBranch();
    }

    private static boolean isOurs(GitHub.PullRequest pullRequest, String mark) {
        return pullRequest.body() != null && pullRequest.body().contains(mark);
    }

    private static Outcome<GitHubActions.Update> takeUp(
            Attempt<GitHubActions.ProposeUpdate> attempt, GitHub github, GitHub.PullRequest open) {
        var isOurs = isOurs(open, mark(attempt));
        return proposed(attempt, github, open, isOurs ? Effect.Verb.ADOPTED : Effect.Verb.OBSERVED);
    }

    private static Outcome<GitHubActions.Update> proposed(
            Attempt<GitHubActions.ProposeUpdate> attempt,
            GitHub github,
            GitHub.PullRequest pullRequest,
            Effect.Verb verb) {
        var effect = new Effect(
                attempt.effectKey("update"),
                KIND,
                Long.toString(pullRequest.number()),
                attempt.input().repository(),
                github.organization(),
                verb,
                verb == Effect.Verb.OBSERVED ? null : mark(attempt),
                null);
        var update =
                new GitHubActions.Update(GitHubActions.UpdateIs.PROPOSED, pullRequest.number(), pullRequest.htmlUrl());
        return new Outcome.Done<>(update, List.of(effect));
    }

    private static String body(Attempt<GitHubActions.ProposeUpdate> attempt) {
        return "Brings what %s has since to %s. Merge it when it suits you; your own changes stay.\n\n%s"
                .formatted(attempt.input().upstream(), attempt.appId(), mark(attempt));
    }

    private static String mark(Attempt<?> attempt) {
        return RepositoryMark.of(attempt.effectKey("update"));
    }

    private static Failure refusal(String code, String message) {
        return new Failure(FailureClass.REFUSED, code, message);
    }
}
