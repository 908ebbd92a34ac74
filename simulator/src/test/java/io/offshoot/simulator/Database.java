package io.offshoot.simulator;

import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.claim.AttemptRef;
import io.offshoot.contracts.claim.ClaimAnswer;
import io.offshoot.contracts.claim.ClaimAnswer.Claimed;
import io.offshoot.contracts.claim.ClaimAnswer.Context;
import io.offshoot.contracts.claim.ClaimRequest;
import io.offshoot.contracts.claim.Heartbeat;
import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.DeploymentEvent;
import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.MessageType;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.StepCommand;
import io.offshoot.contracts.message.StepResult;
import io.offshoot.contracts.message.StepState;
import io.offshoot.contracts.message.Topics;
import io.offshoot.contracts.query.RequestView;
import io.offshoot.orchestrator.decision.Decision;
import io.offshoot.orchestrator.decision.Jitter;
import io.offshoot.orchestrator.decision.Lane;
import io.offshoot.orchestrator.decision.Phase;
import io.offshoot.orchestrator.decision.Policy;
import io.offshoot.orchestrator.decision.Progress;
import io.offshoot.orchestrator.decision.StepProgress;
import io.offshoot.orchestrator.deployment.EffectRow;
import io.offshoot.orchestrator.deployment.Ledger;
import io.offshoot.workflows.Foresight;
import io.offshoot.workflows.Inputs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The orchestrator's database with what its transactions do, for one deployment. Every method is one transaction:
 * nothing happens in its midst, and a crash before the commit is a method not called.
 *
 * <p>It decides by the real {@link Progress} and builds inputs by the real {@link Inputs}. What it mirrors, line by
 * line: <code>LockedDeployment.apply</code> with all it calls, <code>StepRow.progress</code> and <code>take</code>,
 * <code>Deployments.takeRequests</code>, <code>takeResults</code> and <code>takeTimers</code>, the two statements of
 * <code>Claims</code>, the due rows of <code>Timers</code>, <code>HeldLane</code> and <code>Line</code>. A change there belongs here
 * too.
 */
final class Database {

    static final UUID DEPLOYMENT = new UUID(0x0190f1e000007000L, 0x8000000000000001L);
    static final String HUB = "hub-a";

    // The defaults of the orchestrator's Timing.
    static final Duration LEASE = Duration.ofSeconds(15);
    private static final Duration RESEND_AFTER = Duration.ofSeconds(30);
    private static final Duration RESEND_AT_MOST = Duration.ofMinutes(15);
    private static final Policy POLICY = new Policy(
            new Policy.Backoff(Duration.ofSeconds(2), Duration.ofMinutes(2)),
            new Policy.Backoff(Duration.ofSeconds(5), Duration.ofMinutes(1)),
            Duration.ofMillis(500),
            Provider.CALL_TIMEOUT,
            10,
            new Policy.Limits(Duration.ofHours(2), Duration.ofDays(7), Duration.ofDays(8)),
            Jitter.of(DEPLOYMENT));

    private static final ObjectNode NOTHING = JsonNodeFactory.instance.objectNode();
    private static final long NEVER = Long.MAX_VALUE;

    record Place(String appId, String stepId) {}

    /** A row of the table attempt, while it is live. */
    private static final class Attempt {
        private final int number;
        private final int generation;
        private AttemptMode mode;
        private Phase phase;
        private long fence;
        private UUID claimId;
        private String executor;
        private long leaseUntil = NEVER;
        private long resendAt = NEVER;
        private Instant claimedAt;
        private Instant queuedAt;
        private int sends = 1;
        private UUID commandId;

        private Attempt(StepProgress next) {
            number = next.attempt().number();
            generation = next.generation();
            mode = next.attempt().mode();
            phase = next.attempt().phase();
            fence = next.attempt().fence();
        }
    }

    /** A row of the table outbox. */
    record Outgoing(UUID id, String topic, String key, Object data) {}

