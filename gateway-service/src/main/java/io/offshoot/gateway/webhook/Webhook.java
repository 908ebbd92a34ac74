package io.offshoot.gateway.webhook;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.offshoot.contracts.message.StepState;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * An address that a hub wants to be told at.
 *
 * @param events such as <code>step.succeeded</code>; null for all
 * @param deployment the one it is about; null for all of the hub's
 * @param reason why it is disabled: <code>gone</code> or <code>failing</code>
 * @param failingSince when the tries began to fail; null if the last one did not
 * @param secret shown when it is made and replaced, and never again
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(requiredProperties = {"id", "url", "state", "createdAt", "createdBy"})
record Webhook(
        UUID id,
        String url,
        String description,
        List<String> events,
        UUID deployment,
        WebhookState state,
        String reason,
        Instant failingSince,
        Instant createdAt,
        String createdBy,
        String secret) {

    @Schema(
            name = "WebhookPage",
            requiredProperties = {"webhooks"})
    record Page(List<Webhook> webhooks) {}

    /** The name of an event that a webhook may ask for. */
    static String event(StepState state) {
        return "step." + state.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static List<String> allEvents() {
        return Arrays.stream(StepState.values()).map(Webhook::event).toList();
    }

    Webhook showing(String secret) {
        return new Webhook(
                id, url, description, events, deployment, state, reason, failingSince, createdAt, createdBy, secret);
    }
}
