package io.offshoot.contracts.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * What a client asks for when it creates a deployment. Everything may be null or wrong here: the orchestrator names
 * all problems at once.
 *
 * @param workflow the workflow's id
 * @param connections provider to the name of the account to use; a provider left out uses the hub's own name. A workflow
 *     that uses two accounts of a provider names the second by its role, as in <code>github-receiver</code>
 * @param config what all apps share; checked against the workflow's schema
 * @param envVars environment variables of every app: text
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CreateDeployment(
        String workflow,
        Map<String, String> connections,
        ObjectNode config,
        Map<String, JsonNode> envVars,
        List<App> apps) {

    /**
     * @param input checked against the workflow's schema
     * @param envVars of this app; they come before those of the deployment
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record App(String appId, ObjectNode input, Map<String, JsonNode> envVars) {}
}
