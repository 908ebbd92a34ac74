package io.offshoot.orchestrator.query;

import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.message.PublicStatus;
import io.offshoot.contracts.message.StepState;
import io.offshoot.contracts.query.ActionView;
import io.offshoot.contracts.query.AttemptView;
import io.offshoot.contracts.query.DeploymentView;
import io.offshoot.contracts.query.RequestView;
import io.offshoot.contracts.query.WorkflowView;
import io.offshoot.orchestrator.decision.Phase;
import io.offshoot.orchestrator.deployment.App;
import io.offshoot.orchestrator.deployment.AttemptRow;
import io.offshoot.orchestrator.deployment.Deployment;
import io.offshoot.orchestrator.deployment.StepKey;
import io.offshoot.orchestrator.deployment.StepRow;
import io.offshoot.workflows.Workflow;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Shows what is stored. Pure. */
final class Views {

    private Views() {}

    static DeploymentView deployment(
            Deployment deployment,
            Workflow workflow,
            List<App> apps,
            Collection<StepRow> steps,
            Collection<AttemptRow> live) {
        Map<StepKey, StepRow> rows = steps.stream().collect(toMap(row -> row.key, row -> row));
        Map<StepKey, AttemptRow> attempts = live.stream()
                .collect(toMap(
                        row -> new StepKey(row.key.deploymentId(), row.key.appId(), row.key.stepId()), row -> row));
        var shown = apps.stream()
                .map(app -> {
                    var actions = workflow.steps().stream()
                            .map(step -> new StepKey(deployment.id, app.key.appId(), step.id()))
                            .map(key -> action(rows.get(key), attempts.get(key), null))
                            .toList();
                    var statuses = actions.stream().map(ActionView::status).toList();
                    return new DeploymentView.App(app.key.appId(), together(statuses), actions);
                })
                .toList();
        return new DeploymentView(
                deployment.id,
                deployment.workflow,
                deployment.version,
                deployment.digest,
                together(shown.stream().map(DeploymentView.App::status).toList()),
                // Not the deployment's own: its row was read before the steps', and they may have moved on.
                steps.stream().mapToLong(row -> row.seq).max().orElse(deployment.seq),
                deployment.createdAt,
                needs(workflow),
                shown);
    }

    /** @param request whose outcome is told too; null for none */
    static ActionView action(StepRow row, AttemptRow live, RequestView request) {
        var undecided = request != null && request.outcome() == RequestView.Outcome.ACCEPTED;
        var state = shown(row, live);
        return new ActionView(
                row.key.appId(),
                row.key.stepId(),
                undecided ? PublicStatus.RUNNING : state.status(),
                undecided ? RequestView.Outcome.ACCEPTED.name() : state.name(),
                row.generation,
                row.attempt,
                row.seq,
                row.since,
                undecided ? null : row.dueAt,
                undecided ? null : row.outputs,
                undecided ? null : row.error,
                undecided ? null : row.instructions,
                request);
    }

    static AttemptView attempt(AttemptRow row) {
        return new AttemptView(
                row.key.number(),
                row.generation,
                row.mode,
                row.executor,
                row.createdAt,
                row.claimedAt,
                row.endedAt,
                row.outcome,
                row.failure);
    }

    static WorkflowView workflow(Workflow workflow, ObjectNode config, ObjectNode input) {
        return new WorkflowView(
                workflow.id(),
                workflow.version(),
                workflow.digest(),
                workflow.title(),
                workflow.description(),
                workflow.prepare(),
                workflow.steps().stream()
                        .map(step -> new WorkflowView.Step(
                                step.id(), step.title(), step.action().name(), step.inputKey(), sorted(step.needs())))
                        .toList(),
                config,
                input,
                workflow.secretsFor(),
                workflow.connections());
    }

    static List<DeploymentView.Needs> needs(Workflow workflow) {
        return workflow.steps().stream()
                .map(step -> new DeploymentView.Needs(step.id(), sorted(step.needs())))
                .toList();
    }

    /** Of several: running if any runs, else error if any failed, else done if all are, else idle. */
    static PublicStatus together(List<PublicStatus> statuses) {
        if (statuses.contains(PublicStatus.RUNNING)) {
            return PublicStatus.RUNNING;
        }
        if (statuses.contains(PublicStatus.ERROR)) {
            return PublicStatus.ERROR;
        }
        return statuses.contains(PublicStatus.IDLE) ? PublicStatus.IDLE : PublicStatus.DONE;
    }

    /** A claim is stored with the attempt only. A look that goes on is still waiting for those who watch. */
    private static StepState shown(StepRow row, AttemptRow live) {
        return row.state == StepState.DISPATCHED && live != null && live.phase == Phase.CLAIMED
                ? StepState.RUNNING
                : row.state;
    }

    private static List<String> sorted(Collection<String> ids) {
        return ids.stream().sorted().toList();
    }
}
