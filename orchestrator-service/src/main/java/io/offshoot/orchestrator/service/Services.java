package io.offshoot.orchestrator.service;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithParentName;
import java.util.Map;
import java.util.Optional;

/** The services that may call this one. */
@ConfigMapping(prefix = "offshoot.services")
public interface Services {

    /** By the service's name. */
    @WithParentName
    Map<String, Service> services();

    interface Service {

        /** SHA-256 of the service's token, in hexadecimal. */
        String tokenSha256();

        /** The provider an executor runs actions of; empty for other services. */
        Optional<String> provider();
    }
}
