package io.offshoot.orchestrator.survey;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;

import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.StepCommand;
import io.offshoot.contracts.message.StepResult;
import io.offshoot.contracts.message.Topics;
import io.offshoot.contracts.problem.Problem;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.AskSurvey;
import io.offshoot.contracts.query.ProviderView;
import io.offshoot.contracts.query.SurveyView;
import io.offshoot.contracts.query.SurveyView.Kind;
import io.offshoot.orchestrator.decision.Phase;
import io.offshoot.orchestrator.deployment.App;
import io.offshoot.orchestrator.deployment.Deployment;
import io.offshoot.orchestrator.deployment.EffectRow;
import io.offshoot.orchestrator.deployment.Fate;
import io.offshoot.orchestrator.deployment.Received;
import io.offshoot.orchestrator.deployment.SecretRow;
import io.offshoot.orchestrator.deployment.StepKey;
import io.offshoot.orchestrator.deployment.StepRow;
import io.offshoot.orchestrator.deployment.SurveyRow;
import io.offshoot.orchestrator.lane.Providers;
import io.offshoot.orchestrator.outbox.OutboxMessage;
import io.offshoot.orchestrator.outbox.Relay;
import io.offshoot.orchestrator.service.DatabaseTime;
import io.offshoot.orchestrator.tenancy.Tenancy;
import io.offshoot.orchestrator.timer.Timing;
import io.offshoot.workflows.Workflows;
import io.quarkus.logging.Log;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Looks that change nothing: what a run or a teardown would do, and whether what is owned is as it was left. A survey
 * asks executors by the way that attempts go, command, claim and result, and touches no step: it may be made while
 * anything else goes on, and a run begun meanwhile makes it stale.
 *
 * <p>Idempotent: a survey of the same that is under way is joined, a second result is dropped by its fence.
 * Thread-safe.
 */
@ApplicationScoped
public class Surveys {

    private static final String SOURCE = "/orchestrator";
    private static final String WRONG_TENANT = "wrong-tenant";

    /** Of each deployment and kind so many are kept. */
    private static final int KEPT = 10;

    /** Whose limits a look's step counts against. */
    private record Account(String provider, String connection) implements Comparable<Account> {

        static Account of(LookRow look) {
            return new Account(look.provider, look.context.connection());
        }

        @Override
        public int compareTo(Account other) {
            return Comparator.comparing(Account::provider)
                    .thenComparing(Account::connection)
                    .compare(this, other);
        }
    }

    private final EntityManager entities;
    private final Workflows workflows;
    private final Timing timing;
    private final Relay relay;
    private final Providers providers;
    private final Tenancy tenancy;

    Surveys(
            EntityManager entities,
            Workflows workflows,
            Timing timing,
            Relay relay,
            Providers providers,
            Tenancy tenancy) {
        this.entities = entities;
        this.workflows = workflows;
        this.timing = timing;
        this.relay = relay;
        this.providers = providers;
        this.tenancy = tenancy;
    }

    /**
     * Begins a survey, or joins the one of the same that is under way.
     *
     * @throws ProblemException if the hub has no such deployment or app, or a teardown names none of several
     */
    public SurveyView begin(String hub, UUID deploymentId, AskSurvey asked) {
        var begun = new ArrayList<SurveyView>();
        inOneTransaction(() -> {
            var outbox = new ArrayList<OutboxMessage>();
            begun.add(begin(hub, deploymentId, asked, outbox));
            return outbox;
        });
        return begun.get(0);
    }

    /** @throws ProblemException if the hub's deployment has no such survey */
    @Transactional
    public SurveyView one(String hub, UUID deploymentId, UUID id) {
        tenancy.only(hub);
        SurveyRow survey = SurveyRow.findById(id);
        if (survey == null || !survey.hub.equals(hub) || !survey.deploymentId.equals(deploymentId)) {
            throw new ProblemException(ProblemType.UNKNOWN_PLAN, ProblemType.UNKNOWN_PLAN.cause());
        }
        var looks = LookRow.of(id);
        return Report.view(survey, looks, costs(survey, looks));
    }

    /** @return null if it is not done, or is not to be carried out */
    private List<SurveyView.Cost> costs(SurveyRow survey, List<LookRow> looks) {
        if (survey.doneAt == null || survey.kind == Kind.OBSERVATION) {
            return null;
        }
        var standing = providers.standing(survey.hub);
        return looks.stream()
                // The others have not been looked at.
                .filter(look -> look.context != null)
                .collect(groupingBy(Account::of, TreeMap::new, toList()))
                .entrySet()
                .stream()
                .map(entry -> cost(entry.getKey(), entry.getValue(), standing))
                .filter(cost -> cost.reads() + cost.writes() > 0)
                .toList();
    }

