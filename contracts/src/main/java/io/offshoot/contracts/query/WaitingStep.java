package io.offshoot.contracts.query;

import java.util.UUID;

/** A step that waits for something that a {@link Hint} may be about. */
public record WaitingStep(String hub, UUID deploymentId, String appId, String actionId) {}
