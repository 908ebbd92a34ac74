package io.offshoot.gateway.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * One event for one webhook.
 *
 * @param id the event's, and the value of <code>webhook-id</code> on every try
 * @param nextTryAt null if none is planned
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(requiredProperties = {"id", "event", "state", "createdAt", "attempts"})
record Delivery(
        UUID id,
        String event,
        UUID deployment,
        DeliveryState state,
        Instant createdAt,
        Instant nextTryAt,
        List<Attempt> attempts) {

    /**
     * One try.
     *
     * @param status what the receiver answered; null if it did not
     * @param failure <code>address</code>, <code>connection</code>, <code>tls</code>, <code>timeout</code>,
     *     <code>redirect</code> or <code>status</code>; null if it was delivered. Nothing of the answer's body is kept
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(
            name = "DeliveryAttempt",
            requiredProperties = {"at", "durationMs"})
    record Attempt(Instant at, long durationMs, Integer status, String failure) {}

    /** @param next the cursor of the following page; null on the last */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(
            name = "DeliveryPage",
            requiredProperties = {"deliveries"})
    record Page(List<Delivery> deliveries, String next) {}

    Delivery with(List<Attempt> attempts) {
        return new Delivery(id, event, deployment, state, createdAt, nextTryAt, attempts);
    }
}
