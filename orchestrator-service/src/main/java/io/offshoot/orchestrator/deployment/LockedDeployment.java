package io.offshoot.orchestrator.deployment;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.DeploymentEvent;
import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.MessageType;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.PublicStatus;
import io.offshoot.contracts.message.StepCommand;
import io.offshoot.contracts.message.StepResult;
import io.offshoot.contracts.message.StepState;
import io.offshoot.contracts.message.Topics;
import io.offshoot.orchestrator.decision.Decision;
import io.offshoot.orchestrator.decision.Jitter;
import io.offshoot.orchestrator.decision.Phase;
import io.offshoot.orchestrator.decision.Policy;
import io.offshoot.orchestrator.decision.Progress;
import io.offshoot.orchestrator.decision.StepProgress;
import io.offshoot.orchestrator.lane.HeldLane;
import io.offshoot.orchestrator.lane.HeldLanes;
import io.offshoot.orchestrator.outbox.OutboxMessage;
import io.offshoot.orchestrator.timer.Timing;
import io.offshoot.proof.chain.EventChain;
import io.offshoot.workflows.Workflow;
import io.quarkus.logging.Log;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * A deployment under its lock: what is decided is stored here, told in the event log, and queued to be sent. Good for
 * one transaction and one thread.
 */
final class LockedDeployment {

    private static final String SOURCE = "/orchestrator";

    private final Deployment deployment;
    private final Workflow workflow;
    private final Timing timing;
    private final Instant now;
    private final Map<StepKey, StepRow> steps;
    private final Map<StepKey, AttemptRow> live;
    private final HeldLanes lanes;

    /** Since when steps have the places in line that they keep. */
    private final Map<StepKey, Instant> places = new HashMap<>();

    private final List<OutboxMessage> outbox = new ArrayList<>();
    private final List<EventRow> log = new ArrayList<>();

    /** Whose attempts have ended here and may not be written yet. */
    private final Set<StepKey> ended = new HashSet<>();

    private final long seqBefore;

    /** Over all events that there are; null until one is written. */
    private EventChain chain;

    private boolean tookBack;

    private LockedDeployment(
            Deployment deployment,
            Workflow workflow,
            Timing timing,
            Instant now,
            Map<StepKey, StepRow> steps,
            Map<StepKey, AttemptRow> live,
            HeldLanes lanes) {
        this.deployment = deployment;
        this.workflow = workflow;
        this.timing = timing;
        this.now = now;
        this.steps = steps;
        this.live = live;
        this.lanes = lanes;
        this.seqBefore = deployment.seq;
    }

    /** Loads what locked rows stand for. @param workflows by deployment; null values where the definition is gone */
    static List<LockedDeployment> of(
            List<Deployment> locked, Map<UUID, Workflow> workflows, HeldLanes lanes, Timing timing, Instant now) {
        var ids = locked.stream().map(deployment -> deployment.id).toList();
        var rows = StepRow.of(ids).stream().collect(groupingBy(row -> row.key.deploymentId()));
        var attempts = AttemptRow.lockLive(ids).stream().collect(groupingBy(row -> row.key.deploymentId()));
        return locked.stream()
                .map(deployment -> new LockedDeployment(
                        deployment,
                        workflows.get(deployment.id),
                        timing,
                        now,
                        rows.getOrDefault(deployment.id, List.of()).stream().collect(toMap(row -> row.key, identity())),
                        attempts.getOrDefault(deployment.id, List.of()).stream()
                                .collect(toMap(row -> row.key.step(), identity())),
                        lanes))
                .toList();
    }

    UUID id() {
        return deployment.id;
    }

    String hub() {
        return deployment.hub;
    }

    /** Whether the hub signed what was asked for. */
    boolean isSigned() {
        return deployment.isSigned();
    }

    /** The definition it was made with; null if this service no longer has it. */
    Workflow workflow() {
        return workflow;
    }

    /** The last event's. */
    long seq() {
        return deployment.seq;
    }

    Instant now() {
        return now;
    }

    Deployment row() {
        return deployment;
    }

    /** Whether something happened to it in this transaction, and now nothing of it is under way any more. */
    boolean hasJustEnded() {
        if (deployment.seq == seqBefore) {
            return false;
        }
        var states = steps.values().stream().map(step -> step.state).toList();
        return states.stream().noneMatch(state -> state.status() == PublicStatus.RUNNING)
                // One that was begun in parts has ended when nothing is left to do, or something was taken back.
                && (tookBack
                        || states.stream().noneMatch(state -> state == StepState.IDLE)
                        || states.stream().anyMatch(state -> state.status() == PublicStatus.ERROR));
    }

