package io.offshoot.executorkit.attempt;

import io.offshoot.contracts.claim.AttemptRef;
import io.offshoot.contracts.claim.ClaimAnswer.Claimed;
import io.offshoot.contracts.claim.ClaimAnswer.Context;
import io.offshoot.contracts.failpoint.Failpoint;
import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.StepCommand;
import io.offshoot.contracts.message.StepResult;
import io.offshoot.contracts.message.Topics;
import io.offshoot.executorkit.action.LeaseLostException;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.lane.Connections;
import io.quarkus.logging.Log;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.MDC;

/** Runs claimed attempts in the pool and reports each once. */
final class Runner {

    private final String source;
    private final String executor;
    private final Performance performance;
    private final Connections connections;
    private final Function<Lease, Turn> turns;
    private final Executor pool;
    private final Reports reports;
    private final Repeat repeat;
    private final Time time;
    private final Supplier<UUID> ids;

    Runner(
            String source,
            String executor,
            Performance performance,
            Connections connections,
            Function<Lease, Turn> turns,
            Executor pool,
            Reports reports,
            Repeat repeat,
            Time time,
            Supplier<UUID> ids) {
        this.source = source;
        this.executor = executor;
        this.performance = performance;
        this.connections = connections;
        this.turns = turns;
        this.pool = pool;
        this.reports = reports;
        this.repeat = repeat;
        this.time = time;
        this.ids = ids;
    }

    /** The stage completes when the attempt is over: its result is with the broker, or it was dropped. Never fails. */
    CompletionStage<Void> run(CloudEvent<StepCommand> command, Claimed claimed, Lease lease) {
        return begin(() -> perform(command, claimed, lease))
                .thenCompose(result -> result == null
                        ? CompletableFuture.<Void>completedFuture(null)
                        : publish(command, result, lease))
                .exceptionally(dropped -> {
                    Log.errorf("An attempt of %s was dropped: %s", claimed.attempt(), dropped);
                    return null;
                });
    }

    private CompletableFuture<byte[]> begin(Supplier<byte[]> work) {
        try {
            return CompletableFuture.supplyAsync(work, pool);
        } catch (RejectedExecutionException e) {
            // The process stops; the next attempt probes.
            return CompletableFuture.failedFuture(e);
        }
    }

    /** @return null if the attempt ends without a result */
    private byte[] perform(CloudEvent<StepCommand> command, Claimed claimed, Lease lease) {
        var attempt = claimed.attempt();
        var context = claimed.context();
        name(attempt, context);
        try {
            var pace = connections.pace(context.connection(), context.hub());
            pace.ifPresent(known -> known.take(context.lane()));
            var ended = result(claimed, turns.apply(lease));
            var result = pace.map(known -> ended.with(known.report())).orElse(ended);
            if (result.failure() != null && result.failure().kind() == FailureClass.CREDENTIAL) {
                connections.entered().ifPresent(entered -> entered.doubt(context.hub(), context.connection()));
            }
            log(result);
            return Messages.write(command.causing(
                    ids.get(),
                    source,
                    Topics.stepKey(attempt.deploymentId(), attempt.appId(), attempt.stepId()),
                    time.now(),
                    result));
        } catch (LeaseLostException e) {
            Log.info("Dropped: the lease is lost");
            return null;
        } finally {
            MDC.clear();
        }
    }

    private StepResult result(Claimed claimed, Turn turn) {
        var attempt = claimed.attempt();
        try {
            Outcome<?> outcome = performance.of(attempt, claimed.context(), turn);
            return outcome.toResult(attempt, claimed.fence(), executor);
        } catch (HandedBackException e) {
            return new StepResult(
                    attempt.deploymentId(),
                    attempt.appId(),
                    attempt.stepId(),
                    attempt.attempt(),
                    attempt.survey(),
                    claimed.fence(),
                    executor,
                    StepResult.Outcome.HANDED_BACK,
                    null,
                    null,
                    null,
                    new StepResult.HandedBack(e.wrote()),
                    null,
                    List.of(),
                    null);
        }
    }

    /** Tried again while the attempt is ours. Published once in any case: its effects are evidence. */
    private CompletionStage<Void> publish(CloudEvent<StepCommand> command, byte[] result, Lease lease) {
        var key = command.data().deploymentId().toString();
        Failpoint.EXECUTOR_BEFORE_RESULT.reached();
        return repeat.untilDone("Publishing a result", () -> reports.result(key, result), lease::isHeld)
                .thenRun(Failpoint.EXECUTOR_AFTER_RESULT::reached);
    }

    private static void name(AttemptRef attempt, Context context) {
        MDC.put("hub", context.hub());
        MDC.put("deploymentId", attempt.deploymentId());
        MDC.put("appId", attempt.appId());
        MDC.put("stepId", attempt.stepId());
        MDC.put("attempt", attempt.attempt());
        MDC.put("action", context.action());
    }

    private static void log(StepResult result) {
        switch (result.outcome()) {
            case DONE -> Log.debug("Done");
            case WAITING ->
                Log.debugf("Waiting, look after %d ms", result.waiting().lookAfterMs());
            case FAILED ->
                Log.infof(
                        "Failed: %s %s",
                        result.failure().kind(), result.failure().code());
            case HANDED_BACK -> Log.info("Handed back");
            case FOUND -> Log.debugf("Found: %d", result.findings().size());
        }
    }
}