    private final World world;
    private final Map<Place, StepProgress> steps = new LinkedHashMap<>();
    private final Map<Place, Attempt> live = new HashMap<>();
    private final Map<Place, Long> fences = new HashMap<>();
    private final List<DeploymentEvent> events = new ArrayList<>();
    private final Map<UUID, RequestView.Outcome> requests = new HashMap<>();
    private final Map<UUID, Outgoing> outbox = new LinkedHashMap<>();
    private final Map<UUID, Integer> applied = new HashMap<>();
    private final List<EffectRow> ledger = new ArrayList<>();
    private final Map<Place, Instant> places = new HashMap<>();
    private Lane lane;
    private boolean isLaned;
    private boolean isBegun;
    private int lapses;
    private int handedBack;

    Database(World world) {
        this.world = world;
        for (String app : SampleWorkflow.APPS) {
            for (var step : SampleWorkflow.WORKFLOW.steps()) {
                steps.put(new Place(app, step.id()), StepProgress.idle(app, step.id()));
            }
        }
    }

    // What the checks and the client read.

    List<DeploymentEvent> events() {
        return events;
    }

    Map<UUID, RequestView.Outcome> requests() {
        return requests;
    }

    Map<UUID, Outgoing> outbox() {
        return outbox;
    }

    List<StepProgress> steps() {
        var all = new ArrayList<StepProgress>(steps.size());
        for (var entry : steps.entrySet()) {
            all.add(current(entry.getKey(), entry.getValue()));
        }
        return all;
    }

    StepState shown(String appId, String stepId) {
        return steps.get(new Place(appId, stepId)).shown();
    }

    int lapses() {
        return lapses;
    }

    int handedBack() {
        return handedBack;
    }

    boolean isHeldBy(String executor, String appId, String stepId, int number) {
        var attempt = live.get(new Place(appId, stepId));
        return attempt != null
                && attempt.number == number
                && attempt.phase == Phase.CLAIMED
                && executor.equals(attempt.executor);
    }

    boolean hasLapsed(String executor, String appId, String stepId, int number) {
        var attempt = live.get(new Place(appId, stepId));
        return attempt != null
                && attempt.number == number
                && executor.equals(attempt.executor)
                && (attempt.phase == Phase.PARKED
                        || attempt.phase == Phase.CLAIMED
                                && attempt.leaseUntil < world.clock().nanos());
    }

    /** When the first row becomes due, in nanoseconds. */
    long nextDue() {
        var next = NEVER;
        for (StepProgress step : steps.values()) {
            if (step.dueAt() != null) {
                next = Math.min(next, Clockwork.nanos(step.dueAt()));
            }
            if (hasDeadline(step)) {
                next = Math.min(next, Clockwork.nanos(step.term().end()));
            }
        }
        for (Attempt attempt : live.values()) {
            if (attempt.phase == Phase.OPEN) {
                next = Math.min(next, attempt.resendAt);
            } else if (attempt.phase == Phase.CLAIMED) {
                next = Math.min(next, attempt.leaseUntil + 1);
            }
        }
        return Math.min(next, nextTurn());
    }

    /** When it is somebody's turn, or may be. */
    private long nextTurn() {
        if (!anyInLine() || world.flaw() == Flaw.TURNS_ARE_NOT_TAKEN) {
            return NEVER;
        }
        var now = world.clock().instant();
        if (lane.isBlocked(now)) {
            return Clockwork.nanos(lane.blockedUntil());
        }
        return lane.hasRoom(underWay(), now) ? world.clock().nanos() : NEVER;
    }

    private boolean anyInLine() {
        return live.values().stream().anyMatch(attempt -> attempt.phase == Phase.QUEUED);
    }

    private int underWay() {
        return (int) live.values().stream()
                .filter(attempt -> attempt.phase == Phase.OPEN || attempt.phase == Phase.CLAIMED)
                .count();
    }

