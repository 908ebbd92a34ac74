package io.offshoot.executorkit.attempt;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.action.EffectClass;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.claim.AttemptRef;
import io.offshoot.contracts.claim.ClaimAnswer;
import io.offshoot.contracts.claim.ClaimRequest;
import io.offshoot.contracts.claim.Heartbeat;
import io.offshoot.contracts.claim.LaneUse;
import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.DeadLetter;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.StepCommand;
import io.offshoot.contracts.message.StepResult;
import io.offshoot.contracts.message.UnreadableMessageException;
import io.offshoot.contracts.secret.SealedSecret;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Handlers;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.Undone;
import io.offshoot.executorkit.intent.Intents;
import io.offshoot.executorkit.intent.Pins;
import io.offshoot.executorkit.lane.Connections;
import io.offshoot.executorkit.secret.Keyset;
import io.offshoot.executorkit.secret.Vault;
import io.offshoot.workflows.Workflows;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import jakarta.validation.constraints.NotBlank;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiFunction;
import java.util.function.Function;

/** An intake on one thread, with hand-written neighbours and a clock that only moves when told to. */
final class Bench {

    static final Duration LEASE = Duration.ofSeconds(30);
    static final Duration CALL_TIMEOUT = Duration.ofSeconds(20);
    static final UUID DEPLOYMENT = UUID.fromString("0190f1e0-0000-7000-8000-000000000001");
    static final Action<Greeting, Greeted> GREET =
            new Action<>("acme", "greet", 1, EffectClass.NATURAL, Greeting.class, Greeted.class);

    private static final Validator VALIDATOR =
            Validation.buildDefaultValidatorFactory().getValidator();

    record Greeting(@NotBlank String name) {}

    record Greeted(@NotBlank String text) {}

    /** The clock: what is due runs, in order, while time passes. */
    static final class FakeTime implements Time {

        private record Due(long at, long order, Runnable task) {}

