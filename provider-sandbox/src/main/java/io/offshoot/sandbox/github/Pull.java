package io.offshoot.sandbox.github;

import java.time.Instant;

/**
 * A pull request.
 *
 * @param headRepositoryId where its commits come from: the repository itself or another of its network of forks
 * @param headSha where the head stood when the pull request was made, or merged
 * @param mergeSha the commit that merged it; null while it is not merged
 */
record Pull(
        long repositoryId,
        int number,
        String title,
        String body,
        String author,
        long headRepositoryId,
        String head,
        String headSha,
        String base,
        String baseSha,
        boolean open,
        String mergeSha,
        Instant createdAt,
        Instant updatedAt) {

    Pull written(String newTitle, String newBody, boolean nowOpen, Instant now) {
        return new Pull(
                repositoryId,
                number,
                newTitle,
                newBody,
                author,
                headRepositoryId,
                head,
                headSha,
                base,
                baseSha,
                nowOpen,
                mergeSha,
                createdAt,
                now);
    }

    Pull merged(String lastHeadSha, String sha, Instant now) {
        return new Pull(
                repositoryId,
                number,
                title,
                body,
                author,
                headRepositoryId,
                head,
                lastHeadSha,
                base,
                baseSha,
                false,
                sha,
                createdAt,
                now);
    }
}
