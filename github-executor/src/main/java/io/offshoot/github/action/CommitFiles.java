package io.offshoot.github.action;

import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.github.GitHubActions;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.action.SettingsDigest;
import io.offshoot.github.api.GitHub;
import io.offshoot.github.connection.GitHubConnections;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;

/**
 * Writes files in one commit on top of a branch.
 *
 * <p>Idempotent by the contents: a branch that holds the files already is left as it is. The branch only ever moves
 * forward, so a late write on an older head is turned down by GitHub.
 */
@ApplicationScoped
class CommitFiles implements ActionHandler<GitHubActions.CommitFiles, GitHubActions.Commit> {

    private static final String TRAILER = "Offshoot-Effect: ";

    /** How often to build anew on a branch that others move at the same time. */
    private static final int BUILDS = 3;

    private final GitHubConnections connections;

    CommitFiles(GitHubConnections connections) {
        this.connections = connections;
    }

    @Override
    public Action<GitHubActions.CommitFiles, GitHubActions.Commit> action() {
        return GitHubActions.COMMIT_FILES;
    }

    @Override
    public Outcome<GitHubActions.Commit> run(Attempt<GitHubActions.CommitFiles> attempt) {
        var github = connections.of(attempt);
        var input = attempt.input();
        var files = input.files().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(file -> GitHub.File.text(file.getKey(), file.getValue()))
                .toList();
        var message = "%s\n\n%s%s".formatted(input.message().strip(), TRAILER, attempt.effectKey("commit"));
        for (int build = 0; build < BUILDS; build++) {
            var head = head(github, input);
            attempt.beforeWrite();
            var tree = github.createTree(input.repository(), head.tree(), files);
            if (tree.equals(head.tree())) {
                return done(
                        attempt,
                        github,
                        head.sha(),
                        isOurs(head, attempt) ? Effect.Verb.ADOPTED : Effect.Verb.OBSERVED);
            }
            attempt.beforeWrite();
            var commit = github.createCommit(input.repository(), message, tree, head.sha());
            attempt.beforeWrite();
            if (github.advance(input.repository(), input.branch(), commit.sha())) {
                return done(attempt, github, commit.sha(), Effect.Verb.CREATED);
            }
        }
        throw new ProviderException(
                FailureClass.RETRYABLE,
                "branch-moves",
                "Others write to the branch %s at the same time.".formatted(input.branch()));
    }

    private static GitHub.Commit head(GitHub github, GitHubActions.CommitFiles input) {
        var sha = github.head(input.repository(), input.branch())
                .orElseThrow(() -> new ProviderException(
                        FailureClass.RETRYABLE,
                        "branch-missing",
                        "The repository has no branch %s yet.".formatted(input.branch())));
        return github.commit(input.repository(), sha);
    }

    private static boolean isOurs(GitHub.Commit head, Attempt<?> attempt) {
        return head.message() != null && head.message().contains(TRAILER + attempt.effectKey("commit"));
    }

    private static Outcome<GitHubActions.Commit> done(
            Attempt<GitHubActions.CommitFiles> attempt, GitHub github, String sha, Effect.Verb verb) {
        var input = attempt.input();
        // What holds the files already, and is not of this step, carries no mark and was given nothing.
        var isOurs = verb != Effect.Verb.OBSERVED;
        var effect = new Effect(
                attempt.effectKey("commit"),
                "commit",
                sha,
                input.repository(),
                github.organization(),
                verb,
                isOurs ? TRAILER + attempt.effectKey("commit") : null,
                isOurs ? SettingsDigest.of(input) : null);
        return new Outcome.Done<>(new GitHubActions.Commit(sha, input.branch()), List.of(effect));
    }
}
