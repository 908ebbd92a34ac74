package io.offshoot.github.action;

import io.offshoot.contracts.github.GitHubActions.Right;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Finding;
import io.offshoot.github.api.GitHub;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What a GitHub App's installation may do. What a personal token may, GitHub does not tell: nobody is asked then. */
final class Rights {

    private Rights() {}

    /** What a plan is told where a run would lack one of these rights. */
    static Optional<Finding> lacking(GitHub github, Right... rights) {
        return github.installed().flatMap(installed -> lacking(installed, github.organization(), List.of(rights))
                .map(failure -> blocked(failure, installed)));
    }

    /** The same, where a run would make a repository. */
    static Optional<Finding> lackingForANew(GitHub github) {
        return github.installed()
                .flatMap(installed -> lacking(installed, github.organization(), List.of(Right.REPOSITORIES))
                        .or(() -> notCoveringANew(installed))
                        .map(failure -> blocked(failure, installed)));
    }

    static Optional<Failure> lacking(GitHub.Installed installed, String organization, List<Right> rights) {
        if (!installed.account().equalsIgnoreCase(organization)) {
            return Optional.of(refusal(
                    "other-organization",
                    "The GitHub App's installation is at %s and not at %s: the connection names the wrong one.",
                    installed.account(),
                    organization));
        }
        var missing = rights.stream()
                .map(Rights::permission)
                .filter(Predicate.not(name -> isWrite(installed.permissions().get(name))))
                .sorted()
                .collect(Collectors.joining(", "));
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(refusal(
                        "permission-missing",
                        "The GitHub App's installation may not write: %s. Give the app these permissions, and accept them"
                                + " for the installation: %s",
                        missing,
                        installed.settings()));
    }

    static Optional<Failure> notCoveringANew(GitHub.Installed installed) {
        return installed.coversAll()
                ? Optional.empty()
                : Optional.of(refusal(
                        "repository-not-covered",
                        "The GitHub App's installation covers selected repositories only, and a new one would not be among"
                                + " them. Let it cover all repositories: %s",
                        installed.settings()));
    }

    private static Finding blocked(Failure failure, GitHub.Installed installed) {
        return Finding.blocked(failure.code(), failure.message(), Finding.FixedBy.HUB, installed.settings());
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
