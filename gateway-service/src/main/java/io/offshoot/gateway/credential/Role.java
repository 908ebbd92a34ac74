package io.offshoot.gateway.credential;

import static io.offshoot.gateway.credential.Permission.AUDIT;
import static io.offshoot.gateway.credential.Permission.DEPLOY;
import static io.offshoot.gateway.credential.Permission.EVENTS;
import static io.offshoot.gateway.credential.Permission.KEYS;
import static io.offshoot.gateway.credential.Permission.SECRETS;
import static io.offshoot.gateway.credential.Permission.TRIGGER;
import static io.offshoot.gateway.credential.Permission.WATCH;
import static io.offshoot.gateway.credential.Permission.WEBHOOKS;

import java.util.EnumSet;
import java.util.Set;

/** What the holder of a credential may do in its hub. */
public enum Role {
    /** Runs the platform: everything. */
    OPERATOR(EnumSet.allOf(Permission.class)),
    /** Has the whole life cycle of what the hub owns. */
    OWNER(EnumSet.of(WATCH, EVENTS, TRIGGER, DEPLOY, SECRETS, KEYS, WEBHOOKS, AUDIT)),
    /** Triggers what an owner has set up, and watches. */
    MEMBER(EnumSet.of(WATCH, EVENTS, TRIGGER)),
    /** A service that is told of events. */
    SUBSCRIBER(EnumSet.of(EVENTS));

    private final Set<Permission> permissions;

    Role(Set<Permission> permissions) {
        this.permissions = Set.copyOf(permissions);
    }

    public Set<Permission> permissions() {
        return permissions;
    }
}
