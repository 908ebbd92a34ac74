package io.offshoot.sandbox.vercel;

import java.time.Instant;
import java.util.Map;

/**
 * A project.
 *
 * @param productionHost its own name under vercel.app, which is another than its name when that is taken in the world
 * @param settings the build settings that were given, by their names in the API
 */
record Project(
        String id,
        String accountId,
        String name,
        String productionHost,
        Link link,
        Map<String, String> settings,
        Instant createdAt,
        Instant updatedAt) {

    /** The repository that a project follows. */
    record Link(long repoId, String org, String repo, String productionBranch, Instant createdAt) {}

    Project {
        settings = Map.copyOf(settings);
    }

    Project changed(String newName, Map<String, String> newSettings, Instant now) {
        return new Project(id, accountId, newName, productionHost, link, newSettings, createdAt, now);
    }

    Project movedTo(String newAccountId, String newName, Instant now) {
        return new Project(id, newAccountId, newName, productionHost, link, settings, createdAt, now);
    }
}
