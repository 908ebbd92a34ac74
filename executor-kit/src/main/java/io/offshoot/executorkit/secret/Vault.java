package io.offshoot.executorkit.secret;

import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.secret.VaultReference;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.sealing.Secret;

/** Where hubs keep the secrets that they only refer to here. Thread-safe. */
@FunctionalInterface
public interface Vault {

    /**
     * What is there now.
     *
     * @throws ProviderException if it cannot be had; neither the place nor the value is in its message
     */
    Secret read(String hub, VaultReference place);

    /** That of an executor to which no vault was given. */
    static Vault none() {
        return (hub, place) -> {
            throw new ProviderException(
                    FailureClass.CREDENTIAL,
                    "vault-not-set-up",
                    "it is kept in a vault, and this part has none. Whoever runs it has to set one up.");
        };
    }
}