        private final PriorityQueue<Due> due =
                new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::order));
        private long nanos = 1_000_000;
        private long order;

        @Override
        public Instant now() {
            return Instant.parse("2026-11-21T10:00:00Z").plusNanos(nanos);
        }

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public void after(Duration pause, Runnable task) {
            due.add(new Due(nanos + pause.toNanos(), order++, task));
        }

        @Override
        public void pause(Duration pause) {
            pass(pause);
        }

        void pass(Duration duration) {
            var until = nanos + duration.toNanos();
            while (!due.isEmpty() && due.peek().at <= until) {
                var next = due.poll();
                nanos = Math.max(nanos, next.at);
                next.task.run();
            }
            nanos = until;
        }
    }

    /** An orchestrator that gives each attempt once and repeats its answer to the same claim. */
    static final class FakeOrchestrator implements Claims {

        final List<ClaimRequest> requests = new ArrayList<>();
        final List<Heartbeat> beats = new ArrayList<>();
        final Set<Heartbeat.Lease> lost = new HashSet<>();
        final ObjectNode input = Messages.json().createObjectNode().put("name", "Ada");
        Duration lease = LEASE;
        int claimsToFail;
        int answersToLose;
        int emptyAnswers;
        boolean isDeaf;
        String hub = "hub-a";
        LaneUse lane;
        Map<String, SealedSecret> secretEnv;
        String action = GREET.name();
        AttemptMode mode = AttemptMode.EXECUTE;
        List<String> unknown;
        List<Effect> resources;
        Removal removal;
        ClaimAnswer.Intent intent;

        private final Map<UUID, ClaimAnswer> answered = new HashMap<>();
        private final Set<AttemptRef> given = new HashSet<>();
        private long fence;

        @Override
        public CompletionStage<ClaimAnswer> claim(ClaimRequest request) {
            requests.add(request);
            if (claimsToFail > 0) {
                claimsToFail--;
                return CompletableFuture.failedFuture(new IllegalStateException("away"));
            }
            if (emptyAnswers > 0) {
                emptyAnswers--;
                return CompletableFuture.completedFuture(new ClaimAnswer(0, null));
            }
            var answer = answered.computeIfAbsent(
                    request.claimId(),
                    id -> new ClaimAnswer(
                            lease.toMillis(),
                            request.attempts().stream().map(this::decide).toList()));
            if (answersToLose > 0) {
                answersToLose--;
                return CompletableFuture.failedFuture(new IllegalStateException("reset"));
            }
            return CompletableFuture.completedFuture(answer);
        }

        private ClaimAnswer.Claimed decide(AttemptRef attempt) {
            if (!given.add(attempt)) {
                return new ClaimAnswer.Claimed(attempt, false, null, null);
            }
            return new ClaimAnswer.Claimed(
                    attempt,
                    true,
                    ++fence,
                    new ClaimAnswer.Context(
                            hub, action, mode, 1, "main", input, Map.of(), null, null, unknown, resources, removal,
                            lane, secretEnv, null, intent));
        }

        @Override
        public CompletionStage<Heartbeat.Answer> beat(Heartbeat heartbeat) {
            beats.add(heartbeat);
            if (isDeaf) {
                return CompletableFuture.failedFuture(new IllegalStateException("away"));
            }
            return CompletableFuture.completedFuture(new Heartbeat.Answer(
                    lease.toMillis(),
                    heartbeat.leases().stream().filter(lost::contains).toList()));
        }
    }

    static final class FakeTopics implements Reports {

        record Sent(String key, byte[] message) {}

        final List<Sent> results = new ArrayList<>();
        final List<Sent> deadLetters = new ArrayList<>();
        int resultsToFail;
        CompletableFuture<Void> resultAcknowledged = CompletableFuture.completedFuture(null);

        @Override
        public CompletionStage<Void> result(String key, byte[] message) {
            if (resultsToFail > 0) {
                resultsToFail--;
                return CompletableFuture.failedFuture(new IllegalStateException("no broker"));
            }
            results.add(new Sent(key, message));
            return resultAcknowledged;
        }

        @Override
        public CompletionStage<Void> deadLetter(String key, byte[] message) {
            deadLetters.add(new Sent(key, message));
            return CompletableFuture.completedFuture(null);
        }

        CloudEvent<StepResult> onlyResult() throws UnreadableMessageException {
            if (results.size() != 1) {
                throw new AssertionError("Expected one result, found " + results.size());
            }
            return Messages.read(results.get(0).message(), StepResult.class);
        }

        CloudEvent<DeadLetter> onlyDeadLetter() throws UnreadableMessageException {
            if (deadLetters.size() != 1) {
                throw new AssertionError("Expected one dead letter, found " + deadLetters.size());
            }
            return Messages.read(deadLetters.get(0).message(), DeadLetter.class);
        }
    }

    /** Does whatever the test says, and remembers for whom. */
    static final class Greeter implements ActionHandler<Greeting, Greeted> {

        final Action<Greeting, Greeted> greet;
        final List<Attempt<Greeting>> attempts = new ArrayList<>();
        Function<Attempt<Greeting>, Outcome<Greeted>> behaviour = attempt ->
                new Outcome.Done<>(new Greeted("Hello " + attempt.input().name()), List.of());
        Function<Attempt<Greeting>, Finding> planning =
                attempt -> Finding.of(Finding.Kind.CREATE, "A greeting.").taking(1, 2);
        Function<Effect, Finding> observing = resource -> Finding.of(Finding.Kind.SAME, "As it was left.");
        final List<Effect> undone = new ArrayList<>();
        BiFunction<Effect, Removal, Undone> undoLooks = (resource, how) -> null;
        BiFunction<Effect, Removal, Undone> undoing = (resource, how) -> Undone.removed();

        Greeter(Action<Greeting, Greeted> greet) {
            this.greet = greet;
        }

        @Override
        public Action<Greeting, Greeted> action() {
            return greet;
        }

        @Override
        public Outcome<Greeted> run(Attempt<Greeting> attempt) {
            attempts.add(attempt);
            return behaviour.apply(attempt);
        }

        @Override
        public Finding plan(Attempt<Greeting> attempt) {
            attempts.add(attempt);
            return planning.apply(attempt);
        }

        @Override
        public Finding observe(Attempt<Greeting> attempt, Effect resource) {
            return observing.apply(resource);
        }

        @Override
        public Undone undo(Attempt<Greeting> attempt, Effect resource, Removal how) {
            var seen = undoLooks.apply(resource, how);
            if (seen != null) {
                return seen;
            }
            attempt.beforeWrite();
            undone.add(resource);
            return undoing.apply(resource, how);
        }
    }

    final FakeTime time = new FakeTime();
    final FakeOrchestrator orchestrator = new FakeOrchestrator();
    final FakeTopics topics = new FakeTopics();
    final Greeter greeter;
    final Deque<Runnable> pool = new ArrayDeque<>();
    final Intake intake;
    boolean isPoolClosed;
    private long offset;

    Bench() {
        this(8);
    }

    Bench(int concurrency) {
        this(concurrency, Connections.none());
    }

    Bench(int concurrency, Connections connections) {
        this(concurrency, connections, GREET, Keyset.none(), Vault.none());
    }

    Bench(int concurrency, Connections connections, Action<Greeting, Greeted> greet, Keyset keyset, Vault vault) {
        this.greeter = new Greeter(greet);
        orchestrator.action = greet.name();
        var settings = new Settings(
                "bench",
                concurrency,
                CALL_TIMEOUT,
                Duration.ofSeconds(1),
                Optional.empty(),
                Duration.ofMillis(200),
                Duration.ofSeconds(5));
        var handlers = new Handlers("acme", List.of(greeter));
        this.intake = new Intake(
                settings,
                handlers,
                VALIDATOR,
                orchestrator,
                topics,
                connections,
                keyset,
                vault,
                new Intents(Workflows.OFFERED, Pins.none()),
                this::execute,
                time,
                Messages::newId);
    }

    CompletableFuture<Void> take(Delivery... deliveries) {
        return intake.take(List.of(deliveries)).toCompletableFuture();
    }

    private void execute(Runnable work) {
        if (isPoolClosed) {
            throw new RejectedExecutionException();
        }
        pool.add(work);
    }

    /** Runs what is handed to the pool until there is nothing more. */
    void work() {
        while (!pool.isEmpty()) {
            pool.poll().run();
        }
    }

    Delivery command(String step) {
        return delivery(Messages.write(commandEvent(step, GREET.name())));
    }

    Delivery delivery(byte[] value) {
        return new Delivery("acme.commands", 0, offset++, "key", value);
    }

    static CloudEvent<StepCommand> commandEvent(String step, String action) {
        return CloudEvent.first(
                Messages.newId(),
                "/orchestrator",
                DEPLOYMENT + "/docs/" + step,
                Instant.parse("2026-11-21T10:00:00Z"),
                "hub-a",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                new StepCommand(DEPLOYMENT, "docs", step, action, 1, AttemptMode.EXECUTE));
    }
}
