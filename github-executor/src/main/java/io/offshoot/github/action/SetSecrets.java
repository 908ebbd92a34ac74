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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        var values = attempt.env();
        var missing = names.stream().filter(Predicate.not(values::containsKey)).toList();
        if (!missing.isEmpty()) {
            return refused("value-missing", "There is no value for: " + String.join(", ", missing), List.of());
        }
        var tooLong = names.stream().filter(name -> isTooLong(name, values)).toList();
        if (!tooLong.isEmpty()) {
            return refused(
                    "value-too-long",
                    "GitHub takes secrets of up to 48 KB. Longer are: " + String.join(", ", tooLong),
                    List.of());
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
                return refused("secret-refused", "GitHub does not take the secret %s.".formatted(name), effects);
            }
            effects.add(effect(attempt, github, name, stored));
        }
        return new Outcome.Done<>(new GitHubActions.Secrets(List.copyOf(names), key.keyId()), effects);
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

    private static Outcome<GitHubActions.Secrets> refused(String code, String message, List<Effect> effects) {
        return new Outcome.Failed<>(new Failure(FailureClass.REFUSED, code, message), effects);
    }
}
