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
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * Gives the app's repository its description and topics.
 *
 * <p>Idempotent by reading: what is so already is left as it is. GitHub replaces all topics at once, so those of others
 * are given back with ours. The mark by which the repository is known as ours stays behind the description.
 */
@ApplicationScoped
class MarkRepository implements ActionHandler<GitHubActions.MarkRepository, GitHubActions.Topics> {

    private static final int MOST_TOPICS = 20;

    private static final String KIND = "repository-mark";

    /** The repository, and its topics. */
    private static final int READS = 2;

    /**
     * The repository as it is, and as it is wanted.
     *
     * @param topics those that it has, and ours
     * @param description with the mark behind it
     */
    private record State(GitHub.Repository there, List<String> topicsThere, List<String> topics, String description) {

        boolean hasTopics() {
            return topics.equals(topicsThere);
        }

        boolean isDescribed() {
            return description.equals(there.description());
        }

        /** One for each call that it takes. */
        List<Finding.Change> changes() {
            var changes = new ArrayList<Finding.Change>();
            if (!hasTopics()) {
                changes.add(new Finding.Change("/topics", String.join(", ", topicsThere), String.join(", ", topics)));
            }
            if (!isDescribed()) {
                changes.add(new Finding.Change("/description", there.description(), description));
            }
            return changes;
        }
    }

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
        var state = look(github, input);
        var tooMany = tooMany(state);
        if (tooMany.isPresent()) {
            return new Outcome.Failed<>(tooMany.get(), List.of());
        }
        var verb = Effect.Verb.OBSERVED;
        if (!state.hasTopics()) {
            attempt.beforeWrite();
            github.replaceTopics(input.repository(), state.topics());
            verb = Effect.Verb.CREATED;
        }
        if (!state.isDescribed()) {
            attempt.beforeWrite();
            github.describe(input.repository().substring(input.repository().indexOf('/') + 1), state.description());
            verb = Effect.Verb.CREATED;
        }
        var effect = new Effect(
                attempt.effectKey("mark"),
                KIND,
                Long.toString(state.there().id()),
                state.there().fullName(),
                github.organization(),
                verb);
        return new Outcome.Done<>(new GitHubActions.Topics(state.topics()), List.of(effect));
    }

    @Override
    public Finding plan(Attempt<GitHubActions.MarkRepository> attempt) {
        var input = attempt.input();
        if (!attempt.knows("repository", "repositoryId")) {
            return Finding.of(Finding.Kind.CREATE, KIND, null, null, "Sets description and topics.")
                    .taking(READS, 2);
        }
        var github = connections.of(attempt);
        var lacking = Rights.lacking(github, Right.REPOSITORIES);
        if (lacking.isPresent()) {
            return lacking.get();
        }
        var state = look(github, input);
        var tooMany = tooMany(state);
        if (tooMany.isPresent()) {
            return Finding.blocked(
                    tooMany.get().code(),
                    tooMany.get().message(),
                    Finding.FixedBy.HUB,
                    state.there().htmlUrl());
        }
        var id = Long.toString(state.there().id());
        var changes = state.changes();
        return changes.isEmpty()
                ? Finding.of(Finding.Kind.LEAVE, KIND, id, input.repository(), "Description and topics are as wanted.")
                        .taking(READS, 0)
                : Finding.of(Finding.Kind.CHANGE, KIND, id, input.repository(), "Sets description and topics.", changes)
                        .taking(READS, changes.size());
    }

    /** Topics that others added are no difference; one of ours that is missing is. */
    @Override
    public Finding observe(Attempt<GitHubActions.MarkRepository> attempt, Effect resource) {
        var github = connections.of(attempt);
        var input = attempt.input();
        return InRepository.observe(attempt, github, input.repository(), input.repositoryId(), () -> {
            var changes = look(github, input).changes().stream()
                    .map(change -> new Finding.Change(change.pointer(), change.to(), change.from()))
                    .toList();
            return changes.isEmpty()
                    ? Finding.of(Finding.Kind.SAME, "Description and topics are as we left them.")
                    : Finding.of(
                            Finding.Kind.CHANGED,
                            null,
                            null,
                            null,
                            "Somebody changed the description or the topics.",
                            changes);
        });
    }

    @Override
    public Undone undo(Attempt<GitHubActions.MarkRepository> attempt, Effect resource, Removal how) {
        return Undone.left("Description and topics are the repository's, and go with it.");
    }

    private static State look(GitHub github, GitHubActions.MarkRepository input) {
        var there = github.repository(input.repository(), input.repositoryId());
        var topicsThere = github.topics(input.repository());
        var wanted = new LinkedHashSet<>(topicsThere);
        wanted.addAll(input.topics());
        var description = RepositoryMark.on(there)
                .map(mark -> "%s · %s".formatted(input.description(), mark))
                .orElse(input.description());
        return new State(there, topicsThere, List.copyOf(wanted), description);
    }

    private static Optional<Failure> tooMany(State state) {
        return state.topics().size() <= MOST_TOPICS
                ? Optional.empty()
                : Optional.of(new Failure(
                        FailureClass.REFUSED,
                        "too-many-topics",
                        "GitHub allows 20 topics; with those that others gave it the repository would have %d."
                                .formatted(state.topics().size())));
    }
}
