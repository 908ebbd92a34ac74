package io.offshoot.sandbox.vercel;

import java.time.Instant;

/**
 * A domain of a project; it serves nothing until it is verified.
 *
 * @param neverVerified whether the challenge is not seen, whatever is written into the DNS
 */
record Domain(
        String name,
        String apexName,
        String projectId,
        boolean verified,
        String challenge,
        boolean neverVerified,
        Instant createdAt,
        Instant updatedAt) {

    Domain nowVerified(Instant now) {
        return new Domain(name, apexName, projectId, true, challenge, neverVerified, createdAt, now);
    }

    /** The name that has to answer the challenge. */
    String challengeName() {
        return "_vercel." + apexName;
    }
}