    private static SurveyView.Cost cost(Account account, List<LookRow> looks, List<ProviderView> standing) {
        var findings = looks.stream().flatMap(look -> look.findings.stream()).toList();
        var lane = standing.stream()
                .filter(one -> one.provider().equals(account.provider))
                .flatMap(one -> one.connections().stream())
                .filter(one -> one.name().equals(account.connection))
                .map(ProviderView.Connection::lane)
                .findFirst()
                .orElse(null);
        return Forecast.of(
                account.provider,
                account.connection,
                findings.stream().mapToInt(Finding::reads).sum(),
                findings.stream().mapToInt(Finding::writes).sum(),
                lane);
    }

    /** What executors found. @param provider whose topic it was on @return what became of each */
    public List<Fate> takeResults(String provider, List<Received<StepResult>> results) {
        var fates = new ArrayList<Fate>();
        inOneTransaction(() -> {
            var ids = results.stream()
                    .map(received -> received.message().data().survey())
                    .distinct()
                    .toList();
            Map<UUID, SurveyRow> surveys = SurveyRow.<SurveyRow>find("id in ?1 order by id", ids)
                    .withLock(LockModeType.PESSIMISTIC_WRITE)
                    .list()
                    .stream()
                    .collect(toMap(row -> row.id, row -> row));
            var outbox = new ArrayList<OutboxMessage>();
            var now = now();
            for (Received<StepResult> received : results) {
                var survey = surveys.get(received.message().data().survey());
                fates.add(take(provider, received, survey, now, outbox));
            }
            surveys.values().forEach(survey -> finish(survey, now));
            return outbox;
        });
        return fates;
    }

    /** Acts on everything of a survey whose time has come. Leaves one that somebody else works on alone. */
    public void takeTimers(UUID id, boolean leasesToo) {
        inOneTransaction(() -> {
            var locked = SurveyRow.<SurveyRow>find("id", id)
                    .withLock(LockModeType.PESSIMISTIC_WRITE)
                    .withHint("jakarta.persistence.lock.timeout", -2)
                    .list();
            var outbox = new ArrayList<OutboxMessage>();
            if (locked.isEmpty()) {
                return outbox;
            }
            var survey = locked.get(0);
            var now = now();
            for (LookRow look : LookRow.lockOpen(id)) {
                if (!survey.until.isAfter(now)) {
                    end(look, List.of(Finding.unread("no-answer", "Nobody has looked in time.")));
                } else if (look.phase == Phase.OPEN && !look.resendAt.isAfter(now)
                        || leasesToo && look.phase == Phase.CLAIMED && look.leaseUntil.isBefore(now)) {
                    open(survey, look, now, outbox);
                }
            }
            finish(survey, now);
            return outbox;
        });
    }

    private SurveyView begin(String hub, UUID deploymentId, AskSurvey asked, List<OutboxMessage> outbox) {
        var deployment = Deployment.<Deployment>find("id = ?1 and hub = ?2", deploymentId, hub)
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .<Deployment>firstResultOptional()
                .orElseThrow(() ->
                        new ProblemException(ProblemType.UNKNOWN_DEPLOYMENT, "The hub has no deployment of that id."));
        var workflow = workflows
                .pinned(deployment.workflow, deployment.version, deployment.digest)
                .orElseThrow(
                        () -> new ProblemException(ProblemType.WORKFLOW_CHANGED, ProblemType.WORKFLOW_CHANGED.cause()));
        var apps = App.of(deploymentId);
        var appId = app(asked, apps);
        var underWay = SurveyRow.<SurveyRow>list(
                        "deploymentId = ?1 and kind = ?2 and seq = ?3 and doneAt is null",
                        deploymentId,
                        asked.kind(),
                        deployment.seq)
                .stream()
                .filter(row -> Objects.equals(row.appId, appId) && row.removal == asked.removal())
                .findFirst();
        if (underWay.isPresent()) {
            return Report.view(underWay.get(), LookRow.of(underWay.get().id), null);
        }
        var now = now();
        var survey = new SurveyRow();
        survey.id = Messages.newId();
        survey.deploymentId = deploymentId;
        survey.hub = hub;
        survey.kind = asked.kind();
        survey.appId = appId;
        survey.removal = asked.removal();
        survey.seq = deployment.seq;
        survey.askedBy = asked.by();
        survey.askedAt = now;
        survey.until = now.plus(timing.surveyWithin());
        survey.persist();
        Map<StepKey, StepRow> steps =
                StepRow.of(List.of(deploymentId)).stream().collect(toMap(row -> row.key, row -> row));
        var looks = new Scope(
                        deployment,
                        workflow,
                        survey,
                        steps,
                        EffectRow.of(deploymentId),
                        SecretRow.of(List.of(deploymentId)))
                .looks(apps);
        for (LookRow look : looks) {
            look.persist();
            if (look.phase == Phase.OPEN) {
                open(survey, look, now, outbox);
            }
        }
        finish(survey, now);
        forgetOld(survey);
        Log.infof("Survey %s of %s: %s, %d looks", survey.id, deploymentId, survey.kind, looks.size());
        return Report.view(survey, looks, costs(survey, looks));
    }

