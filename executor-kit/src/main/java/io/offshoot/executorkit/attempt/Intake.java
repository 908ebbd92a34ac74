package io.offshoot.executorkit.attempt;

import io.offshoot.contracts.claim.AttemptRef;
import io.offshoot.contracts.claim.ClaimAnswer;
import io.offshoot.contracts.claim.ClaimAnswer.Claimed;
import io.offshoot.contracts.claim.ClaimRequest;
import io.offshoot.contracts.claim.Heartbeat;
import io.offshoot.contracts.failpoint.Failpoint;
import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.DeadLetter;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.StepCommand;
import io.offshoot.contracts.message.UnreadableMessageException;
import io.offshoot.executorkit.action.Handlers;
import io.offshoot.executorkit.intent.Intents;
import io.offshoot.executorkit.intent.Pins;
import io.offshoot.executorkit.lane.Connections;
import io.offshoot.executorkit.secret.Keyset;
import io.offshoot.executorkit.secret.Vault;
import io.offshoot.workflows.Workflows;
import io.quarkus.logging.Log;
import jakarta.validation.Validator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What an executor does with the records of its commands topic: take → claim → (commit) → run → publish the result →
 * stop the heartbeat. Pure of any framework; it holds no thread but those of the pool.
 *
 * <p>Idempotent: a command only says that an attempt can be claimed, and the claim gives each attempt to one executor
 * once. A second delivery is answered <em>not yours</em> and runs nothing.
 */
public final class Intake {

    /** Stands in the envelope of a dead letter whose hub cannot be read. */
    private static final String NO_HUB = "unknown";

    private final String provider;
    private final String source;
    private final String executor;
    private final Claims claims;
    private final Reports reports;
    private final Time time;
    private final Supplier<UUID> ids;
    private final Connections connections;
    private final Repeat repeat;
    private final Slots slots;
    private final Leases leases;
    private final Runner runner;
    private volatile boolean stopping;

    /** Of an executor whose credentials nobody counts. */
    public Intake(
            Settings settings,
            Handlers handlers,
            Validator validator,
            Claims claims,
            Reports reports,
            Executor pool,
            Time time,
            Supplier<UUID> ids) {
        this(settings, handlers, validator, claims, reports, Connections.none(), Keyset.none(), pool, time, ids);
    }

    /** Of an executor that believes whatever keys come with a claim. */
    public Intake(
            Settings settings,
            Handlers handlers,
            Validator validator,
            Claims claims,
            Reports reports,
            Connections connections,
            Keyset keyset,
            Executor pool,
            Time time,
            Supplier<UUID> ids) {
        this(
                settings,
                handlers,
                validator,
                claims,
                reports,
                connections,
                keyset,
                Vault.none(),
                new Intents(Workflows.OFFERED, Pins.none()),
                pool,
                time,
                ids);
    }

    /** @param pool runs at least {@link Settings#concurrency()} attempts at once */
    public Intake(
            Settings settings,
            Handlers handlers,
            Validator validator,
            Claims claims,
            Reports reports,
            Connections connections,
            Keyset keyset,
            Vault vault,
            Intents intents,
            Executor pool,
            Time time,
            Supplier<UUID> ids) {
        this.provider = handlers.provider();
        this.source = "/%s-executor".formatted(provider);
        this.executor = settings.executor();
        this.claims = claims;
        this.reports = reports;
        this.time = time;
        this.ids = ids;
        this.connections = connections;
        this.repeat = new Repeat(time, settings.firstPause(), settings.longestPause());
        this.slots = new Slots(settings.concurrency());
        this.leases = new Leases(settings, claims, time);
        var performance = new Performance(handlers, validator, keyset, vault, settings.settle(), intents, time);
        this.runner = new Runner(
                source,
                executor,
                performance,
                connections,
                lease -> new Turn(lease, settings.callTimeout(), time, () -> stopping),
                pool,
                reports,
                repeat,
                time,
                ids);
    }

    /**
     * Takes a batch in. The stage completes when the batch may be committed: each attempt was claimed, or is not ours,
     * and each unusable record is with the dead letters. Until then a crash has the records delivered again. It never
     * fails: what cannot be had is asked for until it can.
     *
     * <p>Not to be called again before the stage has completed.
     */
    public CompletionStage<Void> take(List<Delivery> batch) {
        var letters = new ArrayList<CompletableFuture<Void>>();
        var commands = new LinkedHashMap<AttemptRef, CloudEvent<StepCommand>>();
        for (Delivery delivery : batch) {
            try {
                var command = read(delivery);
                var data = command.data();
                commands.put(
                        new AttemptRef(data.deploymentId(), data.appId(), data.stepId(), data.attempt(), data.survey()),
                        command);
            } catch (UnusableException e) {
                Log.warnf(
                        "Record %d of %s[%d] goes to the dead letters: %s",
                        delivery.offset(), delivery.topic(), delivery.partition(), e.getMessage());
                letters.add(deadLetter(delivery, e).toCompletableFuture());
            }
        }
        var lettersSent = CompletableFuture.allOf(letters.toArray(CompletableFuture[]::new));
        return claimAll(List.copyOf(commands.entrySet())).thenCompose(nothing -> lettersSent);
    }

