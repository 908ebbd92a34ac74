package io.offshoot.github.api;

import io.offshoot.executorkit.action.ProviderException;
import java.util.Optional;

/** What a connection shows GitHub. Never prints what it shows. */
interface Credential {

    /** The token to show, if there is one that needs no call. */
    Optional<String> atHand();

    /** The token to show. May take the time of a call. */
    String token();

    /** GitHub does not accept that token any more. True if another can be had. */
    boolean drop(String refused);

    /** The app's installation; empty for a personal token. */
    Optional<GitHub.Installed> installed();

    /** A refusal in the words of this kind of credential. */
    ProviderException explain(ProviderException refusal);

    /** A fine-grained personal token: the same for ever. */
    static Credential fixed(String token) {
        return new Credential() {

            @Override
            public Optional<String> atHand() {
                return Optional.of(token);
            }

            @Override
            public String token() {
                return token;
            }

            @Override
            public boolean drop(String refused) {
                return false;
            }

            @Override
            public Optional<GitHub.Installed> installed() {
                return Optional.empty();
            }

            @Override
            public ProviderException explain(ProviderException refusal) {
                return refusal;
            }
        };
    }
}
