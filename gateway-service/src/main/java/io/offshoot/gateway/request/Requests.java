package io.offshoot.gateway.request;

import io.offshoot.contracts.failpoint.Failpoint;
import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.GatewayConfig;
import io.offshoot.gateway.credential.Credential;
import io.offshoot.gateway.orchestrator.Orchestrator;
import io.offshoot.gateway.trace.Trace;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.UUID;

/** Takes requests in. */
@Singleton
public class Requests {

    private static final String SOURCE = "/gateway";

    private final Orchestrator orchestrator;
    private final TriggerTopic topic;
    private final KeyedRequests keyed;
    private final Undecided undecided;
    private final GatewayConfig config;
    private final Clock clock;

    Requests(
            Orchestrator orchestrator,
            TriggerTopic topic,
            KeyedRequests keyed,
            Undecided undecided,
            GatewayConfig config,
            Clock clock) {
        this.orchestrator = orchestrator;
        this.topic = topic;
        this.keyed = keyed;
        this.undecided = undecided;
        this.config = config;
        this.clock = clock;
    }

    /**
     * Publishes a request and returns its id: durable from then on. Fails with the problem it would be refused with,
     * before anything is published, or with <code>unavailable</code>: not confirmed, and safe to repeat. A repeat with
     * the same key is the same message.
     *
     * @param key the client's Idempotency-Key; null if it sent none
     */
    public Uni<UUID> accept(Credential by, Trace trace, DeploymentRequest request, String key) {
        var known = keyed.of(by.hub(), key, request);
        if (known.confirmed()) {
            return Uni.createFrom().item(known.id());
        }
        var message = CloudEvent.first(
                known.id(), SOURCE, subject(request), clock.instant(), by.hub(), trace.traceparent(), request);
        return orchestrator
                .check(by.hub(), request)
                .invoke(Failpoint.GATEWAY_BEFORE_PUBLISH::reached)
                .chain(() -> topic.publish(message))
                .invoke(Failpoint.GATEWAY_AFTER_PUBLISH::reached)
                .ifNoItem()
                .after(config.acceptWithin())
                .fail()
                .onFailure(failure -> !(failure instanceof ProblemException))
                .transform(failure -> {
                    Log.warnf(
                            "A request is not confirmed: %s", failure.getClass().getSimpleName());
                    return new ProblemException(
                            ProblemType.UNAVAILABLE, "The request could not be written down in time.");
                })
                .map(done -> {
                    keyed.confirm(by.hub(), key, known);
                    if (request.kind() == DeploymentRequest.Kind.TRIGGER) {
                        undecided.accepted(request.deploymentId(), request.appId(), request.actionId(), known.id());
                    }
                    Log.infof("Accepted %s of %s as %s", request.kind(), subject(request), known.id());
                    return known.id();
                });
    }

    private static String subject(DeploymentRequest request) {
        return request.appId() == null
                ? request.deploymentId().toString()
                : request.deploymentId() + "/" + request.appId() + "/" + request.actionId();
    }
}
