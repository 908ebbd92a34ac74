package io.offshoot.github.action;

import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.github.GitHubActions;
import io.offshoot.contracts.github.GitHubActions.Right;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Finding;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.executorkit.action.SettingsDigest;
import io.offshoot.executorkit.action.Undone;
import io.offshoot.github.api.GitHub;
import io.offshoot.github.connection.GitHubConnections;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
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

    /** The branch and its head; the tree, the commit and the branch. */
    private static final int READS = 2;

    private static final int WRITES = 3;

    private static final String WORKFLOWS = ".github/workflows/";

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
        var files = files(input);
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

    @Override
    public Finding plan(Attempt<GitHubActions.CommitFiles> attempt) {
        var input = attempt.input();
        if (!attempt.knows("repository", "branch")) {
            return commit(
                    Finding.Kind.CREATE,
                    null,
                    "Writes %d files in one commit.".formatted(files(input).size()));
        }
        var github = connections.of(attempt);
        var isWorkflow = input.files().keySet().stream().anyMatch(path -> path.startsWith(WORKFLOWS));
        var lacking = isWorkflow
                ? Rights.lacking(github, Right.CONTENTS, Right.WORKFLOWS)
                : Rights.lacking(github, Right.CONTENTS);
        if (lacking.isPresent()) {
            return lacking.get();
        }
        var head = head(github, input);
        if (!attempt.knows("files")) {
            return commit(Finding.Kind.CHANGE, input, "Writes files whose text comes with the run, in one commit.");
        }
        var changes = new ArrayList<Finding.Change>();
        for (GitHub.File file : files(input)) {
            var there = github.blob(input.repository(), input.branch(), file.path());
            if (there.filter(file.blob()::equals).isEmpty()) {
                changes.add(new Finding.Change("/files/" + file.path(), there.orElse(null), file.blob()));
            }
        }
        if (!changes.isEmpty()) {
            return Finding.of(
                            Finding.Kind.CHANGE,
                            "commit",
                            null,
                            input.repository(),
                            "Writes %d files in one commit on %s.".formatted(changes.size(), input.branch()),
                            changes)
                    .taking(READS, WRITES);
        }
        // That nothing differs GitHub tells a run by the tree that it makes.
        return Finding.of(
                        isOurs(head, attempt) ? Finding.Kind.ADOPT : Finding.Kind.LEAVE,
                        "commit",
                        head.sha(),
                        input.repository(),
                        "The branch %s has the files already.".formatted(input.branch()))
                .taking(READS, 1);
    }

    /** A commit is never ours to change: people go on from it. It is there as long as its branch has it. */
    @Override
    public Finding observe(Attempt<GitHubActions.CommitFiles> attempt, Effect resource) {
        var branch = attempt.input().branch();
        if (!attempt.knows("branch")) {
            return Finding.unread(
                    "not-foreseeable", "Which branch it is on is known only when the steps before it ran again.");
        }
        return connections.of(attempt).contains(resource.name(), branch, resource.id())
                ? Finding.of(Finding.Kind.SAME, "The branch %s has the commit.".formatted(branch))
                : Finding.of(
                        Finding.Kind.MISSING,
                        "The branch %s no longer has the commit: its history was rewritten, or it is gone."
                                .formatted(branch));
    }

    @Override
    public Undone undo(Attempt<GitHubActions.CommitFiles> attempt, Effect resource, Removal how) {
        return Undone.left("A commit is part of its repository's history, and goes with the repository.");
    }

    private static Finding commit(Finding.Kind kind, GitHubActions.CommitFiles known, String message) {
        return Finding.of(kind, "commit", null, known == null ? null : known.repository(), message)
                .taking(READS, WRITES);
    }

    private static List<GitHub.File> files(GitHubActions.CommitFiles input) {
        return input.files().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(file -> GitHub.File.text(file.getKey(), file.getValue()))
                .toList();
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