    /** Half of the histories have a lane, with room for one, two or three. */
    private boolean isLaned() {
        if (!isBegun) {
            isBegun = true;
            isLaned = world.dice().oneIn(2);
            lane = new Lane(
                    1 + world.dice().upTo(3), Duration.ofSeconds(1), Duration.ofMinutes(10), null, false, 0, Map.of());
        }
        return isLaned;
    }

    private static boolean hasDeadline(StepProgress step) {
        return step.term() != null
                && step.shown() != StepState.IDLE
                && !step.shown().isTerminal();
    }

    // Transactions.

    List<Outgoing> takeRequests(List<CloudEvent<DeploymentRequest>> messages) {
        var queued = new ArrayList<Outgoing>();
        for (var message : messages) {
            if (requests.containsKey(message.id()) && world.flaw() != Flaw.OLD_REQUESTS_COUNT) {
                continue;
            }
            var decision =
                    progress().on(message.data(), message.id(), world.clock().instant());
            requests.put(message.id(), decision.outcome());
            world.trace("request %s %s: %s", message.data().kind(), message.id(), decision.outcome());
            apply(decision, message, queued);
        }
        return queued;
    }

    List<Outgoing> takeResults(List<CloudEvent<StepResult>> messages) {
        var queued = new ArrayList<Outgoing>();
        for (var message : messages) {
            var result = world.flaw() == Flaw.OLD_RESULTS_COUNT ? renewed(message.data()) : message.data();
            var place = new Place(result.appId(), result.stepId());
            var attempt = live.get(place);
            var isCurrent = attempt != null
                    && attempt.number == message.data().attempt()
                    && attempt.fence == message.data().fence();
            keepEvidence(message.data());
            var decision = progress().on(result, world.clock().instant());
            world.trace(
                    "result %s of %s/%s attempt %d fence %d: %s",
                    result.outcome(),
                    result.appId(),
                    result.stepId(),
                    result.attempt(),
                    result.fence(),
                    decision.changed().isEmpty() ? "nothing" : "applied");
            if (decision.changed().isEmpty()) {
                continue;
            }
            Promise.OLD_RESULTS_CHANGE_NOTHING.holds(isCurrent, "%s was applied", result);
            Promise.ALL_IS_ACCOUNTED_FOR.holds(
                    applied.merge(message.id(), 1, Integer::sum) == 1, "the result %s was applied twice", message.id());
            if (result.outcome() == StepResult.Outcome.HANDED_BACK) {
                handedBack++;
            }
            report(place, attempt, result);
            apply(decision, message, queued);
            if (places.containsKey(place)) {
                apply(
                        progress()
                                .onDue(
                                        place.appId(),
                                        place.stepId(),
                                        world.clock().instant()),
                        message,
                        queued);
            }
            Promise.TWICE_IS_ONCE.holds(
                    progress().on(result, world.clock().instant()).changed().isEmpty(),
                    "the second delivery of %s changed something",
                    result);
        }
        return queued;
    }

    private void keepEvidence(StepResult result) {
        for (Effect effect : result.effects()) {
            var row = new EffectRow();
            row.key = new EffectRow.Key(
                    DEPLOYMENT,
                    result.appId(),
                    result.stepId(),
                    result.attempt(),
                    effect.key(),
                    effect.kind(),
                    effect.id(),
                    effect.verb());
            row.provider = SampleWorkflow.PROVIDER;
            row.account = effect.account();
            row.seenAt = world.clock().instant();
            ledger.add(row);
        }
    }

    private List<Effect> owned(Place place) {
        return Ledger.owned(ledger, place.appId(), place.stepId()).stream()
                .filter(effect -> world.flaw() != Flaw.ONLY_WHAT_WAS_CREATED_IS_TAKEN_BACK
                        || effect.verb() == Effect.Verb.CREATED)
                .toList();
    }