    /** @return the app that is meant; null for all */
    private static String app(AskSurvey asked, List<App> apps) {
        if (asked.appId() == null) {
            if (asked.kind() == Kind.TEARDOWN && apps.size() > 1) {
                throw new ProblemException(Problem.of(
                        ProblemType.INVALID_REQUEST,
                        "The deployment has several apps: name the one to take down.",
                        List.of(new Problem.Invalid("/app", "is missing"))));
            }
            return asked.kind() == Kind.TEARDOWN ? apps.get(0).key.appId() : null;
        }
        if (apps.stream().noneMatch(app -> app.key.appId().equals(asked.appId()))) {
            throw new ProblemException(ProblemType.UNKNOWN_APP, "The deployment has no app of that id.");
        }
        return asked.appId();
    }

    private Fate take(
            String provider, Received<StepResult> received, SurveyRow survey, Instant now, List<OutboxMessage> outbox) {
        var message = received.message();
        var result = message.data();
        if (survey == null) {
            // Forgotten since: there is nothing that it could change.
            return Fate.DUPLICATE;
        }
        if (!survey.hub.equals(message.hubid()) || !survey.deploymentId.equals(result.deploymentId())) {
            outbox.add(received.origin().deadLetter(WRONG_TENANT, "The hub's deployment has no such survey", now));
            return Fate.DEAD_LETTER;
        }
        LookRow look = LookRow.findById(
                new LookRow.Key(survey.id, result.appId(), result.stepId()), LockModeType.PESSIMISTIC_WRITE);
        if (look != null && !look.provider.equals(provider)) {
            outbox.add(
                    received.origin().deadLetter(WRONG_TENANT, "The step is not one of the provider " + provider, now));
            return Fate.DEAD_LETTER;
        }
        if (look == null || look.phase == Phase.ENDED || look.fence != result.fence()) {
            return Fate.DUPLICATE;
        }
        switch (result.outcome()) {
            case FOUND -> end(look, result.findings());
            case HANDED_BACK -> open(survey, look, now, outbox);
            case DONE, WAITING, FAILED ->
                end(look, List.of(Finding.unread("executor-error", "The executor did not only look.")));
        }
        return Fate.APPLIED;
    }

    private static void end(LookRow look, List<Finding> findings) {
        look.phase = Phase.ENDED;
        look.leaseUntil = null;
        look.resendAt = null;
        look.findings = findings;
    }

    private void open(SurveyRow survey, LookRow look, Instant now, List<OutboxMessage> outbox) {
        look.sends = look.phase == Phase.OPEN && look.commandId != null ? look.sends + 1 : 1;
        look.phase = Phase.OPEN;
        look.leaseUntil = null;
        look.resendAt = now.plus(timing.resendAfter().multipliedBy(look.sends));
        look.commandId = Messages.newId();
        var key = Topics.stepKey(survey.deploymentId, look.key.appId(), look.key.stepId());
        var command = new StepCommand(
                survey.deploymentId,
                look.key.appId(),
                look.key.stepId(),
                look.context.action(),
                1,
                look.context.mode(),
                survey.id);
        var message = CloudEvent.first(look.commandId, SOURCE, key, now, survey.hub, null, command);
        outbox.add(OutboxMessage.of(look.commandId, Topics.commands(look.provider), key, Messages.write(message)));
    }

    private void finish(SurveyRow survey, Instant now) {
        if (survey.doneAt != null) {
            return;
        }
        var looks = LookRow.of(survey.id);
        if (looks.stream().allMatch(look -> look.phase == Phase.ENDED)) {
            Deployment deployment = Deployment.findById(survey.deploymentId);
            survey.doneAt = now;
            survey.complete = Report.isComplete(looks);
            survey.hash = Report.hash(survey, deployment.digest, looks);
        }
    }

    private void forgetOld(SurveyRow newest) {
        entities.flush();
        entities.createNativeQuery("""
                        delete from survey where id in (
                            select id from survey where deployment_id = ?1 and kind = ?2
                            order by asked_at desc offset ?3)""")
                .setParameter(1, newest.deploymentId)
                .setParameter(2, newest.kind.name())
                .setParameter(3, KEPT)
                .executeUpdate();
    }

    private Instant now() {
        return DatabaseTime.now(entities);
    }

    private void inOneTransaction(Supplier<List<OutboxMessage>> work) {
        relay.send(QuarkusTransaction.requiringNew().call(() -> {
            var outbox = work.get();
            outbox.forEach(message -> message.persist());
            return outbox;
        }));
    }
}
