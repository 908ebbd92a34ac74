package io.offshoot.simulator;

import io.offshoot.contracts.claim.ClaimAnswer;
import io.offshoot.contracts.claim.ClaimRequest;
import io.offshoot.contracts.claim.Heartbeat;
import io.offshoot.contracts.message.Topics;
import io.offshoot.executorkit.action.Handlers;
import io.offshoot.executorkit.attempt.Claims;
import io.offshoot.executorkit.attempt.Delivery;
import io.offshoot.executorkit.attempt.Intake;
import io.offshoot.executorkit.attempt.Reports;
import io.offshoot.executorkit.attempt.Settings;
import io.offshoot.executorkit.attempt.Time;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** One executor process: the real loop of executor-kit; its neighbours are the world's. */
final class ExecutorProcess implements Claims, Reports, Time {

    private static final Validator VALIDATOR =
            Validation.buildDefaultValidatorFactory().getValidator();
    private static final Duration SETTLE = Duration.ofSeconds(1);
    private static final long GRACE = 11_000_000_000L;
    private static final long CALL_TIMEOUT = 5_000_000_000L;

    private final World world;
    private final Life life;
    private final Intake intake;
    private CompletionStage<Void> polled = CompletableFuture.completedFuture(null);

    ExecutorProcess(World world, Life life) {
        this.world = world;
        this.life = life;
        var settings = new Settings(
                life.name(),
                1 + world.dice().upTo(4),
                world.flaw() == Flaw.CALLS_OUTLIVE_LEASES ? Duration.ZERO : Provider.CALL_TIMEOUT,
                SETTLE,
                Optional.empty(),
                Duration.ofMillis(200),
                Duration.ofSeconds(5));
        var handlers = new Handlers(SampleWorkflow.PROVIDER, SampleHandlers.of(world, life));
        this.intake = new Intake(
                settings, handlers, VALIDATOR, this, this, work -> life.after(100_000, work), this, world::newId);
        world.broker().join(Topics.commands(SampleWorkflow.PROVIDER), life, this::take);
        life.onStop(this::stop);
    }

    private void stop() {
        intake.stop();
        world.broker().leave(life);
        var deadline = world.clock().nanos() + GRACE;
        life.endWhen(() -> intake.running() == 0 || world.clock().nanos() >= deadline);
    }

    /** One batch after the other, as the real consumer polls. */
    private void take(List<Broker.Entry> batch, Runnable commit) {
        polled = polled.thenCompose(nothing -> takeNow(batch, commit));
    }

    private CompletionStage<Void> takeNow(List<Broker.Entry> batch, Runnable commit) {
        var deliveries = batch.stream()
                .map(entry -> new Delivery("acme.commands", 0, 0, entry.key(), (byte[]) entry.data()))
                .toList();
        return intake.take(deliveries).thenRun(() -> {
            if (!life.isOver()) {
                life.mayFail("after the claim, before the offset is committed");
                commit.run();
            }
        });
    }

    @Override
    public CompletionStage<ClaimAnswer> claim(ClaimRequest request) {
        return call(orchestrator -> orchestrator.claim(request));
    }

    @Override
    public CompletionStage<Heartbeat.Answer> beat(Heartbeat heartbeat) {
        if (world.dice().strikes(Fault.HEARTBEAT_IS_LOST)) {
            var refused = new CompletableFuture<Heartbeat.Answer>();
            life.after(
                    world.dice().millis(1, 5_000),
                    () -> refused.completeExceptionally(new Unreachable("no orchestrator")));
            return refused;
        }
        return call(orchestrator -> orchestrator.prolong(heartbeat));
    }

    /** A call over a network that loses requests and answers, to an orchestrator that may be gone. */
    private <T> CompletionStage<T> call(Function<Orchestrator, T> work) {
        var answered = new CompletableFuture<T>();
        life.after(
                CALL_TIMEOUT, () -> answered.completeExceptionally(new Unreachable("no answer from the orchestrator")));
        var orchestrator = world.anOrchestrator();
        if (!world.dice().strikes(Fault.CALL_IS_LOST)) {
            orchestrator.life().after(world.dice().millis(1, 10), () -> {
                var answer = work.apply(orchestrator);
                if (!world.dice().strikes(Fault.CALL_IS_LOST)) {
                    life.after(world.dice().millis(1, 10), () -> answered.complete(answer));
                }
            });
        }
        return answered;
    }

    @Override
    public CompletionStage<Void> result(String key, byte[] message) {
        var acknowledged = new CompletableFuture<Void>();
        life.mayFail("before the result is sent");
        if (world.dice().strikes(Fault.SEND_IS_LOST)) {
            world.trace("a result of %s is lost", life.name());
            life.after(1_000_000_000L, () -> acknowledged.completeExceptionally(new Unreachable("no broker")));
            return acknowledged;
        }
        var isAcknowledged = !world.dice().strikes(Fault.SEND_IS_NOT_ACKNOWLEDGED);
        world.clock().after(world.dice().millis(1, 30), () -> {
            world.broker().append(Topics.results(SampleWorkflow.PROVIDER), new Broker.Entry(key, message));
            life.after(world.dice().millis(1, 10), () -> {
                life.mayFail("after the result is sent");
                if (isAcknowledged) {
                    acknowledged.complete(null);
                } else {
                    acknowledged.completeExceptionally(new Unreachable("no acknowledgement"));
                }
            });
        });
        return acknowledged;
    }

    @Override
    public CompletionStage<Void> deadLetter(String key, byte[] message) {
        throw new AssertionError("Every command is readable");
    }

    @Override
    public Instant now() {
        return world.clock().instant();
    }

    @Override
    public long nanos() {
        return world.clock().nanos();
    }

    @Override
    public void after(Duration pause, Runnable task) {
        life.after(pause.toNanos(), task);
    }

    @Override
    public void pause(Duration pause) {
        life.pass(pause.toNanos());
    }

    /** Costs nothing but its name. */
    private static final class Unreachable extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Unreachable(String message) {
            super(message, null, false, false);
        }
    }
}