    private void report(Place place, Attempt attempt, StepResult result) {
        if (!isLaned() || result.outcome() == StepResult.Outcome.HANDED_BACK || attempt == null) {
            return;
        }
        var now = world.clock().instant();
        var isThrottled = result.failure() != null && result.failure().kind() == FailureClass.THROTTLED;
        if (isThrottled && result.failure().code().equals(Failure.ENDPOINT_LIMITED)) {
            return;
        }
        if (isThrottled) {
            lane = lane.throttled(result.failure().retryAfterMs(), attempt.claimedAt, now);
            places.put(place, attempt.queuedAt);
        } else {
            lane = lane.accepted(attempt.claimedAt);
        }
    }

    private StepResult renewed(StepResult result) {
        var attempt = live.get(new Place(result.appId(), result.stepId()));
        return attempt == null
                ? result
                : new StepResult(
                        result.deploymentId(),
                        result.appId(),
                        result.stepId(),
                        attempt.number,
                        attempt.fence,
                        result.executor(),
                        result.outcome(),
                        result.outputs(),
                        result.waiting(),
                        result.failure(),
                        result.handedBack(),
                        result.effects());
    }

    List<Outgoing> takeTimers(boolean leasesToo) {
        var queued = new ArrayList<Outgoing>();
        var now = world.clock().nanos();
        var instant = world.clock().instant();
        for (Place place : steps.keySet()) {
            var dueAt = steps.get(place).dueAt();
            var attempt = live.get(place);
            if (hasDeadline(steps.get(place))
                    && Clockwork.nanos(steps.get(place).term().end()) <= now) {
                apply(progress().onDeadline(place.appId(), place.stepId(), instant), null, queued);
            } else if (dueAt != null && Clockwork.nanos(dueAt) <= now) {
                apply(progress().onDue(place.appId(), place.stepId(), instant), null, queued);
                Promise.TWICE_IS_ONCE.holds(
                        progress()
                                .onDue(place.appId(), place.stepId(), instant)
                                .changed()
                                .isEmpty(),
                        "due twice: %s",
                        place);
            } else if (attempt == null) {
                continue;
            } else if (leasesToo && attempt.phase == Phase.CLAIMED && attempt.leaseUntil < now) {
                if (world.flaw() == Flaw.LEASES_DO_NOT_LAPSE) {
                    attempt.leaseUntil = NEVER - 1;
                    continue;
                }
                lapses++;
                world.trace("the lease of %s attempt %d has lapsed", place, attempt.number);
                var at = world.clock().instant();
                apply(progress().onLeaseLapsed(place.appId(), place.stepId(), at), null, queued);
                Promise.TWICE_IS_ONCE.holds(
                        progress()
                                .onLeaseLapsed(place.appId(), place.stepId(), at)
                                .changed()
                                .isEmpty(),
                        "lapsed twice: %s",
                        place);
            } else if (attempt.phase == Phase.OPEN && attempt.resendAt <= now) {
                resend(place, attempt, queued);
            }
        }
        takeTurns(queued);
        return queued;
    }

    private void takeTurns(List<Outgoing> queued) {
        var now = world.clock().instant();
        while (world.flaw() != Flaw.TURNS_ARE_NOT_TAKEN && anyInLine() && lane.hasRoom(underWay(), now)) {
            var place = live.entrySet().stream()
                    .filter(entry -> entry.getValue().phase == Phase.QUEUED)
                    .min(Comparator.comparing((Map.Entry<Place, Attempt> entry) -> entry.getValue().queuedAt)
                            .thenComparing(entry -> entry.getKey().toString()))
                    .orElseThrow()
                    .getKey();
            lane = lane.served(HUB);
            apply(progress().onTurn(place.appId(), place.stepId(), now), null, queued);
            Promise.TWICE_IS_ONCE.holds(
                    progress()
                            .onTurn(place.appId(), place.stepId(), now)
                            .changed()
                            .isEmpty(),
                    "two turns: %s",
                    place);
        }
    }

