package io.offshoot.gateway.intent;

/** Whether a hub's deployments come with an intent that the hub signed. Each hub has its own. */
public enum IntentPolicy {
    /** None is taken: a signature that nobody looks at would only look like one. */
    OFF,
    /** One that comes is verified, and a deployment may be made without. */
    OPTIONAL,
    /** Nothing is made without one. */
    REQUIRED
}
