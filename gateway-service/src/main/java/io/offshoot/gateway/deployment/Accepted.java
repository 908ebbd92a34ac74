package io.offshoot.gateway.deployment;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.offshoot.contracts.message.PublicStatus;
import io.offshoot.gateway.request.Answer;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The answer to a request that is durable and not yet decided.
 *
 * @param requestId names the request; its outcome stands at the answer's Location
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(requiredProperties = {"requestId", "deploymentId", "status", "state"})
record Accepted(UUID requestId, UUID deploymentId, String appId, String actionId, PublicStatus status, String state) {

    static Answer of(UUID request, UUID deployment, String app, String action, String location) {
        return Answer.accepted(
                new Accepted(request, deployment, app, action, PublicStatus.RUNNING, "ACCEPTED"), location);
    }
}
