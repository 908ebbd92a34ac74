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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Sets secrets of the app's repository for GitHub Actions.
 *
 * <p>Idempotent: each secret is set or replaced. GitHub never tells a secret, so nothing can be compared, and each run
 * sets them all. Each is sealed with the repository's key; where that was replaced meanwhile it is fetched again once.
 * Names may be shown and values never.
 */
@ApplicationScoped
class SetSecrets implements ActionHandler<GitHubActions.SetSecrets, GitHubActions.Secrets> {

    private static final int LONGEST = 48 * 1024;

    /** The repository, and its key. */
    private static final int READS = 2;

    private final GitHubConnections connections;

    SetSecrets(GitHubConnections connections) {
        this.connections = connections;
    }

    @Override
    public Action<GitHubActions.SetSecrets, GitHubActions.Secrets> action() {
        return GitHubActions.SET_SECRETS;
    }

    @Override
    public Outcome<GitHubActions.Secrets> run(Attempt<GitHubActions.SetSecrets> attempt) {
        var github = connections.of(attempt);
        var repository = attempt.input().repository();
        var names = new TreeSet<>(attempt.input().names());
        var unusable = unusable(names, attempt.env());
        if (unusable.isPresent()) {
            return new Outcome.Failed<>(unusable.get(), List.of());
        }
        github.repository(repository, attempt.input().repositoryId());
        var key = github.secretsKey(repository);
        var effects = new ArrayList<Effect>();
        for (String name : names) {
            var stored = put(attempt, github, key, name);
            if (stored == GitHub.Stored.NOT_TAKEN) {
                var current = github.secretsKey(repository);
                stored = current.equals(key) ? stored : put(attempt, github, current, name);
                key = current;
            }
            if (stored == GitHub.Stored.NOT_TAKEN) {
                var refused = "GitHub does not take the secret %s.".formatted(name);
                return new Outcome.Failed<>(new Failure(FailureClass.REFUSED, "secret-refused", refused), effects);
            }
            effects.add(effect(attempt, github, name, stored));
        }
        return new Outcome.Done<>(new GitHubActions.Secrets(List.copyOf(names), key.keyId()), effects);
    }

    @Override
    public Finding plan(Attempt<GitHubActions.SetSecrets> attempt) {
        var input = attempt.input();
        var names = new TreeSet<>(input.names());
        var unusable = unusable(names, attempt.env());
        if (unusable.isPresent()) {
            return Finding.blocked(unusable.get().code(), unusable.get().message(), Finding.FixedBy.HUB, null);
        }
        if (!attempt.knows("repository", "repositoryId")) {
            return Finding.of(Finding.Kind.CREATE, "secret", null, null, "Sets " + String.join(", ", names) + ".")
                    .taking(READS, names.size());
        }
        var github = connections.of(attempt);
        var lacking = Rights.lacking(github, Right.SECRETS);
        if (lacking.isPresent()) {
            return lacking.get();
        }
        github.repository(input.repository(), input.repositoryId());
        var there = github.secretNames(input.repository());
        var replaced = names.stream().filter(there::contains).toList();
        return Finding.of(
                        replaced.isEmpty() ? Finding.Kind.CREATE : Finding.Kind.CHANGE,
                        "secret",
                        null,
                        input.repository(),
                        replaced.isEmpty()
                                ? "Sets " + String.join(", ", names) + "."
                                : "Sets %s anew. GitHub does not tell whether the values differ."
                                        .formatted(String.join(", ", names)),
                        names.stream()
                                .map(name -> new Finding.Change("/secrets/" + name, null, null))
                                .toList())
                .taking(READS, names.size());
    }

    /** GitHub tells the names, and nothing of the values. */
    @Override
    public Finding observe(Attempt<GitHubActions.SetSecrets> attempt, Effect resource) {
        var github = connections.of(attempt);
        var input = attempt.input();
        return InRepository.observe(
                attempt,
                github,
                input.repository(),
                input.repositoryId(),
                () -> github.secretNames(input.repository()).contains(resource.id())
                        ? Finding.of(Finding.Kind.SAME, "The secret is there. GitHub does not tell its value.")
                        : Finding.of(Finding.Kind.MISSING, "The secret is not there any more."));
    }

    @Override
    public Undone undo(Attempt<GitHubActions.SetSecrets> attempt, Effect resource, Removal how) {
        var github = connections.of(attempt);
        return InRepository.undo(attempt, github, resource, attempt.input().repositoryId(), there -> {
            attempt.beforeWrite();
            github.deleteSecret(there.fullName(), resource.id());
            return Undone.removed();
        });
    }

    /** Why there is no use in asking GitHub. */
    private static Optional<Failure> unusable(Set<String> names, Map<String, String> values) {
        var missing = names.stream().filter(Predicate.not(values::containsKey)).toList();
        if (!missing.isEmpty()) {
            return Optional.of(new Failure(
                    FailureClass.REFUSED, "value-missing", "There is no value for: " + String.join(", ", missing)));
        }
        var tooLong = names.stream().filter(name -> isTooLong(name, values)).toList();
        return tooLong.isEmpty()
                ? Optional.empty()
                : Optional.of(new Failure(
                        FailureClass.REFUSED,
                        "value-too-long",
                        "GitHub takes secrets of up to 48 KB. Longer are: " + String.join(", ", tooLong)));
    }

    private static GitHub.Stored put(
            Attempt<GitHubActions.SetSecrets> attempt, GitHub github, GitHub.SecretsKey key, String name) {
        attempt.beforeWrite();
        return github.putSecret(
                attempt.input().repository(), key, name, attempt.env().get(name));
    }

    private static boolean isTooLong(String name, Map<String, String> values) {
        return values.get(name).getBytes(StandardCharsets.UTF_8).length > LONGEST;
    }

    /** One that was there cannot be known to be ours. */
    private static Effect effect(
            Attempt<GitHubActions.SetSecrets> attempt, GitHub github, String name, GitHub.Stored stored) {
        return new Effect(
                attempt.effectKey("secret/" + name),
                "secret",
                name,
                attempt.input().repository(),
                github.organization(),
                stored == GitHub.Stored.NEW ? Effect.Verb.CREATED : Effect.Verb.OBSERVED);
    }
}
