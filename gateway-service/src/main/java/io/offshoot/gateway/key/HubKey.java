package io.offshoot.gateway.key;

import io.offshoot.proof.key.VerifyingKey;
import java.time.Instant;

/**
 * One key in a hub's history.
 *
 * @param predecessor the id of the key that signed for this one; null for one that an owner registered
 * @param retiredAt from then on it signs nothing new, and what it signed before stands; null while it is in use
 * @param revokedAt from then on nothing it signed is believed that is not known to be older; null if it never was
 */
public record HubKey(
        String hub,
        VerifyingKey key,
        String name,
        String predecessor,
        Instant addedAt,
        String addedBy,
        Instant retiredAt,
        Instant revokedAt) {

    public String kid() {
        return key.id();
    }

    /** Who signs with it, as members and the audit name it. */
    public String subject() {
        return subject(kid());
    }

    static String subject(String kid) {
        return "key:" + kid;
    }

    /** Whether what it signs now counts. */
    public boolean isValid() {
        return retiredAt == null && revokedAt == null;
    }

    /** Whether what it signed then counts, if it is known to be signed then. */
    public boolean wasValidAt(Instant time) {
        return !time.isBefore(addedAt) && isAfter(retiredAt, time) && isAfter(revokedAt, time);
    }

    private static boolean isAfter(Instant end, Instant time) {
        return end == null || time.isBefore(end);
    }
}
