package io.offshoot.gateway.hook;

import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.query.WaitingStep;
import io.offshoot.gateway.orchestrator.Orchestrator;
import io.offshoot.gateway.request.Requests;
import io.offshoot.gateway.trace.Trace;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.concurrent.Semaphore;

/**
 * Has those looked at soon who wait for what a provider tells about. Nothing depends on it: whatever is lost here is
 * looked at in its own time. What arrives twice, or in a burst, makes no more looks than one.
 */
@Singleton
class Hints {

    /** More at once are let go. */
    private static final int AT_ONCE = 100;

    private final SeenHooks seen;
    private final Orchestrator orchestrator;
    private final Requests requests;
    private final Semaphore room = new Semaphore(AT_ONCE);

    Hints(SeenHooks seen, Orchestrator orchestrator, Requests requests) {
        this.seen = seen;
        this.orchestrator = orchestrator;
        this.requests = requests;
    }

    /** Goes on when the provider has its answer already. */
    void pass(ProviderNews news, Trace trace) {
        if (!room.tryAcquire()) {
            Log.warn("Too many hints at once; one is let go");
            return;
        }
        var provider = news.hint().provider();
        seen.isFirst(provider, news.id())
                .chain(first -> first ? tell(news, trace) : Uni.createFrom().voidItem())
                .onTermination()
                .invoke(room::release)
                .subscribe()
                .with(done -> {}, failure -> Log.warnf("A hint of %s is lost: %s", provider, failure.getMessage()));
    }

    private Uni<Void> tell(ProviderNews news, Trace trace) {
        return orchestrator
                .concerned(news.hint())
                .onItem()
                .transformToMulti(steps -> Multi.createFrom().iterable(steps))
                .onItem()
                .call(step -> requests.tell(step.hub(), hint(step, news.hint().provider()), trace))
                .collect()
                .asList()
                .invoke(steps ->
                        Log.debugf("A hint of %s concerns %d steps", news.hint().provider(), steps.size()))
                .onFailure()
                .call(failure -> seen.forget(news.hint().provider(), news.id()))
                .replaceWithVoid();
    }

    private static DeploymentRequest hint(WaitingStep step, String provider) {
        return new DeploymentRequest(
                DeploymentRequest.Kind.HINT, step.deploymentId(), step.appId(), step.actionId(), null, provider);
    }
}
