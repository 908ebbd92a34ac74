package io.offshoot.benchmarks.noop;

import io.offshoot.executorkit.lane.Connections;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** There is no account, and so no lane. */
class NoAccounts {

    @Produces
    @Singleton
    Connections none() {
        return Connections.none();
    }
}
