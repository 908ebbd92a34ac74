package io.offshoot.sandbox.vercel;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One build of a project. Its outcome is known when it is made and comes to light as time goes by, so nothing has to
 * run in the background and a restart loses no build.
 *
 * @param git the commit that is built, or null when files were uploaded
 * @param target "production", or null for a preview
 * @param failure why the build fails, or null
 * @param finishedAt when the build ends, or null when it never does
 * @param aliasedAt when the addresses begin to lead to it, or null
 * @param canceledAt when somebody cancels it, or null
 */
record Deployment(
        String id,
        String projectId,
        String accountId,
        String name,
        String url,
        String target,
        String source,
        GitSource git,
        Map<String, String> meta,
        List<String> env,
        String failure,
        List<String> log,
        Instant createdAt,
        Instant initializingAt,
        Instant buildingAt,
        Instant finishedAt,
        Instant aliasedAt,
        Instant canceledAt) {

    enum State {
        QUEUED,
        INITIALIZING,
        BUILDING,
        READY,
        ERROR,
        CANCELED;

        boolean isFinal() {
            return this == READY || this == ERROR || this == CANCELED;
        }
    }

    /** The commit that is built. */
    record GitSource(long repoId, String org, String repo, String ref, String sha) {}

    Deployment {
        meta = Collections.unmodifiableMap(new TreeMap<>(meta));
        env = List.copyOf(env);
        log = List.copyOf(log);
    }

    State stateAt(Instant now) {
        if (canceledAt != null && !now.isBefore(canceledAt)) {
            return State.CANCELED;
        }
        if (now.isBefore(initializingAt)) {
            return State.QUEUED;
        }
        if (now.isBefore(buildingAt)) {
            return State.INITIALIZING;
        }
        if (finishedAt == null || now.isBefore(finishedAt)) {
            return State.BUILDING;
        }
        return failure == null ? State.READY : State.ERROR;
    }

    boolean aliasedBy(Instant now) {
        return stateAt(now) == State.READY && aliasedAt != null && !now.isBefore(aliasedAt);
    }

    Optional<GitSource> commit() {
        return Optional.ofNullable(git);
    }

    @JsonIgnore
    boolean isProduction() {
        return "production".equals(target);
    }

    Deployment canceled(Instant now) {
        return new Deployment(
                id,
                projectId,
                accountId,
                name,
                url,
                target,
                source,
                git,
                meta,
                env,
                failure,
                log,
                createdAt,
                initializingAt,
                buildingAt,
                finishedAt,
                aliasedAt,
                now);
    }

    Deployment movedTo(String newAccountId) {
        return new Deployment(
                id,
                projectId,
                newAccountId,
                name,
                url,
                target,
                source,
                git,
                meta,
                env,
                failure,
                log,
                createdAt,
                initializingAt,
                buildingAt,
                finishedAt,
                aliasedAt,
                canceledAt);
    }
}
