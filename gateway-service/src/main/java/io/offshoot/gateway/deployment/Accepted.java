package io.offshoot.gateway.deployment;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.offshoot.contracts.message.PublicStatus;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;

/**
 * The answer to a request that is durable and not yet decided.
 *
 * @param requestId names the request; its outcome stands at the answer's Location
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Accepted(UUID requestId, UUID deploymentId, String appId, String actionId, PublicStatus status, String state) {

    static Response of(UUID request, UUID deployment, String app, String action, String location) {
        return Response.accepted(new Accepted(request, deployment, app, action, PublicStatus.RUNNING, "ACCEPTED"))
                .type(MediaType.APPLICATION_JSON_TYPE)
                // Relative, so that it holds whatever name the gateway is reached by.
                .header(HttpHeaders.LOCATION, location)
                .header(HttpHeaders.RETRY_AFTER, "2")
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }
}
