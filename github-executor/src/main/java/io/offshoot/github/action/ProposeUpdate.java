package io.offshoot.github.action;

import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.github.GitHubActions;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Outcome;
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
        var upstreamOwner = input.upstream().substring(0, input.upstream().indexOf('/'));
        if (upstreamOwner.equalsIgnoreCase(github.organization())) {
            return refused(
                    "upstream-in-organization",
                    "%s is in the same organisation: GitHub would take its branch for the fork's own."
                            .formatted(input.upstream()));
        }
        var head = upstreamOwner + ":" + input.upstreamBranch();
        github.repository(input.repository(), input.repositoryId());
        var open = attempt.lookTwice(() -> github.pullRequest(input.repository(), input.branch(), head));
        if (open.isPresent()) {
            return takeUp(attempt, github, open.get());
        }
        var ahead = github.ahead(input.repository(), input.branch(), head);
        if (ahead.isEmpty()) {
            return refused(
                    "no-common-history",
                    "%s has no history in common with %s, or has no such branch: only a fork can be updated by a pull request."
                            .formatted(input.repository(), head));
        }
        if (ahead.get() == 0) {
            return new Outcome.Done<>(
                    new GitHubActions.Update(GitHubActions.UpdateIs.NOT_NEEDED, null, null), List.of());
        }
        attempt.beforeWrite();
        var made = github.createPullRequest(
                input.repository(), input.branch(), head, "Update from " + input.upstream(), body(attempt));
        if (made.isPresent()) {
            return proposed(attempt, github, made.get(), Effect.Verb.CREATED);
        }
        var inTheWay = github.pullRequest(input.repository(), input.branch(), head);
        return inTheWay.isPresent()
                ? takeUp(attempt, github, inTheWay.get())
                : refused(
                        "update-refused",
                        "GitHub does not take a pull request from %s into %s.".formatted(head, input.branch()));
    }

    private static Outcome<GitHubActions.Update> takeUp(
            Attempt<GitHubActions.ProposeUpdate> attempt, GitHub github, GitHub.PullRequest open) {
        var isOurs = open.body() != null && open.body().contains(mark(attempt));
        return proposed(attempt, github, open, isOurs ? Effect.Verb.ADOPTED : Effect.Verb.OBSERVED);
    }

    private static Outcome<GitHubActions.Update> proposed(
            Attempt<GitHubActions.ProposeUpdate> attempt,
            GitHub github,
            GitHub.PullRequest pullRequest,
            Effect.Verb verb) {
        var effect = new Effect(
                attempt.effectKey("update"),
                "pull-request",
                Long.toString(pullRequest.number()),
                attempt.input().repository(),
                github.organization(),
                verb);
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

    private static Outcome<GitHubActions.Update> refused(String code, String message) {
        return new Outcome.Failed<>(new Failure(FailureClass.REFUSED, code, message), List.of());
    }
}
