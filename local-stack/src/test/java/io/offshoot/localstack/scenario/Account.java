package io.offshoot.localstack.scenario;

import io.offshoot.contracts.message.Messages;
import io.offshoot.localstack.sandbox.SandboxControl;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;

/**
 * An organisation at GitHub and a team at Vercel beside the example's, with tokens of their own.
 *
 * @param connection what the executors call it
 * @param hub whose it is
 */
record Account(
        String connection, String hub, String organization, String team, String gitHubToken, String vercelToken) {

    static Account of(String connection, String hub, String organization, String team) {
        return new Account(connection, hub, organization, team, "ghs_" + UUID.randomUUID(), "vcs_" + UUID.randomUUID());
    }

    /** The connection as the GitHub executor is given it. */
    Map<String, String> gitHubSettings() {
        var prefix = "offshoot.github.connections." + connection;
        return Map.of(
                prefix + ".hub", hub,
                prefix + ".organization", organization,
                prefix + ".token", gitHubToken);
    }

    /** The connection as the Vercel executor is given it. */
    Map<String, String> vercelSettings() {
        var prefix = "offshoot.vercel.connections." + connection;
        return Map.of(
                prefix + ".hub", hub,
                prefix + ".team-id", team,
                prefix + ".token", vercelToken);
    }

    /** Opens it at the sandbox. */
    void openAt(SandboxControl sandbox) throws IOException, InterruptedException {
        sandbox.post(
                "/accounts",
                Messages.json()
                        .createObjectNode()
                        .put("organization", organization)
                        .put("githubToken", gitHubToken)
                        .put("teamId", team)
                        .put("teamSlug", connection)
                        .put("vercelToken", vercelToken));
    }
}
