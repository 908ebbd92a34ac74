package io.offshoot.orchestrator.query;

import static java.util.stream.Collectors.groupingBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.PublicStatus;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.ActionView;
import io.offshoot.contracts.query.AttemptView;
import io.offshoot.contracts.query.DeploymentView;
import io.offshoot.contracts.query.EventPage;
import io.offshoot.contracts.query.IntentView;
import io.offshoot.contracts.query.RequestView;
import io.offshoot.contracts.query.ResourceView;
import io.offshoot.orchestrator.deployment.App;
import io.offshoot.orchestrator.deployment.AppKey;
import io.offshoot.orchestrator.deployment.AttemptRow;
import io.offshoot.orchestrator.deployment.Deployment;
import io.offshoot.orchestrator.deployment.EffectRow;
import io.offshoot.orchestrator.deployment.EventRow;
import io.offshoot.orchestrator.deployment.IntentRow;
import io.offshoot.orchestrator.deployment.Ledger;
import io.offshoot.orchestrator.deployment.RequestRow;
import io.offshoot.orchestrator.deployment.StepKey;
import io.offshoot.orchestrator.deployment.StepRow;
import io.offshoot.orchestrator.tenancy.Tenancy;
import io.offshoot.workflows.Workflow;
import io.offshoot.workflows.Workflows;
import io.quarkus.panache.common.Page;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Answers questions about the deployments of one hub. Another hub's deployment does not exist here, which the database
 * sees to as well. Writes nothing.
 */
@ApplicationScoped
public class Queries {

    private final EntityManager entities;
    private final Workflows workflows;
    private final Tenancy tenancy;

    Queries(EntityManager entities, Workflows workflows, Tenancy tenancy) {
        this.entities = entities;
        this.workflows = workflows;
        this.tenancy = tenancy;
    }

    /** @throws ProblemException if the hub has no such deployment */
    @Transactional
    public DeploymentView deployment(String hub, UUID id) {
        tenancy.only(hub);
        var row = find(hub, id);
        return Views.deployment(
                row, definition(row), App.of(id), StepRow.of(List.of(id)), AttemptRow.live(List.of(id)));
    }

    /** Newest first. @param before the cursor of an earlier page; null for the first */
    @Transactional
    DeploymentView.Page page(String hub, UUID before, int limit) {
        tenancy.only(hub);
        var rows = before == null
                ? Deployment.<Deployment>find("hub = ?1 order by id desc", hub)
                : Deployment.<Deployment>find("hub = ?1 and id < ?2 order by id desc", hub, before);
        var found = rows.page(Page.ofSize(limit + 1)).list();
        var shown = found.subList(0, Math.min(limit, found.size()));
        var ids = shown.stream().map(row -> row.id).toList();
        Map<UUID, List<StepRow>> steps = StepRow.of(ids).stream().collect(groupingBy(row -> row.key.deploymentId()));
        Map<UUID, List<App>> apps = App.<App>list("key.deploymentId in ?1 order by position", ids).stream()
                .collect(groupingBy(row -> row.key.deploymentId()));
        return new DeploymentView.Page(
                shown.stream()
                        .map(row -> new DeploymentView.Summary(
                                row.id,
                                row.workflow,
                                status(steps.get(row.id)),
                                row.createdAt,
                                apps.get(row.id).stream()
                                        .map(app -> app.key.appId())
                                        .toList()))
                        .toList(),
                found.size() > limit ? shown.get(limit - 1).id.toString() : null);
    }

    private static PublicStatus status(List<StepRow> steps) {
        return Views.together(steps.stream().map(row -> row.state.status()).toList());
    }

    /** @param request whose outcome is told too; null for none */
    @Transactional
    ActionView action(String hub, UUID id, String appId, String actionId, UUID request) {
        tenancy.only(hub);
        var key = new StepKey(id, appId, actionId);
        StepRow row = StepRow.findById(key);
        if (row == null || Deployment.ofHub(hub, id).isEmpty()) {
            throw missing(hub, id, appId);
        }
        var live = AttemptRow.<AttemptRow>find(
                        "key.deploymentId = ?1 and key.appId = ?2 and key.stepId = ?3 and key.number = ?4",
                        id,
                        appId,
                        actionId,
                        row.attempt)
                .firstResult();
        return Views.action(row, live, request == null ? null : outcome(hub, id, request));
    }

