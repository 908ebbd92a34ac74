package io.offshoot.sandbox.vercel;

import java.time.Instant;

/**
 * What becomes of a deployment or a domain.
 *
 * @param type as Vercel's webhooks call it
 * @param at when it comes to light, maybe later
 * @param deployment of this deployment, or null
 * @param domain of this domain, or null
 */
record Happening(String type, Instant at, Project project, Deployment deployment, Domain domain) {

    /** Told of everything that happens, or will. */
    interface Listener {

        void happens(Happening happening);

        /** What was told of a deployment and lies in the future will not happen. */
        void willNot(Deployment deployment);
    }
}
