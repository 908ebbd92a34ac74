package io.offshoot.orchestrator.deployment;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import io.offshoot.contracts.failpoint.Failpoint;
import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.StepResult;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.RequestView;
import io.offshoot.contracts.query.SurveyView.Kind;
import io.offshoot.orchestrator.decision.Decision;
import io.offshoot.orchestrator.decision.Phase;
import io.offshoot.orchestrator.decision.Progress;
import io.offshoot.orchestrator.lane.Lanes;
import io.offshoot.orchestrator.lane.Line;
import io.offshoot.orchestrator.outbox.OutboxMessage;
import io.offshoot.orchestrator.outbox.Relay;
import io.offshoot.orchestrator.receipt.Receipts;
import io.offshoot.orchestrator.service.DatabaseTime;
import io.offshoot.orchestrator.timer.Timing;
import io.offshoot.workflows.Workflow;
import io.offshoot.workflows.Workflows;
import io.quarkus.logging.Log;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Takes in what happens to deployments. Each call is one transaction: lock, drop what was seen, decide, store, log,
 * queue; after the commit what was queued goes to Kafka from memory.
 *
 * <p>Idempotent: a request is known by its id, a result by attempt and fence, a timer by the row that is no longer
 * due. Thread-safe. A failure of the database comes out as it is, with nothing stored.
 */
@ApplicationScoped
public class Deployments {

    private final EntityManager entities;
    private final Workflows workflows;
    private final Timing timing;
    private final Relay relay;
    private final Clock clock;
    private final Lanes lanes;
    private final Line line;
    private final Receipts receipts;

    Deployments(
            EntityManager entities,
            Workflows workflows,
            Timing timing,
            Relay relay,
            Clock clock,
            Lanes lanes,
            Line line,
            Receipts receipts) {
        this.entities = entities;
        this.workflows = workflows;
        this.timing = timing;
        this.relay = relay;
        this.clock = clock;
        this.lanes = lanes;
        this.line = line;
        this.receipts = receipts;
    }

    /** Requests, in the order of their partition. @return what became of each */
    public List<Fate> takeRequests(List<Received<DeploymentRequest>> requests) {
        var fates = new ArrayList<Fate>();
        inOneTransaction(() -> {
            var held = lock(requests, request -> request.deploymentId());
            var seen = new HashSet<UUID>(seen(requests));
            var outbox = new ArrayList<OutboxMessage>();
            for (Received<DeploymentRequest> received : requests) {
                var message = received.message();
                if (!seen.add(message.id())) {
                    fates.add(Fate.DUPLICATE);
                    continue;
                }
                var deployment = held.get(message.data().deploymentId());
                if (deployment == null || !deployment.hub().equals(message.hubid())) {
                    store(message, refusal(ProblemType.UNKNOWN_DEPLOYMENT));
                    outbox.add(deadLetter("unknown-deployment", "The hub has no such deployment", received.origin()));
                    fates.add(Fate.DEAD_LETTER);
                    continue;
                }
                var decision = deployment.workflow() == null
                        ? refusal(ProblemType.WORKFLOW_CHANGED)
                        : decide(
                                message.data(),
                                message.id(),
                                deployment.isSigned(),
                                deployment.seq(),
                                deployment.progress(),
                                deployment.now());
                store(message, decision);
                if (message.data().kind() == DeploymentRequest.Kind.HINT) {
                    deployment.note(message.data());
                }
                deployment.apply(decision, message);
                fates.add(Fate.APPLIED);
            }
            held.values().forEach(deployment -> outbox.addAll(close(deployment)));
            return outbox;
        });
        return fates;
    }

