package io.offshoot.orchestrator.service;

import jakarta.enterprise.context.RequestScoped;

/** The service that makes the current call. */
@RequestScoped
public class Caller {

    private String name;
    private String provider;

    void is(String serviceName, String serviceProvider) {
        this.name = serviceName;
        this.provider = serviceProvider;
    }

    public String name() {
        return name;
    }

    /** The provider whose attempts it may claim; null if it is no executor. */
    public String provider() {
        return provider;
    }
}
