package io.offshoot.contracts.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.intent.SignedIntent;
import io.offshoot.contracts.secret.SealedSecret;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A deployment to be made, as the gateway hands it on. What a client asked for may be null or wrong here: the
 * orchestrator names all problems at once. What the gateway adds, no client can send.
 *
 * @param workflow the workflow's id
 * @param connections provider to the name of the account to use; a provider left out uses the hub's own name. A workflow
 *     that uses two accounts of a provider names the second by its role, as in <code>github-receiver</code>
 * @param config what all apps share; checked against the workflow's schema
 * @param envVars environment variables of every app: text, or <code>{"secret": "NAME"}</code>
 * @param id that it is to have: its secrets are sealed for it; null to have one made
 * @param secrets those that its variables refer to; null for none
 * @param secretsDigest tells whether a repeat of the request has the same values, to nobody but the gateways; null for
 *     none
 * @param intent the hub's signature of all this, which the gateway has verified; null for none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CreateDeployment(
        String workflow,
        Map<String, String> connections,
        ObjectNode config,
        Map<String, JsonNode> envVars,
        List<App> apps,
        UUID id,
        List<SealedSecret> secrets,
        String secretsDigest,
        SignedIntent intent) {

    /** One that no hub has signed. */
    public CreateDeployment(
            String workflow,
            Map<String, String> connections,
            ObjectNode config,
            Map<String, JsonNode> envVars,
            List<App> apps,
            UUID id,
            List<SealedSecret> secrets,
            String secretsDigest) {
        this(workflow, connections, config, envVars, apps, id, secrets, secretsDigest, null);
    }

    /** The same, signed by the hub. */
    public CreateDeployment signed(SignedIntent with) {
        return new CreateDeployment(workflow, connections, config, envVars, apps, id, secrets, secretsDigest, with);
    }

    /** One without secrets. */
    public CreateDeployment(
            String workflow,
            Map<String, String> connections,
            ObjectNode config,
            Map<String, JsonNode> envVars,
            List<App> apps) {
        this(workflow, connections, config, envVars, apps, null, null, null);
    }

    /**
     * @param input checked against the workflow's schema
     * @param envVars of this app; they come before those of the deployment
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record App(String appId, ObjectNode input, Map<String, JsonNode> envVars) {}
}