    /** Results, in any order. @param provider whose topic they were on @return what became of each */
    public List<Fate> takeResults(String provider, List<Received<StepResult>> results) {
        var fates = new ArrayList<Fate>();
        inOneTransaction(() -> {
            var held = lock(results, result -> result.deploymentId());
            var outbox = new ArrayList<OutboxMessage>();
            for (Received<StepResult> received : results) {
                var message = received.message();
                var result = message.data();
                var deployment = held.get(result.deploymentId());
                var rejection = rejection(provider, message, deployment);
                if (rejection != null) {
                    outbox.add(deadLetter("wrong-tenant", rejection, received.origin()));
                    fates.add(Fate.DEAD_LETTER);
                    continue;
                }
                if (deployment.workflow() == null) {
                    outbox.add(deadLetter(
                            "workflow-changed", "The definition of this deployment is gone", received.origin()));
                    fates.add(Fate.DEAD_LETTER);
                    continue;
                }
                keepEvidence(provider, result);
                var decision = deployment.progress().on(result, deployment.now());
                fates.add(decision.changed().isEmpty() ? Fate.DUPLICATE : Fate.APPLIED);
                if (!decision.changed().isEmpty()) {
                    var attempt = deployment.live(new StepKey(result.deploymentId(), result.appId(), result.stepId()));
                    if (result.outcome() != StepResult.Outcome.HANDED_BACK) {
                        attempt.outcome = result.outcome();
                        attempt.failure = result.failure();
                    }
                    deployment.report(attempt, result);
                    deployment.apply(deployment.sooner(decision, attempt), message);
                    deployment.lineUpAgain(attempt, message);
                }
            }
            held.values().forEach(deployment -> outbox.addAll(close(deployment)));
            return outbox;
        });
        return fates;
    }

    /** A request that cannot be taken in: it is refused, and its record kept as a dead letter. */
    public void giveUp(Received<DeploymentRequest> request) {
        inOneTransaction(() -> {
            if (seen(List.of(request)).isEmpty()) {
                store(request.message(), refusal(ProblemType.INTERNAL));
            }
            return List.of(deadLetter("failed", "Taking it in failed; the log knows why", request.origin()));
        });
    }

    /** Records that cannot be taken in. */
    public void takeUnreadable(String reason, String detail, Received.Origin origin) {
        inOneTransaction(() -> List.of(deadLetter(reason, detail, origin)));
    }

    /**
     * Acts on everything of a deployment whose time has come. Leaves a deployment that somebody else works on alone.
     *
     * @param leasesToo whether leases may be taken as lapsed now
     */
    public void takeTimers(UUID deploymentId, boolean leasesToo) {
        inOneTransaction(
                () -> actOnTimers(deploymentId, leasesToo),
                Failpoint.ORCHESTRATOR_BEFORE_TIMER_COMMIT,
                Failpoint.ORCHESTRATOR_AFTER_TIMER_COMMIT);
    }

    private List<OutboxMessage> actOnTimers(UUID deploymentId, boolean leasesToo) {
        var locked = Deployment.<Deployment>find("id", deploymentId)
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .withHint("jakarta.persistence.lock.timeout", -2)
                .list();
        if (locked.isEmpty()) {
            return List.of();
        }
        var deployment = load(locked).get(0);
        if (deployment.workflow() == null) {
            deployment.postpone();
            return List.of();
        }
        for (StepRow step : List.copyOf(deployment.steps())) {
            actOnTimers(deployment, step, leasesToo);
        }
        return close(deployment);
    }

    private static void actOnTimers(LockedDeployment deployment, StepRow step, boolean leasesToo) {
        var now = deployment.now();
        var app = step.key.appId();
        var id = step.key.stepId();
        var attempt = deployment.live(step.key);
        if (step.deadline != null && !step.deadline.isAfter(now)) {
            Log.infof("Deadline passed: %s", step.key);
            deployment.apply(deployment.progress().onDeadline(app, id, now), null);
        } else if (step.dueAt != null && !step.dueAt.isAfter(now)) {
            deployment.apply(deployment.progress().onDue(app, id, now), null);
        } else if (attempt == null) {
            return;
        } else if (leasesToo && attempt.phase == Phase.CLAIMED && attempt.leaseUntil.isBefore(now)) {
            Log.infof("Lease lapsed: %s attempt %d", step.key, attempt.key.number());
            deployment.apply(deployment.progress().onLeaseLapsed(app, id, now), null);
        } else if (attempt.phase == Phase.OPEN && !attempt.resendAt.isAfter(now)) {
            deployment.resend(attempt);
        }
    }

