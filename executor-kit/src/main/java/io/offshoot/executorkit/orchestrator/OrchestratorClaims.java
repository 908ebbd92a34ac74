package io.offshoot.executorkit.orchestrator;

import io.offshoot.contracts.claim.ClaimAnswer;
import io.offshoot.contracts.claim.ClaimRequest;
import io.offshoot.contracts.claim.Heartbeat;
import io.offshoot.executorkit.attempt.Claims;
import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Claims over HTTP. */
@ApplicationScoped
class OrchestratorClaims implements Claims {

    private final OrchestratorApi orchestrator;
    private final String authorization;

    OrchestratorClaims(OrchestratorConfig config) {
        this.orchestrator = QuarkusRestClientBuilder.newBuilder()
                .baseUri(config.url())
                .connectTimeout(config.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .readTimeout(config.timeout().toMillis(), TimeUnit.MILLISECONDS)
                .followRedirects(false)
                .build(OrchestratorApi.class);
        this.authorization = "Bearer " + config.token();
    }

    @Override
    public CompletionStage<ClaimAnswer> claim(ClaimRequest request) {
        return orchestrator.claim(authorization, request);
    }

    @Override
    public CompletionStage<Heartbeat.Answer> beat(Heartbeat heartbeat) {
        return orchestrator.beat(authorization, heartbeat);
    }
}
