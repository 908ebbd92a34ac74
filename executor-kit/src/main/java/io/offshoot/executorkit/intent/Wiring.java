package io.offshoot.executorkit.intent;

import io.offshoot.workflows.Workflows;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Makes the check of the definitions that are offered and what is configured. */
class Wiring {

    @Produces
    @Singleton
    Intents intents(IntentConfig config) {
        return new Intents(Workflows.OFFERED, Pins.of(config));
    }
}
