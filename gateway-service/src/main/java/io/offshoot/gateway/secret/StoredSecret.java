package io.offshoot.gateway.secret;

import io.offshoot.contracts.secret.Sealed;
import java.time.Instant;
import java.util.List;

/**
 * A secret of a hub, as it is kept.
 *
 * @param scope what it was sealed in: <code>hub</code> for a value, <code>vault</code> for the place of one
 * @param version grows when it is set anew, and when it was deleted in between
 * @param copies one for each provider whose executor can open it
 */
public record StoredSecret(String name, String scope, long version, List<Sealed> copies, Instant setAt, String setBy) {

    public StoredSecret {
        copies = List.copyOf(copies);
    }
}
