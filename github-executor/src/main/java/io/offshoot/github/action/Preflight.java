package io.offshoot.github.action;

import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.EffectKey;
import io.offshoot.contracts.github.GitHubActions;
import io.offshoot.contracts.github.GitHubActions.Right;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.github.api.GitHub;
import io.offshoot.github.connection.GitHubConnections;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Looks whether the app's repository can be made, before anything is made. It only reads: any number of deliveries
 * changes nothing. What it finds can change before the other steps come to it; they look for themselves.
 */
@ApplicationScoped
class Preflight implements ActionHandler<GitHubActions.Preflight, GitHubActions.Findings> {

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
        var installed = github.installed();
        var wrong = installed.isPresent()
                ? wrongWith(
                        installed.get(), github.organization(), attempt.input().rights())
                : wrongWithToken(github);
        return wrong.or(() -> wrongWithUpstream(github, attempt.input()))
                .<Outcome<GitHubActions.Findings>>map(failure -> new Outcome.Failed<>(failure, List.of()))
                .orElseGet(() -> findings(attempt, github, installed.isPresent()));
    }

    private static Outcome<GitHubActions.Findings> findings(
            Attempt<GitHubActions.Preflight> attempt, GitHub github, boolean isApp) {
        var input = attempt.input();
        var there = github.repository(input.name());
        var key = EffectKey.named(attempt.deploymentId(), attempt.appId(), input.repositoryStep(), "repository");
        if (there.isPresent() && !RepositoryMark.is(there.get(), key)) {
            var taken = refusal(
                    "name-taken",
                    "There is a repository %s already, and it is not this deployment's. Choose another name, or rename or"
                            + " remove that one.",
                    there.get().fullName());
            return new Outcome.Failed<>(taken, List.of());
        }
        var findings = new GitHubActions.Findings(
                github.organization(),
                isApp ? GitHubActions.Access.APP : GitHubActions.Access.TOKEN,
                isApp ? List.copyOf(input.rights()) : List.of(),
                input.upstream(),
                there.isPresent() ? GitHubActions.NameIs.OURS : GitHubActions.NameIs.FREE);
        return new Outcome.Done<>(findings, List.of());
    }

    private static Optional<Failure> wrongWith(GitHub.Installed installed, String organization, List<Right> rights) {
        if (!installed.account().equalsIgnoreCase(organization)) {
            return Optional.of(refusal(
                    "other-organization",
                    "The GitHub App's installation is at %s and not at %s: the connection names the wrong one.",
                    installed.account(),
                    organization));
        }
        var missing = rights.stream()
                .map(Preflight::permission)
                .filter(Predicate.not(name -> isWrite(installed.permissions().get(name))))
                .sorted()
                .collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            return Optional.of(refusal(
                    "permission-missing",
                    "The GitHub App's installation may not write: %s. Give the app these permissions, and accept them for"
                            + " the installation: %s",
                    missing,
                    installed.settings()));
        }
        if (!installed.coversAll()) {
            return Optional.of(refusal(
                    "repository-not-covered",
                    "The GitHub App's installation covers selected repositories only, and a new one would not be among"
                            + " them. Let it cover all repositories: %s",
                    installed.settings()));
        }
        return Optional.empty();
    }

    private static Optional<Failure> wrongWithToken(GitHub github) {
        var user = github.user();
        return github.isOrganizationVisible()
                ? Optional.empty()
                : Optional.of(refusal(
                        "organization-not-visible",
                        "There is no organisation %s that the token of %s may see. The token's owner must be its member,"
                                + " and the token must be made for it.",
                        github.organization(),
                        user));
    }

    private static Optional<Failure> wrongWithUpstream(GitHub github, GitHubActions.Preflight input) {
        var upstream = github.upstream(input.upstream());
        if (upstream.isEmpty()) {
            return Optional.of(refusal(
                    "upstream-not-visible",
                    "There is no repository %s that the connection may see: it may be private, or be called otherwise.",
                    input.upstream()));
        }
        return switch (input.source()) {
            case TEMPLATE ->
                Boolean.TRUE.equals(upstream.get().isTemplate())
                        ? Optional.empty()
                        : Optional.of(refusal(
                                "not-a-template",
                                "%s is no template. Its owner can make it one in its settings; or fork it.",
                                input.upstream()));
            case FORK ->
                Boolean.FALSE.equals(upstream.get().allowForking())
                        ? Optional.of(
                                refusal("forking-forbidden", "The owner of %s does not allow forks.", input.upstream()))
                        : Optional.empty();
        };
    }

    private static boolean isWrite(String level) {
        return "write".equals(level) || "admin".equals(level);
    }

    /** GitHub's name of it; that of variables is missing in its schema and used all the same. */
    private static String permission(Right right) {
        return switch (right) {
            case REPOSITORIES -> "administration";
            case CONTENTS -> "contents";
            case WORKFLOWS -> "workflows";
            case SECRETS -> "secrets";
            case VARIABLES -> "actions_variables";
            case PULL_REQUESTS -> "pull_requests";
        };
    }

    private static Failure refusal(String code, String message, Object... what) {
        return new Failure(FailureClass.REFUSED, code, message.formatted(what));
    }
}
