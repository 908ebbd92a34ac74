package io.offshoot.sandbox.github;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.List;

/**
 * A repository, without its refs and objects.
 *
 * @param templateId the repository it was generated from, if it was
 * @param parentId the repository it was forked from, if it was
 * @param refsFrom from when on its refs can be seen
 * @param filesFrom from when on its files can be seen, a little later than its refs
 */
public record Repository(
        long id,
        String owner,
        String name,
        String description,
        String homepage,
        boolean isPrivate,
        boolean isTemplate,
        boolean isArchived,
        String defaultBranch,
        List<String> topics,
        Long templateId,
        Long parentId,
        Instant createdAt,
        Instant updatedAt,
        Instant pushedAt,
        Instant refsFrom,
        Instant filesFrom) {

    public Repository {
        topics = List.copyOf(topics);
    }

    @JsonIgnore
    public String fullName() {
        return owner + "/" + name;
    }

    Repository described(
            String newName,
            String newDescription,
            String newHomepage,
            boolean nowPrivate,
            boolean nowTemplate,
            boolean nowArchived,
            String newDefaultBranch,
            List<String> newTopics,
            Instant now) {
        return new Repository(
                id,
                owner,
                newName,
                newDescription,
                newHomepage,
                nowPrivate,
                nowTemplate,
                nowArchived,
                newDefaultBranch,
                newTopics,
                templateId,
                parentId,
                createdAt,
                now,
                pushedAt,
                refsFrom,
                filesFrom);
    }

    /** The same repository at another owner. */
    Repository of(String newOwner, String newName, Instant now) {
        return new Repository(
                id,
                newOwner,
                newName,
                description,
                homepage,
                isPrivate,
                isTemplate,
                isArchived,
                defaultBranch,
                topics,
                templateId,
                parentId,
                createdAt,
                now,
                pushedAt,
                refsFrom,
                filesFrom);
    }

    Repository withTopics(List<String> newTopics, Instant now) {
        return described(name, description, homepage, isPrivate, isTemplate, isArchived, defaultBranch, newTopics, now);
    }

    Repository pushed(Instant now) {
        return new Repository(
                id,
                owner,
                name,
                description,
                homepage,
                isPrivate,
                isTemplate,
                isArchived,
                defaultBranch,
                topics,
                templateId,
                parentId,
                createdAt,
                now,
                now,
                refsFrom,
                filesFrom);
    }
}