    /**
     * Claims nothing more. What runs goes on to its next write or pause, and is handed back there, unless it ends before
     * that; what has not begun is handed back at once.
     */
    public void stop() {
        stopping = true;
        slots.close();
    }

    /** How many attempts are claimed and not over. */
    public int running() {
        return slots.used();
    }

    private CloudEvent<StepCommand> read(Delivery delivery) throws UnusableException {
        CloudEvent<StepCommand> command;
        try {
            command = Messages.read(delivery.value(), StepCommand.class);
        } catch (UnreadableMessageException e) {
            throw new UnusableException(e.reason(), e.getMessage());
        }
        if (!command.data().action().startsWith(provider + "/")) {
            throw new UnusableException("foreign", "The command is not for the provider " + provider);
        }
        return command;
    }

    /** As many at a time as can run at once; the rest stays uncommitted until there is room. */
    private CompletionStage<Void> claimAll(List<Map.Entry<AttemptRef, CloudEvent<StepCommand>>> commands) {
        if (commands.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        return slots.take(commands.size()).thenCompose(granted -> claim(commands.subList(0, granted))
                .thenCompose(nothing -> claimAll(commands.subList(granted, commands.size()))));
    }

    /** Each of these commands has a slot. */
    private CompletionStage<Void> claim(List<Map.Entry<AttemptRef, CloudEvent<StepCommand>>> commands) {
        var request = new ClaimRequest(
                ids.get(), executor, commands.stream().map(Map.Entry::getKey).toList());
        Failpoint.EXECUTOR_BEFORE_CLAIM.reached();
        return repeat.untilDone("Claiming", () -> claimOnce(request), () -> !stopping)
                .handle((answer, unclaimed) -> {
                    if (unclaimed != null) {
                        // The process stops: not to be committed, so that it is delivered to another.
                        slots.release(commands.size());
                        return new CompletableFuture<Void>();
                    }
                    begin(commands, answer);
                    return CompletableFuture.<Void>completedFuture(null);
                })
                .thenCompose(claimed -> claimed);
    }

    private CompletionStage<TimedAnswer> claimOnce(ClaimRequest request) {
        var sentAt = time.nanos();
        return claims.claim(request).thenApply(answer -> {
            if (answer == null || answer.attempts() == null) {
                throw new IllegalStateException("the claim's answer is empty");
            }
            return new TimedAnswer(answer, sentAt);
        });
    }

    private void begin(List<Map.Entry<AttemptRef, CloudEvent<StepCommand>>> commands, TimedAnswer answer) {
        var ours = new LinkedHashMap<AttemptRef, Claimed>();
        for (Claimed claimed : answer.claims().attempts()) {
            if (claimed.yours() && claimed.fence() != null && claimed.context() != null) {
                ours.put(claimed.attempt(), claimed);
            }
        }
        if (!ours.isEmpty()) {
            Failpoint.EXECUTOR_AFTER_CLAIM.reached();
        }
        connections.entered().ifPresent(entered -> entered.learn(answer.claims().connections()));
        for (var entry : commands) {
            var claimed = ours.get(entry.getKey());
            if (claimed == null) {
                slots.release(1);
            } else {
                begin(entry.getValue(), claimed, answer);
            }
        }
    }

    private void begin(CloudEvent<StepCommand> command, Claimed claimed, TimedAnswer answer) {
        if (!command.hubid().equals(claimed.context().hub())) {
            // The command lies about its hub. Nothing is run for it; the lease lapses.
            Log.errorf("Dropped: the command for %s names another hub than its claim", claimed.attempt());
            slots.release(1);
            return;
        }
        var id = new Heartbeat.Lease(claimed.attempt(), claimed.fence());
        var lease = leases.hold(
                id, answer.sentAt(), Duration.ofMillis(answer.claims().leaseMs()));
        runner.run(command, claimed, lease).thenRun(() -> {
            leases.release(lease);
            slots.release(1);
        });
    }

    private CompletionStage<Void> deadLetter(Delivery delivery, UnusableException why) {
        var letter = DeadLetter.of(
                why.reason,
                why.getMessage(),
                delivery.topic(),
                delivery.partition(),
                delivery.offset(),
                delivery.key(),
                delivery.value());
        var message =
                Messages.write(CloudEvent.first(ids.get(), source, delivery.topic(), time.now(), NO_HUB, null, letter));
        return repeat.untilDone(
                "Publishing a dead letter", () -> reports.deadLetter(delivery.topic(), message), () -> true);
    }

    private record TimedAnswer(ClaimAnswer claims, long sentAt) {}

    private static final class UnusableException extends Exception {

        private static final long serialVersionUID = 1L;

        private final String reason;

        UnusableException(String reason, String message) {
            super(message);
            this.reason = reason;
        }
    }
}
