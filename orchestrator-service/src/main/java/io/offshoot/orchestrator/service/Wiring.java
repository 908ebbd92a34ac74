package io.offshoot.orchestrator.service;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.offshoot.contracts.message.Messages;
import io.offshoot.workflows.Workflows;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** What is handed in rather than reached for. */
class Wiring {

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    @Produces
    @Singleton
    Workflows workflows() {
        return Workflows.OFFERED;
    }

    /** Bodies are written and read exactly as messages are. */
    @Produces
    @Singleton
    ObjectMapper json() {
        return Messages.json();
    }
}
