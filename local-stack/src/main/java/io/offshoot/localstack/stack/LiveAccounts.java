package io.offshoot.localstack.stack;

import io.offshoot.localstack.StackException;
import java.util.Map;

/**
 * The real accounts of a <code>--live</code> run, from the environment.
 *
 * @param organization the GitHub organisation that repositories are made in
 * @param team the id of the Vercel team that projects are made in
 * @param upstream owner and name of the repository that the apps are copies of
 */
public record LiveAccounts(String githubToken, String organization, String vercelToken, String team, String upstream) {

    /** The variables, in the order of the fields. */
    public static final String GITHUB_TOKEN = "GITHUB_TOKEN";

    public static final String GITHUB_ORGANIZATION = "OFFSHOOT_GITHUB_ORG";
    public static final String VERCEL_TOKEN = "VERCEL_TOKEN";
    public static final String VERCEL_TEAM = "OFFSHOOT_VERCEL_TEAM";
    public static final String UPSTREAM = "OFFSHOOT_UPSTREAM";

    /** @throws StackException naming the first variable that is missing */
    public static LiveAccounts from(Map<String, String> environment) throws StackException {
        return new LiveAccounts(
                required(environment, GITHUB_TOKEN),
                required(environment, GITHUB_ORGANIZATION),
                required(environment, VERCEL_TOKEN),
                required(environment, VERCEL_TEAM),
                required(environment, UPSTREAM));
    }

    private static String required(Map<String, String> environment, String variable) throws StackException {
        var value = environment.get(variable);
        if (value == null || value.isBlank()) {
            throw new StackException("--live needs the environment variable %s.".formatted(variable));
        }
        return value;
    }

    /** Without the tokens. */
    @Override
    public String toString() {
        return "LiveAccounts[organization=%s, team=%s, upstream=%s]".formatted(organization, team, upstream);
    }
}
