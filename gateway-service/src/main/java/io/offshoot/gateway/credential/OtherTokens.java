package io.offshoot.gateway.credential;

import io.smallrye.mutiny.Uni;
import java.util.Optional;

/** Tokens that somebody else gives out, and whose holders are members here. */
public interface OtherTokens {

    /** What the id of such a credential begins with. */
    String MARK = "oidc:";

    /**
     * Whose token it is; empty if it is none that is believed. Fails as <code>unavailable</code> if whoever gave it cannot
     * be asked, and with the problem that its holder should know if he is nobody here.
     *
     * @param hub which of his hubs he acts for; null if he does not say
     */
    Uni<Optional<Credential>> of(String token, String hub);

    /** Whether what was good and has not expired still is: its holder is a member yet. While that cannot be found out, he is. */
    Uni<Boolean> isStillGood(Credential credential);
}