    ClaimAnswer claim(ClaimRequest request) {
        var answers = new ArrayList<Claimed>();
        for (AttemptRef ref : request.attempts()) {
            var place = new Place(ref.appId(), ref.stepId());
            var attempt = live.get(place);
            var isOurs = attempt != null
                    && attempt.number == ref.attempt()
                    && (attempt.phase == Phase.OPEN
                            || attempt.phase == Phase.CLAIMED
                                    && (request.claimId().equals(attempt.claimId)
                                            || world.flaw() == Flaw.CLAIM_IS_NOT_EXCLUSIVE));
            if (isOurs) {
                if (attempt.phase == Phase.OPEN) {
                    attempt.fence++;
                    var last = fences.put(place, attempt.fence);
                    Promise.ONE_LIVE_ATTEMPT.holds(
                            last == null || last < attempt.fence, "the fence of %s did not grow", place);
                }
                attempt.phase = Phase.CLAIMED;
                attempt.claimId = request.claimId();
                attempt.executor = request.executor();
                attempt.claimedAt = world.clock().instant();
                attempt.leaseUntil = world.clock().nanos() + LEASE.toNanos();
                attempt.resendAt = NEVER;
                world.trace(
                        "%s claims %s attempt %d %s, fence %d",
                        request.executor(), place, attempt.number, attempt.mode, attempt.fence);
            }
            answers.add(
                    isOurs
                            ? new Claimed(ref, true, attempt.fence, context(place, attempt))
                            : new Claimed(ref, false, null, null));
        }
        return new ClaimAnswer(LEASE.toMillis(), answers);
    }

    Heartbeat.Answer prolong(Heartbeat heartbeat) {
        var lost = new ArrayList<Heartbeat.Lease>();
        for (Heartbeat.Lease lease : heartbeat.leases()) {
            var ref = lease.attempt();
            var attempt = live.get(new Place(ref.appId(), ref.stepId()));
            if (attempt != null
                    && attempt.number == ref.attempt()
                    && attempt.fence == lease.fence()
                    && attempt.phase == Phase.CLAIMED) {
                attempt.leaseUntil = world.clock().nanos() + LEASE.toNanos();
            } else {
                lost.add(lease);
            }
        }
        return new Heartbeat.Answer(LEASE.toMillis(), lost);
    }

    void sent(UUID message) {
        outbox.remove(message);
    }

    // The mirror of what these do inside.

    private Progress progress() {
        return new Progress(SampleWorkflow.WORKFLOW, POLICY, steps());
    }

    private StepProgress current(Place place) {
        return current(place, steps.get(place));
    }

    private StepProgress current(Place place, StepProgress step) {
        var attempt = live.get(place);
        if (attempt != null) {
            return with(step, new StepProgress.Attempt(attempt.number, attempt.mode, attempt.phase, attempt.fence));
        }
        var last = step.attempt();
        if (last == null || last.phase() == Phase.ENDED && last.mode() == AttemptMode.EXECUTE) {
            return step;
        }
        return with(step, new StepProgress.Attempt(last.number(), AttemptMode.EXECUTE, Phase.ENDED, last.fence()));
    }

    private static StepProgress with(StepProgress step, StepProgress.Attempt attempt) {
        return new StepProgress(
                step.appId(),
                step.stepId(),
                step.shown(),
                step.generation(),
                step.undoing(),
                attempt,
                step.past(),
                step.term(),
                step.dueAt(),
                step.args(),
                step.checkpoint(),
                step.outputs(),
                step.error(),
                step.instructions(),
                step.requestId());
    }

    private void apply(Decision decision, CloudEvent<?> cause, List<Outgoing> queued) {
        var changed = inLanes(decision.changed());
        for (StepProgress next : changed) {
            endAttempt(next);
        }
        for (StepProgress next : changed) {
            var place = new Place(next.appId(), next.stepId());
            var before = current(place);
            var opened = follow(place, next);
            steps.put(place, next);
            if (!before.looksLike(next)) {
                tell(next, queued);
            }
            if (opened != null) {
                Promise.LANES_ARE_KEPT.holds(
                        !isLaned()
                                || before.isUnderWay()
                                || !lane.isBlocked(world.clock().instant()),
                        "%s begins in a pause",
                        place);
                command(place, opened, cause, queued);
            }
        }
    }

