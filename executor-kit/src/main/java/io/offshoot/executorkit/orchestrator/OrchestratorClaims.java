package io.offshoot.executorkit.orchestrator;

import io.offshoot.contracts.claim.Announcement;
import io.offshoot.contracts.claim.ClaimAnswer;
import io.offshoot.contracts.claim.ClaimRequest;
import io.offshoot.contracts.claim.ConnectionReport;
import io.offshoot.contracts.claim.Heartbeat;
import io.offshoot.executorkit.attempt.Claims;
import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Claims and announcements over HTTP. */
@ApplicationScoped
class OrchestratorClaims implements Claims, Announcements, ConnectionReports {

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

    @Override
    public CompletionStage<Void> announce(Announcement announcement) {
        return orchestrator
                .announce(authorization, announcement)
                .handle((nothing, failure) -> failure == null || isUnknown(failure)
                        ? CompletableFuture.<Void>completedFuture(null)
                        : CompletableFuture.<Void>failedFuture(failure))
                .thenCompose(told -> told);
    }

    @Override
    public CompletionStage<ConnectionReport.News> report(ConnectionReport report) {
        return orchestrator
                .report(authorization, report)
                .handle((news, failure) -> failure == null || isUnknown(failure)
                        ? CompletableFuture.completedFuture(news)
                        : CompletableFuture.<ConnectionReport.News>failedFuture(failure))
                .thenCompose(told -> told);
    }

    private static boolean isUnknown(Throwable failure) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof WebApplicationException refused
                && refused.getResponse().getStatus() == Response.Status.NOT_FOUND.getStatusCode();
    }
}
