package io.offshoot.orchestrator.query;

import io.offshoot.orchestrator.service.Outage;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready when questions can be answered. It asks one as the gateway would, so that the first caller is not the one who
 * waits until everything is loaded.
 */
@Readiness
@ApplicationScoped
class DatabaseReadiness implements HealthCheck {

    /** No hub's name: hubs begin with a letter or a digit. */
    private static final String NOBODY = "-";

    private final Queries queries;

    DatabaseReadiness(Queries queries) {
        this.queries = queries;
    }

    @Override
    public HealthCheckResponse call() {
        var answer = HealthCheckResponse.named("database");
        try {
            queries.page(NOBODY, null, 1);
            return answer.up().build();
        } catch (RuntimeException e) {
            if (Outage.isOne(e)) {
                return answer.down().build();
            }
            throw e;
        }
    }
}
