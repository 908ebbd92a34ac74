package io.offshoot.github.action;

import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.github.GitHubActions;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.github.connection.GitHubConnections;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Gives the app's repository its description and topics.
 *
 * <p>Idempotent by reading: what is so already is left as it is. GitHub replaces all topics at once, so those of others
 * are given back with ours. The mark by which the repository is known as ours stays behind the description.
 */
@ApplicationScoped
class MarkRepository implements ActionHandler<GitHubActions.MarkRepository, GitHubActions.Topics> {

    private static final int MOST_TOPICS = 20;

    private final GitHubConnections connections;

    MarkRepository(GitHubConnections connections) {
        this.connections = connections;
    }

    @Override
    public Action<GitHubActions.MarkRepository, GitHubActions.Topics> action() {
        return GitHubActions.MARK_REPOSITORY;
    }

    @Override
    public Outcome<GitHubActions.Topics> run(Attempt<GitHubActions.MarkRepository> attempt) {
        var github = connections.of(attempt);
        var input = attempt.input();
        var repository = github.repository(input.repository(), input.repositoryId());
        var there = github.topics(input.repository());
        var wanted = new LinkedHashSet<>(there);
        wanted.addAll(input.topics());
        if (wanted.size() > MOST_TOPICS) {
            return new Outcome.Failed<>(
                    new Failure(
                            FailureClass.REFUSED,
                            "too-many-topics",
                            "GitHub allows 20 topics; with those that others gave it the repository would have %d."
                                    .formatted(wanted.size())),
                    List.of());
        }
        var topics = List.copyOf(wanted);
        var verb = Effect.Verb.OBSERVED;
        if (!topics.equals(there)) {
            attempt.beforeWrite();
            github.replaceTopics(input.repository(), topics);
            verb = Effect.Verb.CREATED;
        }
        var description = RepositoryMark.on(repository)
                .map(mark -> "%s · %s".formatted(input.description(), mark))
                .orElse(input.description());
        if (!description.equals(repository.description())) {
            attempt.beforeWrite();
            github.describe(input.repository().substring(input.repository().indexOf('/') + 1), description);
            verb = Effect.Verb.CREATED;
        }
        var effect = new Effect(
                attempt.effectKey("mark"),
                "repository-mark",
                Long.toString(repository.id()),
                repository.fullName(),
                github.organization(),
                verb);
        return new Outcome.Done<>(new GitHubActions.Topics(topics), List.of(effect));
    }
}