    /** Every attempt of an action, the first first. */
    @Transactional
    List<AttemptView> attempts(String hub, UUID id, String appId, String actionId) {
        tenancy.only(hub);
        var key = new StepKey(id, appId, actionId);
        if (StepRow.findById(key) == null || Deployment.ofHub(hub, id).isEmpty()) {
            throw missing(hub, id, appId);
        }
        return AttemptRow.of(key).stream().map(Views::attempt).toList();
    }

    /** What the deployment owns now, the first seen first. @param all also what was only found, and what was removed */
    @Transactional
    List<ResourceView> resources(String hub, UUID id, boolean all) {
        tenancy.only(hub);
        find(hub, id);
        return Ledger.resources(EffectRow.of(id)).stream()
                .filter(resource -> all || resource.owned())
                .toList();
    }

    /** What the hub signed. @throws ProblemException if it signed nothing */
    @Transactional
    IntentView intent(String hub, UUID id) {
        tenancy.only(hub);
        var deployment = find(hub, id);
        return IntentRow.<IntentRow>findByIdOptional(id)
                .map(row -> row.view(deployment.intentDigest))
                .orElseThrow(() -> new ProblemException(ProblemType.NO_INTENT, ProblemType.NO_INTENT.cause()));
    }

    /** What was made of a request; accepted while it has not been seen. */
    @Transactional
    RequestView request(String hub, UUID id, UUID request) {
        tenancy.only(hub);
        return outcome(hub, id, request);
    }

    private RequestView outcome(String hub, UUID id, UUID request) {
        find(hub, id);
        return RequestRow.<RequestRow>find("id = ?1 and deploymentId = ?2 and hub = ?3", request, id, hub)
                .firstResultOptional()
                .map(RequestRow::view)
                .orElseGet(() -> new RequestView(request, RequestView.Outcome.ACCEPTED, null, null));
    }

    @Transactional
    EventPage events(String hub, UUID id, long after, int limit) {
        tenancy.only(hub);
        find(hub, id);
        var rows = EventRow.after(id, after, limit);
        var last = rows.isEmpty() ? after : rows.get(rows.size() - 1).key.seq();
        return new EventPage(rows.stream().map(row -> row.body).toList(), Long.toString(last));
    }

    /**
     * The events of all the hub's deployments after a cursor. Events of transactions that a running one may still
     * come before are held back, so a late commit is never skipped.
     */
    @Transactional
    EventPage feed(String hub, FeedCursor after, int limit) {
        tenancy.only(hub);
        if (after == null) {
            var now = entities.createNativeQuery("select pg_snapshot_xmin(pg_current_snapshot())::text", String.class)
                    .getSingleResult();
            return new EventPage(List.of(), FeedCursor.before((String) now).text());
        }
        @SuppressWarnings("unchecked")
        List<Object[]> rows = entities.createNativeQuery("""
                        select transaction::text, position, body::text from event
                        where hub = ?1 and (transaction, position) > (cast(?2 as xid8), ?3)
                          and transaction < pg_snapshot_xmin(pg_current_snapshot())
                        order by transaction, position limit ?4""")
                .setParameter(1, hub)
                .setParameter(2, after.transaction())
                .setParameter(3, after.position())
                .setParameter(4, limit)
                .getResultList();
        var events = new ArrayList<JsonNode>();
        var cursor = after;
        for (Object[] row : rows) {
            events.add(tree((String) row[2]));
            cursor = new FeedCursor((String) row[0], ((Number) row[1]).longValue());
        }
        return new EventPage(events, cursor.text());
    }

    /** @throws ProblemException if the hub has no such deployment */
    public Deployment find(String hub, UUID id) {
        return Deployment.ofHub(hub, id)
                .orElseThrow(() ->
                        new ProblemException(ProblemType.UNKNOWN_DEPLOYMENT, "The hub has no deployment of that id."));
    }

    /** @throws ProblemException if this service no longer has the definition */
    public Workflow definition(Deployment row) {
        return workflows
                .pinned(row.workflow, row.version, row.digest)
                .orElseThrow(
                        () -> new ProblemException(ProblemType.WORKFLOW_CHANGED, ProblemType.WORKFLOW_CHANGED.cause()));
    }

    private ProblemException missing(String hub, UUID id, String appId) {
        find(hub, id);
        return App.findById(new AppKey(id, appId)) == null
                ? new ProblemException(ProblemType.UNKNOWN_APP, "The deployment has no app of that id.")
                : new ProblemException(ProblemType.UNKNOWN_ACTION, "The workflow has no action of that id.");
    }

    private static JsonNode tree(String json) {
        try {
            return Messages.json().readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
