package io.offshoot.sandbox.control;

/**
 * Switches that the control API turns while the sandbox runs.
 *
 * @param vercelAppInstalled whether Vercel's GitHub App may see the repositories; without it no project can be linked
 * @param githubReadOnly whether GitHub's tokens lack the permission to write
 * @param vercelReadOnly whether Vercel's tokens lack the permission to write
 * @param oneBuildAtATime whether an account's builds wait for each other, as on Vercel's free plan
 * @param githubRateLimit calls an hour and token
 * @param vercelRateLimit calls an hour and token
 * @param timeScale what the providers' real delays are multiplied by
 */
public record Settings(
        boolean vercelAppInstalled,
        boolean githubReadOnly,
        boolean vercelReadOnly,
        boolean oneBuildAtATime,
        int githubRateLimit,
        int vercelRateLimit,
        double timeScale) {

    public static Settings withTimeScale(double timeScale) {
        return new Settings(true, false, false, false, 5000, 20_000, timeScale);
    }

    public java.time.Duration scaled(double seconds) {
        return java.time.Duration.ofMillis(Math.round(seconds * 1000 * timeScale));
    }
}