    Collection<StepRow> steps() {
        return steps.values();
    }

    AttemptRow live(StepKey key) {
        return live.get(key);
    }

    /** Writes the event log, all of it at once. @return what is to be sent after the commit */
    List<OutboxMessage> close() {
        log.forEach(entry -> entry.persist());
        return outbox;
    }

    /** Where it stands now, in workflow order, app by app. */
    Progress progress() {
        return progress(deployment.id, workflow, timing, steps.values(), live);
    }

    static Progress progress(
            UUID id, Workflow workflow, Timing timing, Collection<StepRow> rows, Map<StepKey, AttemptRow> live) {
        var order = new LinkedHashMap<String, Integer>();
        workflow.steps().forEach(step -> order.put(step.id(), order.size()));
        return new Progress(
                workflow,
                policy(timing, Jitter.of(id)),
                rows.stream()
                        .sorted((a, b) -> a.key.appId().equals(b.key.appId())
                                ? Integer.compare(order.get(a.key.stepId()), order.get(b.key.stepId()))
                                : a.key.appId().compareTo(b.key.appId()))
                        .map(row -> row.progress(live.get(row.key)))
                        .toList());
    }

    private static Policy policy(Timing timing, Jitter jitter) {
        return new Policy(
                new Policy.Backoff(timing.retryDelay(), timing.retryDelayAtMost()),
                new Policy.Backoff(timing.throttleDelay(), timing.throttleSpread()),
                timing.probeAfterLapse(),
                timing.probeAfterUncertain(),
                timing.maxFailures(),
                new Policy.Limits(timing.stepWithin(), timing.personWithin(), timing.runWithin()),
                jitter);
    }

    /** Stores a decision. @param cause the message that led to it; null if it was a timer */
    void apply(Decision decision, CloudEvent<?> cause) {
        decision.changed().forEach(this::leaveLane);
        var changed = decision.changed().stream().map(this::orInLine).toList();
        endAttempts(changed);
        for (StepProgress next : changed) {
            var row = steps.get(key(next));
            var before = progress(next);
            var opened = follow(next);
            tookBack |= before.isUndoing() && !next.isUndoing();
            row.take(next);
            if (!before.looksLike(next)) {
                tell(row, cause);
            }
            if (opened != null) {
                command(opened, row.requestId, cause);
            }
        }
    }

    /** Remembers that a hint came, for a look that is under way and may have been too early. */
    void note(DeploymentRequest hint) {
        if (hint.appId() != null) {
            var row = steps.get(new StepKey(id(), hint.appId(), hint.actionId()));
            if (row != null) {
                row.hintedAt = now;
            }
        }
    }

    /** What follows from a result; if a hint came since its attempt was claimed, the next look comes soon. */
    Decision sooner(Decision decision, AttemptRow attempt) {
        var key = attempt.key.step();
        var hintedAt = steps.get(key).hintedAt;
        if (hintedAt == null || attempt.claimedAt == null || hintedAt.isBefore(attempt.claimedAt)) {
            return decision;
        }
        return new Decision(
                decision.changed().stream()
                        .map(step -> key(step).equals(key) ? step.hinted(now) : step)
                        .toList(),
                decision.outcome(),
                decision.refusal(),
                decision.detail());
    }

    /** Enters how an attempt left its lane. To be called before its result is applied. */
    void report(AttemptRow attempt, StepResult result) {
        var lane = lanes.byId(attempt.lane);
        if (lane == null) {
            return;
        }
        if (result.budget() != null) {
            lane.used(result.budget(), now);
        }
        var begun = attempt.claimedAt == null ? now : attempt.claimedAt;
        if (result.outcome() == StepResult.Outcome.HANDED_BACK) {
            return;
        }
        var isThrottled = result.failure() != null && result.failure().kind() == FailureClass.THROTTLED;
        if (isThrottled && result.failure().code().equals(Failure.ENDPOINT_LIMITED)) {
            // Other endpoints go on; this step waits for its own.
            return;
        }
        if (isThrottled) {
            lane.throttled(result.failure().retryAfterMs(), begun, now);
            places.put(attempt.key.step(), attempt.queuedAt == null ? now : attempt.queuedAt);
        } else {
            lane.accepted(begun);
        }
    }

