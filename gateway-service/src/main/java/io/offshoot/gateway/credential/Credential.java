package io.offshoot.gateway.credential;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;

/**
 * Who calls, and what it may do.
 *
 * @param id names it in the audit; that of a configured credential begins with <code>config:</code>
 * @param name for the record; never a secret
 * @param hub the hub the caller acts for
 * @param scopes narrow the role; null for all that the role may do
 * @param subject who signed in; null if nobody did
 * @param expiresAt it is none any more from then on; null for never
 */
public record Credential(
        String id, String name, String hub, Role role, Set<Permission> scopes, String subject, Instant expiresAt) {

    public Credential {
        scopes = scopes == null ? null : Set.copyOf(scopes);
    }

    /** What the role allows and no scope takes away. */
    public Set<Permission> permissions() {
        if (scopes == null) {
            return role.permissions();
        }
        var both = EnumSet.noneOf(Permission.class);
        both.addAll(role.permissions());
        both.retainAll(scopes);
        return both;
    }

    public boolean may(Permission permission) {
        return role.permissions().contains(permission) && (scopes == null || scopes.contains(permission));
    }

    boolean isExpired(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }
}
