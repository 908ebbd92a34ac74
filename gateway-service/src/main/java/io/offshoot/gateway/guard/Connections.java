package io.offshoot.gateway.guard;

import io.offshoot.gateway.limit.LimitsConfig;
import io.quarkus.runtime.Startup;
import jakarta.annotation.PostConstruct;
import jakarta.inject.Singleton;

/** Has every connection guarded, from before the first can come. */
@Singleton
@Startup
class Connections {

    private static final String NETTY_LOOKS_FOR_EXTENSIONS = "io.netty.bootstrap.extensions";

    private final LimitsConfig config;

    Connections(LimitsConfig config) {
        this.config = config;
    }

    @PostConstruct
    void guard() {
        System.setProperty(NETTY_LOOKS_FOR_EXTENSIONS, "serviceload");
        ConnectionGuard.guard(config);
    }
}
