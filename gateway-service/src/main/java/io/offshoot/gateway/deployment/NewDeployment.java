package io.offshoot.gateway.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.query.CreateDeployment;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What a client asks for when it creates a deployment. Its secrets are here in clear: it is never stored, sent on, or
 * printed.
 *
 * @param envVars of every app: text, or <code>{"secret": "NAME"}</code>
 * @param secrets by name: the value, or <code>{"generate": 32}</code> for that many random bytes
 * @param intent the hub's signature of all this; null for none
 */
@Schema(name = "NewDeployment")
public record NewDeployment(
        @Schema(description = "The workflow's id", required = true)
        String workflow,

        @Schema(
                description =
                        "Provider to the name of the account to use; a provider left out uses the hub's own name. "
                                + "A workflow that uses two accounts of a provider names the second by its role, as in "
                                + "github-receiver")
        Map<String, String> connections,

        @Schema(description = "What all apps share; the workflow's schema says what there is")
        ObjectNode config,

        @Schema(description = "Environment variables of every app: text, or {\"secret\": \"NAME\"}")
        Map<String, JsonNode> envVars,

        @Schema(required = true) List<App> apps,

        @Schema(
                description =
                        "Secrets of this deployment, by name: the value, or {\"generate\": 32} for that many random "
                                + "bytes in base64url. They come before the hub's secrets of the same name. Nobody can read them again")
        Map<String, JsonNode> secrets,

        @Schema(description = "The hub's signature of what is asked for")
        ObjectNode intent) {

    /** @param envVars of this app; they come before those of the deployment */
    @Schema(name = "NewApp")
    public record App(
            @Schema(required = true) String appId,

            @Schema(description = "The workflow's schema says what there is")
            ObjectNode input,

            @Schema(
                    description =
                            "Environment variables of this app: text, or {\"secret\": \"NAME\"}. They come before "
                                    + "those of the deployment")
            Map<String, JsonNode> envVars) {}

    /** What the orchestrator is told of it but for its secrets, which no field of it can carry in clear. */
    CreateDeployment withoutSecrets() {
        return new CreateDeployment(
                workflow,
                connections,
                config,
                envVars,
                apps == null
                        ? null
                        : apps.stream()
                                .map(app -> app == null
                                        ? null
                                        : new CreateDeployment.App(app.appId(), app.input(), app.envVars()))
                                .toList());
    }

    @Override
    public String toString() {
        return "NewDeployment[workflow=%s]".formatted(workflow);
    }
}
