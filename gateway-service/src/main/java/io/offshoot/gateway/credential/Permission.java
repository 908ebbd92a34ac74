package io.offshoot.gateway.credential;

/** What one may do in a hub. A {@link Role} is a set of them, and a scope narrows a credential to some of its role's. */
public enum Permission {
    /** See deployments, what they own, and what became of them. */
    WATCH,
    /** Be told of events as they happen. */
    EVENTS,
    /** Trigger actions that an owner has set up, and answer what a person is asked. */
    TRIGGER,
    /** Create, run, cancel, resume and take down. */
    DEPLOY,
    /** Set secrets and connections. Nobody may read one. */
    SECRETS,
    /** Register keys, add members, make API keys, set the hub's policy. */
    KEYS,
    /** Have events sent to addresses. */
    WEBHOOKS,
    /** See who did what. */
    AUDIT,
    /** What is about all hubs. */
    OPERATE
}
