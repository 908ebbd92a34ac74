package io.offshoot.github.action;

import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.github.GitHubActions;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.message.Instructions;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.Undone;
import io.offshoot.github.api.GitHub;
import io.offshoot.github.connection.GitHubConfig;
import io.offshoot.github.connection.GitHubConnections;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/**
 * Waits, at the new owner, until a repository that was offered to it has arrived, and enters it in the ledger as this
 * account's. It only reads: any number of deliveries changes nothing.
 */
@ApplicationScoped
class AwaitRepository implements ActionHandler<GitHubActions.AwaitRepository, GitHubActions.Repository> {

    private static final String NOT_OURS = "exists-and-is-not-ours";

    private final GitHubConnections connections;
    private final GitHubConfig config;

    AwaitRepository(GitHubConnections connections, GitHubConfig config) {
        this.connections = connections;
        this.config = config;
    }

    @Override
    public Action<GitHubActions.AwaitRepository, GitHubActions.Repository> action() {
        return GitHubActions.AWAIT_REPOSITORY;
    }

    @Override
    public Outcome<GitHubActions.Repository> run(Attempt<GitHubActions.AwaitRepository> attempt) {
        var github = connections.of(attempt);
        var input = attempt.input();
        var arrived = look(github, input);
        if (arrived.isEmpty()) {
            return new Outcome.Waiting<>(config.personLookAfter(), null, instructions(github, input), List.of());
        }
        var there = arrived.get();
        if (!RepositoryMark.isMarked(there, input.mark())) {
            return new Outcome.Failed<>(new Failure(FailureClass.REFUSED, NOT_OURS, notOurs(there)), List.of());
        }
        var effect = new Effect(
                attempt.effectKey("repository"),
                "repository",
                Long.toString(there.id()),
                there.fullName(),
                github.organization(),
                Effect.Verb.ADOPTED,
                input.mark(),
                null);
        return new Outcome.Done<>(RepositoryOutput.of(there), List.of(effect));
    }

    @Override
    public Finding plan(Attempt<GitHubActions.AwaitRepository> attempt) {
        var input = attempt.input();
        var github = connections.of(attempt);
        var wanted = github.organization() + "/" + input.name();
        var lacking = Rights.lacking(github);
        if (lacking.isPresent()) {
            return lacking.get();
        }
        var arrived = attempt.knows("repositoryId", "mark") ? look(github, input) : Optional.<GitHub.Repository>empty();
        if (arrived.isPresent() && !RepositoryMark.isMarked(arrived.get(), input.mark())) {
            return Finding.blocked(
                    NOT_OURS,
                    notOurs(arrived.get()),
                    Finding.FixedBy.HUB,
                    arrived.get().htmlUrl());
        }
        if (arrived.isEmpty() && attempt.knows("name") && github.isTaken(wanted)) {
            return Finding.blocked(
                    "name-taken",
                    "There is a repository %s already: GitHub would not move another to that name.".formatted(wanted),
                    Finding.FixedBy.HUB,
                    null);
        }
        return Finding.of(
                        Finding.Kind.ADOPT,
                        "repository",
                        arrived.map(there -> Long.toString(there.id())).orElse(null),
                        arrived.map(GitHub.Repository::fullName).orElse(wanted),
                        "Takes over the repository when it has arrived.")
                .taking(1, 0);
    }

    @Override
    public Finding observe(Attempt<GitHubActions.AwaitRepository> attempt, Effect resource) {
        return OwnedRepository.observe(connections.of(attempt), resource, null);
    }

    @Override
    public Undone undo(Attempt<GitHubActions.AwaitRepository> attempt, Effect resource, Removal how) {
        return OwnedRepository.undo(attempt, connections.of(attempt), resource, how);
    }

    /** Empty until it is here; elsewhere it may be seen or not. */
    private static Optional<GitHub.Repository> look(GitHub github, GitHubActions.AwaitRepository input) {
        return github.repository(input.repositoryId()).filter(there -> there.isOf(github.organization()));
    }

    private static Instructions instructions(GitHub github, GitHubActions.AwaitRepository input) {
        var what = ("The repository %s has been offered to %s: an owner of it accepts it by the link in GitHub's email,"
                        + " within a day. The deployment then goes on by itself.")
                .formatted(input.name(), github.organization());
        return new Instructions(what, null, List.of());
    }

    private static String notOurs(GitHub.Repository there) {
        return "%s has no longer the mark that it was made with: it is not taken over.".formatted(there.fullName());
    }
}
