package io.offshoot.gateway.hub;

import java.time.Instant;

/** @param createdBy the id of the credential that made it */
record Hub(String id, String name, IntentPolicy intents, Instant createdAt, String createdBy) {}