    /** What is to be published takes its place in line instead where the lane has no room. */
    private List<StepProgress> inLanes(List<StepProgress> changed) {
        if (!isLaned()) {
            return changed;
        }
        var now = world.clock().instant();
        var room = underWay();
        for (StepProgress next : changed) {
            var before = current(new Place(next.appId(), next.stepId()));
            if (before.isUnderWay() && (before.number() != next.number() || !next.isUnderWay())) {
                room--;
            }
        }
        var full = anyInLine();
        var placed = new ArrayList<StepProgress>();
        for (StepProgress next : changed) {
            var before = current(new Place(next.appId(), next.stepId()));
            if (!next.begins(before)) {
                placed.add(next);
            } else if (world.flaw() != Flaw.LANES_ARE_NOT_KEPT && (full || !lane.hasRoom(room, now))) {
                full = true;
                placed.add(next.inLine(before));
            } else {
                room++;
                lane = lane.served(HUB);
                placed.add(next);
            }
        }
        return placed;
    }

    private void endAttempt(StepProgress next) {
        var place = new Place(next.appId(), next.stepId());
        var attempt = live.get(place);
        if (attempt != null
                && (attempt.number != next.number() || next.attempt().phase() == Phase.ENDED)) {
            live.remove(place);
            var step = steps.get(place);
            steps.put(
                    place,
                    with(
                            step,
                            new StepProgress.Attempt(attempt.number, AttemptMode.EXECUTE, Phase.ENDED, attempt.fence)));
        }
    }

    private Attempt follow(Place place, StepProgress next) {
        if (next.attempt() == null || next.attempt().phase() == Phase.ENDED) {
            return null;
        }
        var row = live.get(place);
        if (row == null) {
            row = new Attempt(next);
            row.commandId = world.newId();
            row.resendAt = row.phase == Phase.OPEN ? world.clock().nanos() + RESEND_AFTER.toNanos() : NEVER;
            toLane(place, row);
            Promise.ONE_LIVE_ATTEMPT.holds(live.put(place, row) == null, "two attempts of %s", place);
            return row.phase == Phase.OPEN ? row : null;
        }
        var opened = next.attempt().phase() == Phase.OPEN && row.phase != Phase.OPEN;
        if (row.phase == Phase.PARKED && next.attempt().phase() != Phase.PARKED) {
            toLane(place, row);
        }
        row.phase = next.attempt().phase();
        row.mode = next.attempt().mode();
        if (row.phase != Phase.CLAIMED) {
            row.leaseUntil = NEVER;
        }
        if (opened) {
            row.commandId = world.newId();
            row.resendAt = world.clock().nanos() + RESEND_AFTER.toNanos();
            row.sends = 1;
        }
        return opened ? row : null;
    }

    private void toLane(Place place, Attempt row) {
        var kept = places.remove(place);
        row.queuedAt = kept == null ? world.clock().instant() : kept;
    }

    private void resend(Place place, Attempt attempt, List<Outgoing> queued) {
        var pause = RESEND_AFTER.multipliedBy(1L << Math.min(attempt.sends, 10));
        attempt.resendAt =
                world.clock().nanos() + (pause.compareTo(RESEND_AT_MOST) > 0 ? RESEND_AT_MOST : pause).toNanos();
        attempt.sends++;
        if (!outbox.containsKey(attempt.commandId)) {
            command(place, attempt, null, queued);
        }
    }

