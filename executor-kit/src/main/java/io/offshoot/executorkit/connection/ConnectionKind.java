package io.offshoot.executorkit.connection;

import io.offshoot.contracts.claim.EnteredConnection;
import io.offshoot.executorkit.action.ProviderException;
import io.offshoot.sealing.Secret;

/**
 * What an executor brings so that hubs can enter accounts at its provider by themselves.
 *
 * @param <C> what its actions are given of an account
 */
public interface ConnectionKind<C extends Credentialed> {

    /**
     * Makes a connection of what a hub has entered. Makes no call.
     *
     * @param token opened for this; null for an installation
     * @throws RefusedConnectionException if none can be made of it
     */
    C make(EnteredConnection entered, Secret token);

    /**
     * Looks at the provider whether the connection is of use, by reading alone.
     *
     * @throws RefusedConnectionException if the provider says that it is not
     * @throws ProviderException if that cannot be said now
     */
    void check(C connection);
}