    /**
     * Publishes the attempt whose turn it is in a lane, if there is room. The lane is locked after the deployment, as
     * always; so whose turn it is is asked once more when both are.
     *
     * @return whether one was published, so that it may be another's turn now
     */
    public boolean takeTurn(String laneId) {
        var next = QuarkusTransaction.requiringNew().call(() -> line.first(laneId));
        if (next.isEmpty()) {
            return false;
        }
        var key = next.get();
        var published = new boolean[1];
        inOneTransaction(
                () -> {
                    var locked = Deployment.<Deployment>find("id", key.deploymentId())
                            .withLock(LockModeType.PESSIMISTIC_WRITE)
                            .list();
                    if (locked.isEmpty()) {
                        return List.of();
                    }
                    var deployment = load(locked).get(0);
                    var attempt = deployment.live(key.step());
                    if (attempt == null || attempt.phase != Phase.QUEUED) {
                        // Somebody was faster, and it may be another's turn.
                        published[0] = true;
                    } else if (deployment.workflow() == null) {
                        attempt.queuedAt = deployment.now();
                    } else if (line.first(laneId).filter(key::equals).isEmpty()) {
                        published[0] = true;
                    } else {
                        published[0] = deployment.takeTurn(attempt);
                    }
                    return close(deployment);
                },
                Failpoint.ORCHESTRATOR_BEFORE_TIMER_COMMIT,
                Failpoint.ORCHESTRATOR_AFTER_TIMER_COMMIT);
        return published[0];
    }

    /** What would follow from a request now. Stores and locks nothing. */
    public Decision peek(Deployment deployment, Workflow workflow, DeploymentRequest request) {
        var ids = List.of(deployment.id);
        Map<StepKey, AttemptRow> live =
                AttemptRow.live(ids).stream().collect(toMap(row -> row.key.step(), Function.identity()));
        var progress = LockedDeployment.progress(deployment.id, workflow, timing, StepRow.of(ids), live);
        return decide(request, Messages.newId(), deployment.isSigned(), deployment.seq, progress, clock.instant());
    }

    /** A request that is bound to a plan begins something only if that is still what would happen. */
    private static Decision decide(
            DeploymentRequest request, UUID id, boolean isSigned, long seq, Progress progress, Instant now) {
        if (isSigned && request.args() != null) {
            // No executor would take them either.
            return refusal(ProblemType.ARGS_NOT_SIGNED);
        }
        if (request.plan() == null) {
            return progress.on(request, id, now);
        }
        var isTeardown = request.kind() == DeploymentRequest.Kind.TEARDOWN;
        var plan = SurveyRow.newest(request.deploymentId(), isTeardown ? Kind.TEARDOWN : Kind.PLAN)
                .filter(survey -> survey.hash.equals(request.plan()));
        if (isTeardown
                && plan.filter(survey -> !survey.appId.equals(request.appId())).isPresent()) {
            return refusal(ProblemType.NAME_MISMATCH);
        }
        var decision = progress.on(request, id, now);
        return decision.outcome() != RequestView.Outcome.STARTED
                        || plan.filter(survey -> isCurrent(survey, request, seq))
                                .isPresent()
                ? decision
                : refusal(ProblemType.STALE_PLAN);
    }

    private static boolean isCurrent(SurveyRow plan, DeploymentRequest request, long seq) {
        return plan.complete
                && plan.seq == seq
                && plan.removal == request.removal()
                && Objects.equals(plan.appId, request.appId());
    }

    /** What is to be done before the commit, whatever happened. @return what is to be sent after it */
    private List<OutboxMessage> close(LockedDeployment deployment) {
        if (deployment.hasJustEnded()) {
            receipts.make(deployment.row(), deployment.workflow(), deployment.steps(), deployment.now());
        }
        return deployment.close();
    }

    private void inOneTransaction(Supplier<List<OutboxMessage>> work) {
        inOneTransaction(work, Failpoint.ORCHESTRATOR_BEFORE_COMMIT, Failpoint.ORCHESTRATOR_AFTER_COMMIT);
    }

    private void inOneTransaction(Supplier<List<OutboxMessage>> work, Failpoint beforeCommit, Failpoint afterCommit) {
        var committed = QuarkusTransaction.requiringNew().call(() -> {
            var outbox = work.get();
            outbox.forEach(message -> message.persist());
            if (!outbox.isEmpty()) {
                // Else the commits of timers that find nothing to do would count.
                beforeCommit.reached();
            }
            return outbox;
        });
        if (!committed.isEmpty()) {
            afterCommit.reached();
        }
        relay.send(committed);
    }

