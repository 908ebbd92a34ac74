package io.offshoot.gateway.credential;

/** What the holder of a credential may do in its hub. */
public enum Role {
    /** Runs the platform: everything. */
    OPERATOR,
    /** Creates and runs deployments. */
    OWNER,
    /** Triggers what an owner has set up, and watches. */
    MEMBER
}
