package io.offshoot.contracts.claim;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.offshoot.contracts.secret.Sealed;
import java.time.Instant;
import java.util.Objects;

/**
 * An account that a hub has entered itself, as executors are told of it. Only they can open what is sealed.
 *
 * @param name what deployments call it; each hub has names of its own
 * @param account the organisation or team at the provider, as the hub named it
 * @param version grows whenever it is entered anew or removed; only the newest may be used
 * @param sealed its token; null for an installation, and if it was removed
 * @param installation the number of an installation that somebody says is the hub's; null for a token
 * @param askedAt an installation that was last changed before then is not meant; null for a token
 * @param checked whether a provider's answer about this version is known already
 * @param removed whether it may not be used any more
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EnteredConnection(
        String hub,
        String name,
        String account,
        long version,
        Sealed sealed,
        Long installation,
        Instant askedAt,
        boolean checked,
        boolean removed) {

    /** The middle part of what its token is sealed for: <code>hub|connection|provider/name|version</code>. */
    public static final String SCOPE = "connection";

    public EnteredConnection {
        Objects.requireNonNull(hub, "hub");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(account, "account");
    }
}
