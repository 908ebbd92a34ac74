package io.offshoot.github.action;

import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.EffectKey;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.github.GitHubActions;
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
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * Looks whether the app's repository can be made, before anything is made. It only reads: any number of deliveries
 * changes nothing. What it finds can change before the other steps come to it; they look for themselves.
 */
@ApplicationScoped
class Preflight implements ActionHandler<GitHubActions.Preflight, GitHubActions.Findings> {

    private static final int READS_WITH_APP = 3;
    private static final int READS_WITH_TOKEN = 4;

    /**
     * @param wrong what keeps the repository from being made
     * @param link where that is mended; null if there is no such page
     * @param isTaken whether a repository has the name already
     */
    private record Seen(Optional<Failure> wrong, URI link, boolean isApp, boolean isTaken) {}

    private final GitHubConnections connections;

    Preflight(GitHubConnections connections) {
        this.connections = connections;
    }

    @Override
    public Action<GitHubActions.Preflight, GitHubActions.Findings> action() {
        return GitHubActions.PREFLIGHT;
    }

    @Override
    public Outcome<GitHubActions.Findings> run(Attempt<GitHubActions.Preflight> attempt) {
        var github = connections.of(attempt);
        var seen = look(attempt, github);
        if (seen.wrong().isPresent()) {
            return new Outcome.Failed<>(seen.wrong().get(), List.of());
        }
        var input = attempt.input();
        var findings = new GitHubActions.Findings(
                github.organization(),
                seen.isApp() ? GitHubActions.Access.APP : GitHubActions.Access.TOKEN,
                seen.isApp() ? List.copyOf(input.rights()) : List.of(),
                input.upstream(),
                seen.isTaken() ? GitHubActions.NameIs.OURS : GitHubActions.NameIs.FREE);
        return new Outcome.Done<>(findings, List.of());
    }

    @Override
    public Finding plan(Attempt<GitHubActions.Preflight> attempt) {
        var seen = look(attempt, connections.of(attempt));
        return seen.wrong()
                .map(failure -> Finding.blocked(failure.code(), failure.message(), Finding.FixedBy.HUB, seen.link()))
                .orElseGet(() -> Finding.of(Finding.Kind.LEAVE, "All is there that the repository needs.")
                        .taking(seen.isApp() ? READS_WITH_APP : READS_WITH_TOKEN, 0));
    }

    @Override
    public Finding observe(Attempt<GitHubActions.Preflight> attempt, Effect resource) {
        return Nothing.toObserve();
    }

    @Override
    public Undone undo(Attempt<GitHubActions.Preflight> attempt, Effect resource, Removal how) {
        return Nothing.toUndo();
    }

    private static Seen look(Attempt<GitHubActions.Preflight> attempt, GitHub github) {
        var input = attempt.input();
        var installed = github.installed();
        var link = installed.map(GitHub.Installed::settings).orElse(null);
        var wrong = installed.isPresent()
                ? Rights.lacking(installed.get(), github.organization(), input.rights())
                        .or(() -> Rights.notCoveringANew(installed.get()))
                : wrongWithToken(github);
        if (wrong.isPresent()) {
            return new Seen(wrong, link, installed.isPresent(), false);
        }
        wrong = Upstream.wrongWith(github, input.source(), input.upstream());
        if (wrong.isPresent()) {
            return new Seen(wrong, null, installed.isPresent(), false);
        }
        var there = github.repository(input.name());
        var key = EffectKey.named(attempt.deploymentId(), attempt.appId(), input.repositoryStep(), "repository");
        var strangers = there.filter(repository -> !RepositoryMark.is(repository, key));
        return new Seen(
                strangers.map(Preflight::taken),
                strangers.map(GitHub.Repository::htmlUrl).orElse(null),
                installed.isPresent(),
                there.isPresent());
    }

    private static Failure taken(GitHub.Repository there) {
        return new Failure(
                FailureClass.REFUSED,
                "name-taken",
                ("There is a repository %s already, and it is not this deployment's. Choose another name, or rename or"
                                + " remove that one.")
                        .formatted(there.fullName()));
    }

    private static Optional<Failure> wrongWithToken(GitHub github) {
        var user = github.user();
        return github.isOrganizationVisible()
                ? Optional.empty()
                : Optional.of(new Failure(
                        FailureClass.REFUSED,
                        "organization-not-visible",
                        ("There is no organisation %s that the token of %s may see. The token's owner must be its member,"
                                        + " and the token must be made for it.")
                                .formatted(github.organization(), user)));
    }
}