    private <T extends Record> Map<UUID, LockedDeployment> lock(
            List<Received<T>> messages, Function<T, UUID> deploymentId) {
        var ids = messages.stream()
                .map(received -> deploymentId.apply(received.message().data()))
                .collect(toSet());
        List<Deployment> locked = Deployment.<Deployment>find("id in ?1 order by id", ids)
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .list();
        return load(locked).stream().collect(toMap(LockedDeployment::id, Function.identity()));
    }

    private List<LockedDeployment> load(List<Deployment> locked) {
        var definitions = new HashMap<UUID, Workflow>();
        for (Deployment row : locked) {
            definitions.put(
                    row.id,
                    workflows.pinned(row.workflow, row.version, row.digest).orElse(null));
        }
        var held = lanes.lock(locked, definitions);
        var now = DatabaseTime.now(entities);
        return LockedDeployment.of(locked, definitions, held, timing, now);
    }

    private static Set<UUID> seen(List<Received<DeploymentRequest>> requests) {
        var ids = requests.stream().map(received -> received.message().id()).toList();
        return RequestRow.<RequestRow>list("id in ?1", ids).stream()
                .map(row -> row.id)
                .collect(toSet());
    }

    private static void store(CloudEvent<DeploymentRequest> message, Decision decision) {
        var row = new RequestRow();
        row.id = message.id();
        row.hub = message.hubid();
        row.deploymentId = message.data().deploymentId();
        row.kind = message.data().kind();
        row.outcome = decision.outcome();
        row.code = decision.refusal() == null ? null : decision.refusal().code();
        row.detail = decision.detail();
        row.requestedBy = message.data().requestedBy();
        row.persist();
        Log.infof("Request %s of %s: %s", row.kind, row.deploymentId, row.outcome);
    }

    private static Decision refusal(ProblemType type) {
        return new Decision(List.of(), RequestView.Outcome.REFUSED, type, type.cause());
    }

    /** Why a result is nobody's to apply; null if it is in order. */
    private static String rejection(String provider, CloudEvent<StepResult> message, LockedDeployment deployment) {
        if (deployment == null || !deployment.hub().equals(message.hubid())) {
            return "The hub has no such deployment";
        }
        if (deployment.workflow() == null) {
            return null;
        }
        var step = deployment.workflow().steps().stream()
                .filter(candidate -> candidate.id().equals(message.data().stepId()))
                .findFirst();
        return step.isPresent() && step.get().action().provider().equals(provider)
                ? null
                : "The step is not one of the provider " + provider;
    }

    /** Effects count whatever becomes of the result that reports them. The same one reported again is there already. */
    private void keepEvidence(String provider, StepResult result) {
        for (Effect effect : result.effects()) {
            entities.createNativeQuery("""
                            insert into effect (deployment_id, app_id, step_id, attempt, effect_key, kind, provider,
                                                provider_id, name, account, verb, mark, settings, note, seen_at)
                            select deployment_id, app_id, step_id, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,
                                   clock_timestamp()
                            from step
                            where deployment_id = ?1 and app_id = ?2 and step_id = ?3
                            on conflict do nothing""")
                    .setParameter(1, result.deploymentId())
                    .setParameter(2, result.appId())
                    .setParameter(3, result.stepId())
                    .setParameter(4, result.attempt())
                    .setParameter(5, effect.key())
                    .setParameter(6, effect.kind())
                    .setParameter(7, provider)
                    .setParameter(8, effect.id())
                    .setParameter(9, effect.name())
                    .setParameter(10, effect.account())
                    .setParameter(11, effect.verb().name())
                    .setParameter(12, effect.mark())
                    .setParameter(13, effect.settings())
                    .setParameter(14, effect.note())
                    .executeUpdate();
        }
    }

    private OutboxMessage deadLetter(String reason, String detail, Received.Origin origin) {
        return origin.deadLetter(reason, detail, clock.instant());
    }
}
