package io.offshoot.executorkit.call;

import io.offshoot.executorkit.action.ProviderException;

/** The one place where a provider's statuses get their meaning. */
@FunctionalInterface
public interface Refusals {

    /**
     * @param answer any answer whose status is not 2xx
     * @param write whether the call may have changed something
     */
    ProviderException of(Answer answer, boolean write);
}
