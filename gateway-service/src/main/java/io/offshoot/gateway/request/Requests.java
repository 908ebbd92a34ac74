package io.offshoot.gateway.request;

import io.offshoot.contracts.failpoint.Failpoint;
import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.GatewayConfig;
import io.offshoot.gateway.intent.Intents;
import io.offshoot.gateway.orchestrator.Orchestrator;
import io.quarkus.logging.Log;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.unchecked.Unchecked;
import io.smallrye.mutiny.unchecked.UncheckedSupplier;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** Takes requests in. */
@Singleton
public class Requests {

    private static final String SOURCE = "/gateway";

    /** As many as there are connections. */
    private static final int DATABASE_THREADS = 4;

    private static final int DATABASE_QUEUE = 500;

    /** What the database may still take when the caller has its answer already, but for this. */
    private static final Duration AFTERWARDS = Duration.ofMillis(300);

    private final Orchestrator orchestrator;
    private final Intents intents;
    private final TriggerTopic topic;
    private final KeyedRequests keyed;
    private final Undecided undecided;
    private final GatewayConfig config;
    private final Clock clock;

    /** Its own, and bounded: a database that hangs holds up requests with a key and nothing else. */
    private final ExecutorService database;

    Requests(
            Orchestrator orchestrator,
            Intents intents,
            TriggerTopic topic,
            KeyedRequests keyed,
            Undecided undecided,
            GatewayConfig config,
            Clock clock) {
        this.orchestrator = orchestrator;
        this.intents = intents;
        this.topic = topic;
        this.keyed = keyed;
        this.undecided = undecided;
        this.config = config;
        this.clock = clock;
        var threads = new ThreadPoolExecutor(
                DATABASE_THREADS,
                DATABASE_THREADS,
                1,
                TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(DATABASE_QUEUE),
                work -> new Thread(work, "database"));
        threads.allowCoreThreadTimeOut(true);
        database = threads;
    }

    @PreDestroy
    void close() {
        database.shutdown();
    }

    /**
     * Publishes a request and answers it: durable from then on. Fails with the problem it would be refused with, before
     * anything is published, or with <code>unavailable</code>: not confirmed, and safe to repeat.
     *
     * <p>A repeat with the same key is the same message and has the same answer. One that was never answered is
     * published again and not checked again: it may have taken effect, and would then be refused for that.
     *
     * @param answer makes the answer to the request of that id; a problem it fails with is an answer too
     */
    public Uni<Response> accept(Asked asked, Function<UUID, Uni<Answer>> answer) {
        return asked.key() == null ? acceptWithoutKey(asked, answer) : acceptWithKey(asked, answer);
    }

    private Uni<Response> acceptWithoutKey(Asked asked, Function<UUID, Uni<Answer>> answer) {
        var id = Messages.newId();
        return inTime(check(asked).chain(() -> publish(asked, id)))
                .chain(() -> answer.apply(id))
                .map(Answer::response);
    }

    private Uni<Response> acceptWithKey(Asked asked, Function<UUID, Uni<Answer>> answer) {
        var hub = asked.by().hub();
        var key = asked.key();
        var ours = new AtomicBoolean();
        return inTime(inDatabase(() -> keyed.find(hub, key, asked.digest()))
                        .chain(known -> known.isPresent()
                                ? Uni.createFrom().item(known.get())
                                : check(asked).chain(() -> inDatabase(() -> keyed.begin(hub, key, asked))))
                        .call(standing -> {
                            if (standing.answer() != null) {
                                return Uni.createFrom().voidItem();
                            }
                            ours.set(true);
                            return publish(asked, standing.messageId());
                        }))
                .onFailure()
                .call(() -> ours.get()
                        ? afterwards(() -> keyed.leave(hub, key))
                        : Uni.createFrom().voidItem())
                .chain(standing -> standing.answer() != null
                        ? Uni.createFrom().item(standing.answer()::replayed)
                        : answer.apply(standing.messageId())
                                .call(given -> afterwards(() -> keyed.answer(hub, key, given))
                                        .invoke(Failpoint.GATEWAY_AFTER_ANSWER::reached))
                                .onFailure()
                                .call(failure -> afterwards(() -> keep(hub, key, failure)))
                                .map(Answer::response));
    }

    /** A refusal is an answer; after any other failure the request is left to a repeat. */
    private void keep(String hub, String key, Throwable failure) throws SQLException {
        if (failure instanceof ProblemException refusal && refusal.problem().status() < 500) {
            keyed.answer(hub, key, Answer.refused(refusal.problem()));
        } else {
            keyed.leave(hub, key);
        }
    }

    private Uni<Void> check(Asked asked) {
        var hub = asked.by().hub();
        return asked.request().args() == null
                ? orchestrator.check(hub, asked.request())
                : intents.allowArguments(hub).chain(() -> orchestrator.check(hub, asked.request()));
    }

    private Uni<Void> publish(Asked asked, UUID id) {
        var request = asked.request();
        var message = CloudEvent.first(
                id,
                SOURCE,
                subject(request),
                clock.instant(),
                asked.by().hub(),
                asked.trace().traceparent(),
                request);
        Failpoint.GATEWAY_BEFORE_PUBLISH.reached();
        return topic.publish(message).invoke(() -> {
            Failpoint.GATEWAY_AFTER_PUBLISH.reached();
            if (request.kind() == DeploymentRequest.Kind.TRIGGER) {
                undecided.accepted(request.deploymentId(), request.appId(), request.actionId(), id);
            }
            Log.infof("Accepted %s of %s as %s", request.kind(), subject(request), id);
        });
    }

    private <T> Uni<T> inTime(Uni<T> work) {
        return work.ifNoItem()
                .after(config.acceptWithin())
                .fail()
                .onFailure(failure -> !(failure instanceof ProblemException))
                .transform(failure -> {
                    Log.warnf("A request is not confirmed: %s", reason(failure));
                    return new ProblemException(
                            ProblemType.UNAVAILABLE, "The request could not be written down in time.");
                });
    }

    private <T> Uni<T> inDatabase(UncheckedSupplier<T> work) {
        return Uni.createFrom().item(Unchecked.supplier(work)).runSubscriptionOn(database);
    }

    private interface Statement {
        void run() throws SQLException;
    }

    /** Nothing depends on it but how soon, and with what, a repeat is answered. */
    private Uni<Void> afterwards(Statement work) {
        return this.<Void>inDatabase(() -> {
                    work.run();
                    return null;
                })
                .ifNoItem()
                .after(AFTERWARDS)
                .fail()
                .onFailure()
                .invoke(failure -> Log.warnf("What became of a request is not kept: %s", reason(failure)))
                .onFailure()
                .recoverWithNull();
    }

    /** What is checked comes wrapped. */
    private static String reason(Throwable failure) {
        var cause = failure.getCause() == null ? failure : failure.getCause();
        return cause.getClass().getSimpleName();
    }

    private static String subject(DeploymentRequest request) {
        return request.appId() == null
                ? request.deploymentId().toString()
                : request.deploymentId() + "/" + request.appId() + "/" + request.actionId();
    }
}
