package io.offshoot.sandbox.vercel;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** An environment variable of a project for some of its targets. */
record EnvVariable(
        String id,
        String projectId,
        String key,
        String value,
        String type,
        List<String> target,
        String gitBranch,
        String comment,
        Instant createdAt,
        Instant updatedAt) {

    EnvVariable {
        target = List.copyOf(target);
    }

    boolean clashesWith(EnvVariable other) {
        return projectId.equals(other.projectId)
                && key.equals(other.key)
                && Objects.equals(gitBranch, other.gitBranch)
                && target.stream().anyMatch(other.target::contains);
    }

    /** This variable under the identity of the one that it takes the place of. */
    EnvVariable inPlaceOf(EnvVariable old) {
        return new EnvVariable(
                old.id, projectId, key, value, type, target, gitBranch, comment, old.createdAt, updatedAt);
    }
}
