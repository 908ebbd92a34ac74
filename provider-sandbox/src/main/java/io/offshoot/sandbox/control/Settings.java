package io.offshoot.sandbox.control;

import java.util.Set;

/**
 * Switches that the control API turns while the sandbox runs.
 *
 * @param vercelAppInstalled whether Vercel's GitHub App may see the repositories; without it no project can be linked
 * @param githubReadOnly whether GitHub's tokens lack the permission to write
 * @param githubPermissionsMissing permissions that GitHub's tokens lack, as {@code secrets} or {@code workflows}
 * @param githubAppSuspended whether the GitHub App's installations are suspended
 * @param githubTokenSeconds how long a token of an installation works; never scaled
 * @param githubWriteSpacingMillis how far apart a token's writes must be, or GitHub speaks of its secondary rate limit;
 *     0 for no such limit
 * @param vercelReadOnly whether Vercel's tokens lack the permission to write
 * @param oneBuildAtATime whether an account's builds wait for each other, as on Vercel's free plan
 * @param githubRateLimit calls an hour and token
 * @param vercelRateLimit calls an hour and token
 * @param timeScale what the providers' real delays are multiplied by
 */
public record Settings(
        boolean vercelAppInstalled,
        boolean githubReadOnly,
        Set<String> githubPermissionsMissing,
        boolean githubAppSuspended,
        int githubTokenSeconds,
        int githubWriteSpacingMillis,
        boolean vercelReadOnly,
        boolean oneBuildAtATime,
        int githubRateLimit,
        int vercelRateLimit,
        double timeScale) {

    private static final int HOUR = 3600;

    public Settings {
        // Settings kept by an earlier version name neither.
        githubPermissionsMissing = githubPermissionsMissing == null ? Set.of() : Set.copyOf(githubPermissionsMissing);
        githubTokenSeconds = githubTokenSeconds == 0 ? HOUR : githubTokenSeconds;
    }

    public static Settings withTimeScale(double timeScale) {
        return new Settings(true, false, Set.of(), false, HOUR, 0, false, false, 5000, 20_000, timeScale);
    }

    public java.time.Duration scaled(double seconds) {
        return java.time.Duration.ofMillis(Math.round(seconds * 1000 * timeScale));
    }
}
