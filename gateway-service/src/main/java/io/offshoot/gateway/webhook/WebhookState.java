package io.offshoot.gateway.webhook;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether a webhook is called. */
enum WebhookState {
    @JsonProperty("active")
    ACTIVE,
    /** Its owner does not want it to be called now; what happens is held. */
    @JsonProperty("paused")
    PAUSED,
    /** The receiver is gone, or has taken nothing for days; what happens is not kept for it. */
    @JsonProperty("disabled")
    DISABLED
}
