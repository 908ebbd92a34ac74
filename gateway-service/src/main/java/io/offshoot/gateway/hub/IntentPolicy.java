package io.offshoot.gateway.hub;

/** Whether a hub's deployments must come with an intent that the hub signed; each is stricter than those before it. */
public enum IntentPolicy {
    /** None is looked at. */
    OFF,
    /** One that is sent must be right. */
    OPTIONAL,
    /** Nothing is deployed without one. */
    REQUIRED
}