    /** A throttled attempt's step waits with its lane, in the place that it had, and for no time of its own. */
    void lineUpAgain(AttemptRow attempt, CloudEvent<?> cause) {
        if (places.containsKey(attempt.key.step())) {
            apply(progress().onDue(attempt.key.appId(), attempt.key.stepId(), now), cause);
        }
    }

    /** Publishes an attempt in line if its lane, which may be another by now, has room. @return whether it has */
    boolean takeTurn(AttemptRow attempt) {
        var lane = lanes.of(deployment, workflow.step(attempt.key.stepId()));
        attempt.lane = lane == null ? null : lane.id();
        if (lane != null && !lane.takesTurn(deployment.hub, now)) {
            return false;
        }
        apply(progress().onTurn(attempt.key.appId(), attempt.key.stepId(), now), null);
        return true;
    }

    private void leaveLane(StepProgress next) {
        var attempt = live.get(key(next));
        var lane = attempt == null ? null : lanes.byId(attempt.lane);
        if (lane != null && progress(next).isUnderWay() && (isOver(attempt, next) || !next.isUnderWay())) {
            lane.ended();
        }
    }

    /** What is to be published takes its place in line instead where its lane has no room. */
    private StepProgress orInLine(StepProgress next) {
        var before = progress(next);
        var lane = next.begins(before) ? laneOf(next) : null;
        return lane == null || lane.begins(deployment.hub, now) ? next : next.inLine(before);
    }

    private StepProgress progress(StepProgress step) {
        return steps.get(key(step)).progress(live.get(key(step)));
    }

    private HeldLane laneOf(StepProgress step) {
        return lanes.of(deployment, workflow.step(step.stepId()));
    }

    private void endAttempts(List<StepProgress> changed) {
        for (StepProgress next : changed) {
            var attempt = live.get(key(next));
            if (attempt != null && isOver(attempt, next)) {
                attempt.phase = Phase.ENDED;
                attempt.endedAt = now;
                attempt.leaseUntil = null;
                attempt.resendAt = null;
                live.remove(key(next));
                steps.get(key(next)).fence = attempt.fence;
                ended.add(key(next));
            }
        }
    }

    private static boolean isOver(AttemptRow attempt, StepProgress next) {
        return attempt.key.number() != next.number() || next.attempt().phase() == Phase.ENDED;
    }

    /** Brings the attempt's row in line. @return the attempt, if it is to be published now; else null */
    private AttemptRow follow(StepProgress next) {
        var attempt = next.attempt();
        if (attempt == null || attempt.phase() == Phase.ENDED) {
            return null;
        }
        var row = live.get(key(next));
        if (row == null) {
            row = newAttempt(next);
            if (ended.contains(row.key.step())) {
                // An over attempt ends before a new one begins: a step has one live attempt at most, and an index says
                // so.
                Deployment.flush();
            }
            row.persist();
            live.put(key(next), row);
            return row.phase == Phase.OPEN ? row : null;
        }
        var opened = attempt.phase() == Phase.OPEN && row.phase != Phase.OPEN;
        if (row.phase == Phase.PARKED && attempt.phase() != Phase.PARKED) {
            toLane(row, next);
        }
        row.phase = attempt.phase();
        row.mode = attempt.mode();
        if (row.phase != Phase.CLAIMED) {
            row.leaseUntil = null;
        }
        if (opened) {
            row.commandId = Messages.newId();
            row.resendAt = now.plus(timing.resendAfter());
            row.sends = 1;
        }
        return opened ? row : null;
    }

    private AttemptRow newAttempt(StepProgress next) {
        var action = workflow.step(next.stepId()).action();
        var row = new AttemptRow();
        row.key = new AttemptKey(deployment.id, next.appId(), next.stepId(), next.number());
        row.generation = next.generation();
        row.provider = action.provider();
        row.action = action.name();
        row.mode = next.attempt().mode();
        row.phase = next.attempt().phase();
        row.fence = next.attempt().fence();
        row.commandId = Messages.newId();
        row.createdAt = now;
        row.resendAt = row.phase == Phase.OPEN ? now.plus(timing.resendAfter()) : null;
        toLane(row, next);
        return row;
    }