    private void command(Place place, Attempt attempt, CloudEvent<?> cause, List<Outgoing> queued) {
        if (attempt.mode == AttemptMode.UNDO) {
            for (var other : SampleWorkflow.WORKFLOW.steps()) {
                var state = steps.get(new Place(place.appId(), other.id())).shown();
                Promise.NEEDS_FIRST.holds(
                        !other.needs().contains(place.stepId()) || state == StepState.IDLE,
                        "%s is taken back while %s, which needs it, is %s",
                        place,
                        other.id(),
                        state);
            }
        } else {
            for (String need : SampleWorkflow.WORKFLOW.step(place.stepId()).needs()) {
                var state = steps.get(new Place(place.appId(), need)).shown();
                Promise.NEEDS_FIRST.holds(
                        state == StepState.SUCCEEDED, "%s is sent while %s is %s", place, need, state);
            }
        }
        if (isLaned()) {
            Promise.LANES_ARE_KEPT.holds(
                    underWay() <= lane.liveAtMost(), "%d are under way, and %d may be", underWay(), lane.liveAtMost());
        }
        var action = SampleWorkflow.WORKFLOW.step(place.stepId()).action();
        var key = Topics.stepKey(DEPLOYMENT, place.appId(), place.stepId());
        var command = new CloudEvent<>(
                "1.0",
                attempt.commandId,
                "/orchestrator",
                MessageType.STEP_COMMAND.type(),
                key,
                world.clock().instant(),
                "application/json",
                HUB,
                steps.get(place).requestId(),
                cause == null ? null : cause.id(),
                null,
                null,
                new StepCommand(
                        DEPLOYMENT, place.appId(), place.stepId(), action.name(), attempt.number, attempt.mode));
        queue(
                new Outgoing(attempt.commandId, Topics.commands(action.provider()), key, Messages.write(command)),
                queued);
    }

    private void tell(StepProgress step, List<Outgoing> queued) {
        var event = new DeploymentEvent(
                DEPLOYMENT,
                SampleWorkflow.WORKFLOW.id(),
                step.appId(),
                step.stepId(),
                events.size() + 1L,
                step.shown(),
                step.shown().status(),
                step.generation(),
                step.undoing(),
                step.number(),
                world.clock().instant(),
                step.outputs(),
                step.error(),
                step.instructions(),
                step.dueAt(),
                step.requestId());
        world.trace("%s/%s is %s, attempt %d", step.appId(), step.stepId(), step.shown(), step.number());
        events.add(event);
        queue(new Outgoing(world.newId(), Topics.EVENTS, DEPLOYMENT.toString(), event), queued);
    }

    private void queue(Outgoing message, List<Outgoing> queued) {
        outbox.put(message.id(), message);
        queued.add(message);
    }

    private Context context(Place place, Attempt attempt) {
        var step = SampleWorkflow.WORKFLOW.step(place.stepId());
        var outputs = steps.values().stream()
                .filter(other -> other.appId().equals(place.appId()) && other.shown() == StepState.SUCCEEDED)
                .collect(toMap(StepProgress::stepId, StepProgress::outputs));
        var isUndone = attempt.mode == AttemptMode.UNDO;
        var foreseen = isUndone
                ? Foresight.of(
                        SampleWorkflow.WORKFLOW, step.id(), HUB, place.appId(), Map.of(), NOTHING, NOTHING, outputs)
                : new Foresight(
                        Inputs.build(
                                SampleWorkflow.WORKFLOW,
                                step.id(),
                                HUB,
                                place.appId(),
                                Map.of(),
                                NOTHING,
                                NOTHING,
                                outputs),
                        List.of());
        return new Context(
                HUB,
                step.action().name(),
                attempt.mode,
                attempt.generation,
                "main",
                foreseen.input(),
                Map.of(),
                steps.get(place).checkpoint(),
                steps.get(place).past().previousGeneration(),
                isUndone ? foreseen.unknown() : null,
                isUndone ? owned(place) : null,
                isUndone ? steps.get(place).undoing() : null,
                null,
                null,
                null,
                null);
    }
}
