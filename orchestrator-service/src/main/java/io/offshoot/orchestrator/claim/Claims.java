package io.offshoot.orchestrator.claim;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.claim.AttemptRef;
import io.offshoot.contracts.claim.ClaimAnswer;
import io.offshoot.contracts.claim.ClaimAnswer.Claimed;
import io.offshoot.contracts.claim.ClaimAnswer.Context;
import io.offshoot.contracts.claim.ClaimRequest;
import io.offshoot.contracts.claim.Heartbeat;
import io.offshoot.contracts.claim.LaneUse;
import io.offshoot.contracts.failpoint.Failpoint;
import io.offshoot.contracts.message.StepState;
import io.offshoot.orchestrator.deployment.App;
import io.offshoot.orchestrator.deployment.AppKey;
import io.offshoot.orchestrator.deployment.AttemptKey;
import io.offshoot.orchestrator.deployment.AttemptRow;
import io.offshoot.orchestrator.deployment.Deployment;
import io.offshoot.orchestrator.deployment.EffectRow;
import io.offshoot.orchestrator.deployment.IntentRow;
import io.offshoot.orchestrator.deployment.Ledger;
import io.offshoot.orchestrator.deployment.SecretRow;
import io.offshoot.orchestrator.deployment.StepKey;
import io.offshoot.orchestrator.deployment.StepRow;
import io.offshoot.orchestrator.deployment.Variables;
import io.offshoot.orchestrator.lane.EnteredConnections;
import io.offshoot.orchestrator.lane.KeysetRow;
import io.offshoot.orchestrator.lane.LaneUses;
import io.offshoot.orchestrator.survey.Looks;
import io.offshoot.orchestrator.timer.Timing;
import io.offshoot.workflows.Foresight;
import io.offshoot.workflows.Inputs;
import io.offshoot.workflows.Workflows;
import io.quarkus.logging.Log;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.hibernate.Session;

/**
 * Hands attempts to executors: each to exactly one. One row update decides each, under the database's clock, and
 * touches nothing but the attempt's row.
 *
 * <p>Idempotent: the same claimId gets the same answer, a heartbeat may be repeated. Thread-safe.
 */
@ApplicationScoped
public class Claims {

    /** Rows are always locked in this order, so that two batches never wait for each other. */
    private static final Comparator<AttemptRef> LOCK_ORDER = Comparator.comparing(AttemptRef::deploymentId)
            .thenComparing(AttemptRef::appId)
            .thenComparing(AttemptRef::stepId)
            .thenComparing(AttemptRef::survey, Comparator.nullsFirst(Comparator.naturalOrder()));

    private static final String CLAIM = """
            update attempt
            set phase = 'CLAIMED', fence = fence + case when phase = 'OPEN' then 1 else 0 end,
                claim_id = ?, executor = ?, claimed_at = clock_timestamp(),
                lease_until = clock_timestamp() + ? * interval '1 millisecond', resend_at = null
            where deployment_id = ? and app_id = ? and step_id = ? and number = ? and provider = ?
              and (phase = 'OPEN' or phase = 'CLAIMED' and claim_id = ?)
              and (select digest from deployment where id = deployment_id) = any (?)
            returning fence""";

    private static final String PROLONG = """
            update attempt set lease_until = clock_timestamp() + ? * interval '1 millisecond'
            where deployment_id = ? and app_id = ? and step_id = ? and number = ? and provider = ?
              and fence = ? and phase = 'CLAIMED'""";

    private final DataSource database;
    private final EntityManager entities;
    private final Workflows workflows;
    private final Timing timing;
    private final LaneUses uses;
    private final EnteredConnections entered;
    private final String[] digests;

    Claims(
            DataSource database,
            EntityManager entities,
            Workflows workflows,
            Timing timing,
            LaneUses uses,
            EnteredConnections entered) {
        this.database = database;
        this.entities = entities;
        this.workflows = workflows;
        this.timing = timing;
        this.uses = uses;
        this.entered = entered;
        this.digests =
                workflows.all().stream().map(definition -> definition.digest()).toArray(String[]::new);
    }

    /**
     * Attempts of a definition that this replica does not have are nobody's: one that has it is asked later.
     *
     * @param provider the asking executor's; attempts of others are never its
     */
    @Transactional
    ClaimAnswer claim(ClaimRequest request, String provider) throws SQLException {
        var fences = new HashMap<AttemptRef, Long>();
        var looks = new HashMap<AttemptRef, Claimed>();
        try (var connection = database.getConnection()) {
            for (AttemptRef attempt :
                    request.attempts().stream().distinct().sorted(LOCK_ORDER).toList()) {
                if (attempt.survey() != null) {
                    var lease = timing.lease().toMillis();
                    looks.put(attempt, Looks.claim(connection, request, attempt, provider, lease));
                    continue;
                }
                var fence = claim(connection, request, attempt, provider);
                if (fence != null) {
                    fences.put(attempt, fence);
                }
            }
        }
        var contexts = fences.isEmpty() ? Map.<AttemptRef, Context>of() : contexts(fences.keySet());
        sign(looks);
        var answers = request.attempts().stream()
                .map(attempt -> attempt.survey() == null
                        ? new Claimed(attempt, fences.containsKey(attempt), fences.get(attempt), contexts.get(attempt))
                        : looks.get(attempt))
                .toList();
        if (!fences.isEmpty()) {
            Failpoint.ORCHESTRATOR_BEFORE_CLAIM_COMMIT.reached();
        }
        var hubs = answers.stream()
                .filter(Claimed::yours)
                .map(claimed -> claimed.context().hub())
                .collect(toSet());
        return new ClaimAnswer(timing.lease().toMillis(), answers, entered.of(hubs, provider));
    }