    private void toLane(AttemptRow row, StepProgress next) {
        var lane = laneOf(next);
        var place = places.remove(row.key.step());
        row.lane = lane == null ? null : lane.id();
        row.hub = lane == null ? null : deployment.hub;
        row.queuedAt = lane == null ? null : place == null ? now : place;
    }

    /** Leaves what is due for later: this service does not have the definition, another version of it may. */
    void postpone() {
        var later = now.plus(timing.retryDelay());
        for (StepRow step : steps.values()) {
            if (step.dueAt != null && step.dueAt.isBefore(later)) {
                step.dueAt = later;
            }
            if (step.deadline != null && !step.state.isTerminal() && step.deadline.isBefore(later)) {
                step.deadline = later;
            }
        }
        for (AttemptRow attempt : live.values()) {
            if (attempt.phase == Phase.OPEN && attempt.resendAt.isBefore(later)) {
                attempt.resendAt = later;
            } else if (attempt.phase == Phase.CLAIMED && attempt.leaseUntil.isBefore(now)) {
                attempt.leaseUntil = later;
            }
        }
    }

    /** Publishes an attempt that nobody has claimed for long once more, unless it has not even left the outbox. */
    void resend(AttemptRow attempt) {
        var pause = timing.resendAfter().multipliedBy(1L << Math.min(attempt.sends, 10));
        attempt.resendAt = now.plus(pause.compareTo(timing.resendAtMost()) > 0 ? timing.resendAtMost() : pause);
        attempt.sends++;
        if (OutboxMessage.findById(attempt.commandId) == null) {
            command(attempt, steps.get(attempt.key.step()).requestId, null);
        }
    }

    private void command(AttemptRow attempt, UUID requestId, CloudEvent<?> cause) {
        var key = attempt.key;
        var command = new StepCommand(
                key.deploymentId(), key.appId(), key.stepId(), attempt.action, key.number(), attempt.mode);
        queue(
                attempt.commandId,
                Topics.commands(attempt.provider),
                Topics.stepKey(key.deploymentId(), key.appId(), key.stepId()),
                Messages.write(envelope(
                        attempt.commandId,
                        MessageType.STEP_COMMAND,
                        subject(key.step()),
                        requestId,
                        cause,
                        null,
                        command)));
    }

    private void tell(StepRow row, CloudEvent<?> cause) {
        if (chain == null) {
            chain = deployment.chain().seq() == deployment.seq
                    ? deployment.chain()
                    : EventRow.catchUp(deployment.chain(), deployment.id, deployment.seq);
        }
        row.seq = ++deployment.seq;
        row.since = now;
        Log.debugf("%s is %s, attempt %d", row.key, row.state, row.attempt);
        var event = new DeploymentEvent(
                deployment.id,
                deployment.workflow,
                row.key.appId(),
                row.key.stepId(),
                row.seq,
                row.state,
                row.state.status(),
                row.generation,
                row.undoing,
                row.attempt,
                now,
                row.outputs,
                row.error,
                row.instructions,
                row.dueAt,
                row.requestId);
        var id = Messages.newId();
        var message = envelope(
                id,
                MessageType.DEPLOYMENT_EVENT,
                subject(row.key),
                row.requestId,
                cause,
                Long.toString(row.seq),
                event);
        var entry = new EventRow();
        entry.key = new EventRow.Key(deployment.id, row.seq);
        entry.hub = deployment.hub;
        entry.body = Messages.json().valueToTree(message);
        chain = chain.then(entry.body);
        deployment.keep(chain);
        entry.hash = chain.head();
        log.add(entry);
        queue(id, Topics.EVENTS, deployment.id.toString(), Messages.write(message));
    }

    private <T extends Record> CloudEvent<T> envelope(
            UUID id, MessageType type, String subject, UUID requestId, CloudEvent<?> cause, String sequence, T data) {
        return new CloudEvent<>(
                "1.0",
                id,
                SOURCE,
                type.type(),
                subject,
                now,
                "application/json",
                deployment.hub,
                requestId,
                cause == null ? null : cause.id(),
                cause == null ? null : cause.traceparent(),
                sequence,
                data);
    }

    private void queue(UUID id, String topic, String key, byte[] body) {
        outbox.add(OutboxMessage.of(id, topic, key, body));
    }

    private StepKey key(StepProgress step) {
        return new StepKey(deployment.id, step.appId(), step.stepId());
    }

    private static String subject(StepKey key) {
        return Topics.stepKey(key.deploymentId(), key.appId(), key.stepId());
    }
}
