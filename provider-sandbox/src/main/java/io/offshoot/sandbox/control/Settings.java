package io.offshoot.sandbox.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Switches that the control API turns while the sandbox runs. All times and windows are at scale 1; a limit of 0 is none.
 *
 * @param vercelAppInstalled whether Vercel's GitHub App may see repositories at all; without it no project can be linked
 * @param vercelAppRepositories the repositories, as {@code owner/name}, that Vercel's GitHub App covers; null for all
 * @param githubReadOnly whether GitHub's tokens lack the permission to write
 * @param githubPermissionsMissing permissions that GitHub's tokens lack, as {@code secrets} or {@code workflows}
 * @param githubAppSuspended whether the GitHub App's installations are suspended
 * @param githubAppRepositories the repositories, as {@code owner/name}, that the App's installations cover; null for all
 * @param githubTokenSeconds how long a token of an installation works; never scaled
 * @param githubRateLimit calls an hour and token
 * @param githubWriteSpacingMillis how far apart a token's writes must be, or GitHub speaks of its secondary rate limit
 * @param githubContentPerMinute calls that make or change content, a minute and token
 * @param githubContentPerHour the same, an hour and token
 * @param githubPointsPerMinute points a minute and token: a read is one, a write five
 * @param githubSecondarySeconds how long GitHub asks to wait when it speaks of its secondary rate limit; at least one
 *     second whatever the scale
 * @param vercelReadOnly whether Vercel's tokens lack the permission to write
 * @param oneBuildAtATime whether an account's builds wait for each other, as on Vercel's free plan
 * @param vercelRateLimit calls an hour and token, of all operations without a limit of their own
 * @param vercelLimits limits of single operations, as {@code POST /v13/deployments}, for each token
 * @param auraRateLimit calls a minute and client
 * @param auraConnectionUrl where every database is said to be, as of a Neo4j that runs here; null for an address of its
 *     own that leads nowhere
 * @param staleReadMillis for how long after a write every second read answers the old state
 * @param timeScale what the providers' real delays are multiplied by
 */
public record Settings(
        boolean vercelAppInstalled,
        Set<String> vercelAppRepositories,
        boolean githubReadOnly,
        Set<String> githubPermissionsMissing,
        boolean githubAppSuspended,
        Set<String> githubAppRepositories,
        int githubTokenSeconds,
        int githubRateLimit,
        int githubWriteSpacingMillis,
        int githubContentPerMinute,
        int githubContentPerHour,
        int githubPointsPerMinute,
        int githubSecondarySeconds,
        boolean vercelReadOnly,
        boolean oneBuildAtATime,
        int vercelRateLimit,
        Map<String, OperationLimit> vercelLimits,
        int auraRateLimit,
        String auraConnectionUrl,
        int staleReadMillis,
        double timeScale) {

    /** So many calls in so many seconds. */
    public record OperationLimit(int calls, int seconds) {

        public OperationLimit {
            if (calls < 1 || seconds < 1) {
                throw new IllegalArgumentException("a limit has calls and seconds");
            }
        }
    }

    private static final int HOUR = 3600;
    private static final int AURA_PER_MINUTE = 125;

    // A switch with a misspelt name is refused, not ignored.
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * What GitHub and Vercel say of themselves: docs.github.com, "Rate limits for the REST API" and "Best practices";
     * vercel.com/docs/limits, of the Pro plan. Vercel publishes no other number that holds for one operation here.
     */
    private static final Map<String, Object> PUBLISHED = Map.of(
            "githubRateLimit", 5000,
            "githubWriteSpacingMillis", 1000,
            "githubContentPerMinute", 80,
            "githubContentPerHour", 500,
            "githubPointsPerMinute", 900,
            "githubSecondarySeconds", 60,
            "vercelLimits", Map.of("POST /v13/deployments", new OperationLimit(6000, 24 * HOUR)));

    public Settings {
        // Settings kept by an earlier version name not all of these.
        githubPermissionsMissing = githubPermissionsMissing == null ? Set.of() : Set.copyOf(githubPermissionsMissing);
        githubTokenSeconds = githubTokenSeconds == 0 ? HOUR : githubTokenSeconds;
        githubSecondarySeconds = Math.max(1, githubSecondarySeconds);
        vercelLimits = vercelLimits == null ? Map.of() : Map.copyOf(vercelLimits);
        auraRateLimit = auraRateLimit == 0 ? AURA_PER_MINUTE : auraRateLimit;
        vercelAppRepositories = names(vercelAppRepositories);
        githubAppRepositories = names(githubAppRepositories);
    }

    public static Settings withTimeScale(double timeScale) {
        return new Settings(
                true, null, false, Set.of(), false, null, HOUR, 5000, 0, 0, 0, 0, 1, false, false, 20_000, Map.of(), 0,
                null, 0, timeScale);
    }

    /**
     * These settings with the named ones changed.
     *
     * @throws IllegalArgumentException if these are no settings
     */
    public Settings with(JsonNode changes) {
        try {
            ObjectNode all = JSON.valueToTree(this);
            changes.properties().forEach(change -> all.set(change.getKey(), change.getValue()));
            return JSON.treeToValue(all, Settings.class);
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException("these are no settings", malformed);
        }
    }

    /** These settings with every limit that the providers publish. */
    public Settings withPublishedLimits() {
        return with(JSON.valueToTree(PUBLISHED));
    }

    public Duration scaled(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1000 * timeScale));
    }

    /** Whether Vercel's GitHub App may see a repository, given as {@code owner/name}. */
    public boolean vercelAppCovers(String repository) {
        return vercelAppInstalled && isIn(vercelAppRepositories, repository);
    }

    /** Whether an installation of the GitHub App covers a repository, given as {@code owner/name}. */
    public boolean githubAppCovers(String repository) {
        return isIn(githubAppRepositories, repository);
    }

    private static boolean isIn(Set<String> names, String repository) {
        return names == null || names.contains(repository.toLowerCase(Locale.ROOT));
    }

    private static Set<String> names(Set<String> given) {
        if (given == null) {
            return null;
        }
        var names = new TreeSet<String>();
        given.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        return names;
    }
}
