package io.offshoot.github.action;

import io.offshoot.contracts.github.GitHubActions;
import io.offshoot.github.api.GitHub;

/** What later steps are told of a repository. */
final class RepositoryOutput {

    private RepositoryOutput() {}

    static GitHubActions.Repository of(GitHub.Repository repository) {
        return new GitHubActions.Repository(
                repository.id(), repository.fullName(), repository.defaultBranch(), repository.htmlUrl());
    }
}
