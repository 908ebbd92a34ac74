package io.offshoot.gateway.webhook;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How far a delivery has come. */
enum DeliveryState {
    /** To be tried, or to be tried again. */
    @JsonProperty("pending")
    PENDING,
    /** Its webhook is paused. */
    @JsonProperty("held")
    HELD,
    /** The receiver answered with a status of success. */
    @JsonProperty("delivered")
    DELIVERED,
    /** Not tried any more, but by hand. */
    @JsonProperty("failed")
    FAILED
}
