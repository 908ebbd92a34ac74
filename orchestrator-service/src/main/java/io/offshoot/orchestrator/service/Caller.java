package io.offshoot.orchestrator.service;

import jakarta.enterprise.context.RequestScoped;

/** The service that makes the current call. */
@RequestScoped
public class Caller {

    private String provider;

    void is(String serviceProvider) {
        this.provider = serviceProvider;
    }

    /** The provider whose attempts it may claim; null if it is no executor. */
    public String provider() {
        return provider;
    }
}