    /** @param provider the asking executor's; leases of others are always lost to it */
    @Transactional
    Heartbeat.Answer prolong(Heartbeat heartbeat, String provider) throws SQLException {
        var lost = new ArrayList<Heartbeat.Lease>();
        var leases = heartbeat.leases().stream()
                .sorted(Comparator.comparing(Heartbeat.Lease::attempt, LOCK_ORDER))
                .toList();
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(PROLONG)) {
            for (Heartbeat.Lease lease : leases) {
                if (lease.attempt().survey() != null) {
                    if (!Looks.prolong(
                            connection, lease, provider, timing.lease().toMillis())) {
                        lost.add(lease);
                    }
                    continue;
                }
                statement.setLong(1, timing.lease().toMillis());
                var next = name(statement, 2, lease.attempt());
                statement.setString(next, provider);
                statement.setLong(next + 1, lease.fence());
                if (statement.executeUpdate() == 0) {
                    lost.add(lease);
                }
            }
        }
        return new Heartbeat.Answer(timing.lease().toMillis(), lost);
    }

    private Long claim(Connection connection, ClaimRequest request, AttemptRef attempt, String provider)
            throws SQLException {
        try (var statement = connection.prepareStatement(CLAIM)) {
            statement.setObject(1, request.claimId());
            statement.setString(2, request.executor());
            statement.setLong(3, timing.lease().toMillis());
            var next = name(statement, 4, attempt);
            statement.setString(next, provider);
            statement.setObject(next + 1, request.claimId());
            statement.setArray(next + 2, connection.createArrayOf("text", digests));
            var row = statement.executeQuery();
            return row.next() ? row.getLong(1) : null;
        }
    }

    /** @return the index after the four that name the attempt */
    private static int name(PreparedStatement statement, int from, AttemptRef attempt) throws SQLException {
        statement.setObject(from, attempt.deploymentId());
        statement.setString(from + 1, attempt.appId());
        statement.setString(from + 2, attempt.stepId());
        statement.setInt(from + 3, attempt.attempt());
        return from + 4;
    }

    /** Joins what the hub signed to the looks that it is needed for. */
    private static void sign(Map<AttemptRef, Claimed> looks) {
        var signed = looks.values().stream()
                .filter(look -> look.context() != null && look.context().intent() != null)
                .toList();
        if (signed.isEmpty()) {
            return;
        }
        Map<UUID, IntentRow> intents =
                IntentRow.of(signed.stream()
                                .map(look -> look.attempt().deploymentId())
                                .distinct()
                                .toList())
                        .stream()
                        .collect(toMap(row -> row.deploymentId, row -> row));
        for (Claimed look : signed) {
            var intent = intents.get(look.attempt().deploymentId());
            var context = look.context();
            looks.put(
                    look.attempt(),
                    new Claimed(
                            look.attempt(),
                            true,
                            look.fence(),
                            context.with(new ClaimAnswer.Intent(
                                    intent.signed(), context.intent().outputs()))));
        }
    }

    private Map<AttemptRef, Context> contexts(Set<AttemptRef> attempts) {
        // What is read here is not written here: nothing is kept to compare with at the end.
        entities.unwrap(Session.class).setDefaultReadOnly(true);
        var ids = attempts.stream().map(AttemptRef::deploymentId).distinct().toList();
        Map<UUID, Deployment> deployments =
                Deployment.<Deployment>list("id in ?1", ids).stream().collect(toMap(row -> row.id, row -> row));
        Map<AppKey, App> apps =
                App.<App>list("key.deploymentId in ?1", ids).stream().collect(toMap(row -> row.key, row -> row));
        Map<StepKey, StepRow> steps = StepRow.of(ids).stream().collect(toMap(row -> row.key, row -> row));
        Map<AttemptKey, AttemptRow> rows = AttemptRow.live(ids).stream().collect(toMap(row -> row.key, row -> row));
        Map<UUID, IntentRow> intents =
                IntentRow.of(deployments.values().stream()
                                .filter(Deployment::isSigned)
                                .map(row -> row.id)
                                .toList())
                        .stream()
                        .collect(toMap(row -> row.deploymentId, row -> row));
        var secrets = secrets(deployments.values(), apps.values());
        var used = uses.of(rows.values());
        var contexts = new HashMap<AttemptRef, Context>();
        for (AttemptRef ref : attempts) {
            var deployment = deployments.get(ref.deploymentId());
            var intent = intents.get(ref.deploymentId());
            var context = context(
                    deployment,
                    apps.get(new AppKey(ref.deploymentId(), ref.appId())),
                    steps.get(new StepKey(ref.deploymentId(), ref.appId(), ref.stepId())),
                    steps.values(),
                    rows.get(new AttemptKey(ref.deploymentId(), ref.appId(), ref.stepId(), ref.attempt())),
                    used,
                    secrets);
            contexts.put(
                    ref,
                    intent == null
                            ? context
                            : context.with(new ClaimAnswer.Intent(
                                    intent.signed(), outputs(ref.deploymentId(), ref.appId(), steps.values()))));
        }
        return contexts;
    }

    /** Most deployments have none. */
    private static List<SecretRow> secrets(Collection<Deployment> deployments, Collection<App> apps) {
        var ids = Stream.concat(
                        deployments.stream()
                                .filter(row -> !row.envSecrets.isEmpty())
                                .map(row -> row.id),
                        apps.stream().filter(row -> !row.envSecrets.isEmpty()).map(row -> row.key.deploymentId()))
                .distinct()
                .toList();
        return ids.isEmpty() ? List.of() : SecretRow.of(ids);
    }

    private Context context(
            Deployment deployment,
            App app,
            StepRow step,
            Collection<StepRow> all,
            AttemptRow attempt,
            Map<String, LaneUse> used,
            Collection<SecretRow> secrets) {
        var variables = Variables.of(deployment, app);
        var action = action(deployment, step);
        var isUndone = attempt.mode == AttemptMode.UNDO;
        var foreseen = foreseen(deployment, app, step, all, isUndone);
        return new Context(
                deployment.hub,
                attempt.action,
                attempt.mode,
                attempt.generation,
                connection(deployment, step, attempt),
                foreseen == null ? null : foreseen.input(),
                variables.plain(),
                step.checkpoint,
                step.previousGeneration,
                isUndone && foreseen != null ? foreseen.unknown() : null,
                isUndone ? Ledger.owned(EffectRow.of(deployment.id), step.key.appId(), step.key.stepId()) : null,
                isUndone ? step.undoing : null,
                attempt.lane == null ? null : used.get(attempt.lane),
                action.map(known -> variables.sealedFor(known, deployment, secrets))
                        .orElse(null),
                action.filter(known -> !known.sealsFor().isEmpty())
                        .map(known -> KeysetRow.of(known.sealsFor()).stream()
                                .map(KeysetRow::published)
                                .toList())
                        .orElse(null),
                null);
    }

    private Optional<Action<?, ?>> action(Deployment deployment, StepRow step) {
        return workflows
                .pinned(deployment.workflow, deployment.version, deployment.digest)
                .map(workflow -> workflow.step(step.key.stepId()).action());
    }

    private String connection(Deployment deployment, StepRow step, AttemptRow attempt) {
        return workflows
                .pinned(deployment.workflow, deployment.version, deployment.digest)
                .map(workflow -> deployment.connection(workflow.step(step.key.stepId())))
                .orElseGet(() -> deployment.connection(attempt.provider));
    }

    /**
     * The action's input; null if it cannot be built, which the executor reports as invalid. What is taken back may have
     * failed before all that it needs was there.
     */
    private Foresight foreseen(Deployment deployment, App app, StepRow step, Collection<StepRow> all, boolean mayLack) {
        var workflow = workflows.pinned(deployment.workflow, deployment.version, deployment.digest);
        if (workflow.isEmpty()) {
            return null;
        }
        var outputs = outputs(deployment.id, app.key.appId(), all);
        var definition = workflow.get();
        var part = Inputs.part(definition.step(step.key.stepId()), app.input, step.args);
        var id = step.key.stepId();
        try {
            return mayLack
                    ? Foresight.of(
                            definition,
                            id,
                            deployment.hub,
                            app.key.appId(),
                            deployment.connections,
                            deployment.config,
                            part,
                            outputs)
                    : new Foresight(
                            Inputs.build(
                                    definition,
                                    id,
                                    deployment.hub,
                                    app.key.appId(),
                                    deployment.connections,
                                    deployment.config,
                                    part,
                                    outputs),
                            List.of());
        } catch (RuntimeException e) {
            Log.errorf(e, "The input of %s cannot be built", step.key);
            return null;
        }
    }

    /** What the app's steps that have succeeded brought, by step id. */
    private static Map<String, ObjectNode> outputs(UUID deploymentId, String appId, Collection<StepRow> all) {
        var outputs = new HashMap<String, ObjectNode>();
        for (StepRow other : all) {
            if (other.state == StepState.SUCCEEDED
                    && other.key.deploymentId().equals(deploymentId)
                    && other.key.appId().equals(appId)) {
                outputs.put(other.key.stepId(), other.outputs);
            }
        }
        return outputs;
    }
}
