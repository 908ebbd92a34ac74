package io.offshoot.orchestrator.survey;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.claim.ClaimAnswer;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.message.Finding.FixedBy;
import io.offshoot.contracts.message.StepState;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.SurveyView.Kind;
import io.offshoot.orchestrator.decision.Phase;
import io.offshoot.orchestrator.deployment.App;
import io.offshoot.orchestrator.deployment.Deployment;
import io.offshoot.orchestrator.deployment.EffectRow;
import io.offshoot.orchestrator.deployment.Ledger;
import io.offshoot.orchestrator.deployment.SecretRow;
import io.offshoot.orchestrator.deployment.StepKey;
import io.offshoot.orchestrator.deployment.StepRow;
import io.offshoot.orchestrator.deployment.SurveyRow;
import io.offshoot.orchestrator.deployment.Variables;
import io.offshoot.workflows.Foresight;
import io.offshoot.workflows.Inputs;
import io.offshoot.workflows.Step;
import io.offshoot.workflows.Workflow;
import io.quarkus.logging.Log;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a survey looks at, by what is stored. Reads nothing and asks nobody. */
final class Scope {

    private final Deployment deployment;
    private final Workflow workflow;
    private final SurveyRow survey;
    private final Map<StepKey, StepRow> steps;
    private final List<EffectRow> effects;
    private final List<SecretRow> secrets;

    Scope(
            Deployment deployment,
            Workflow workflow,
            SurveyRow survey,
            Map<StepKey, StepRow> steps,
            List<EffectRow> effects,
            List<SecretRow> secrets) {
        this.deployment = deployment;
        this.workflow = workflow;
        this.survey = survey;
        this.steps = steps;
        this.effects = effects;
        this.secrets = secrets;
    }

    /** In the order in which it is told; those that need nobody to look are over. */
    List<LookRow> looks(List<App> apps) {
        var looks = new ArrayList<LookRow>();
        for (App app : apps) {
            if (survey.appId == null || survey.appId.equals(app.key.appId())) {
                for (Step<?, ?, ?, ?> step : order()) {
                    var look = look(app, step);
                    if (look != null) {
                        look.position = looks.size();
                        looks.add(look);
                    }
                }
            }
        }
        return looks;
    }

    private List<Step<?, ?, ?, ?>> order() {
        var order = new ArrayList<>(workflow.steps());
        if (survey.kind == Kind.TEARDOWN) {
            Collections.reverse(order);
        }
        return order;
    }

    /** @return null if there is nothing to say of it */
    private LookRow look(App app, Step<?, ?, ?, ?> step) {
        if (survey.kind == Kind.PLAN) {
            var row = row(app, step);
            var known = withoutLooking(row);
            return known == null ? asking(app, step, row, null) : over(app, step, known);
        }
        var owned = Ledger.owned(effects, app.key.appId(), step.id());
        return owned.isEmpty() ? null : asking(app, step, row(app, step), owned);
    }

    /** What is said of a step in such a state without looking; null if only a look can tell. */
    private static Finding withoutLooking(StepRow row) {
        if (row.undoing != null) {
            return Finding.blocked("being-torn-down", ProblemType.BEING_TORN_DOWN.cause(), FixedBy.HUB, null);
        }
        if (row.state == StepState.SUCCEEDED) {
            return Finding.of(Finding.Kind.LEAVE, "It is done.");
        }
        return row.state.isTerminal() || row.state == StepState.IDLE
                ? null
                : Finding.of(Finding.Kind.LEAVE, "It is under way.");
    }

    /** @param owned what is looked at; null if the step itself is */
    private LookRow asking(App app, Step<?, ?, ?, ?> step, StepRow row, List<Effect> owned) {
        Foresight foreseen;
        try {
            foreseen = Foresight.of(
                    workflow,
                    step.id(),
                    deployment.hub,
                    app.key.appId(),
                    deployment.connections,
                    deployment.config,
                    Inputs.part(step, app.input, row.args),
                    outputs(app));
        } catch (RuntimeException e) {
            Log.debugf(e, "The input of %s cannot be foreseen", row.key);
            return over(
                    app,
                    step,
                    Finding.unread(
                            "not-foreseeable", "What it works with is known only when the steps before it ran."));
        }
        var variables = Variables.of(deployment, app);
        var look = at(app, step);
        look.phase = Phase.OPEN;
        look.context = new ClaimAnswer.Context(
                deployment.hub,
                step.action().name(),
                survey.kind == Kind.OBSERVATION ? AttemptMode.OBSERVE : AttemptMode.PLAN,
                // A run would begin it anew.
                survey.kind == Kind.PLAN ? row.generation + 1 : row.generation,
                deployment.connection(step),
                foreseen.input(),
                variables.plain(),
                null,
                row.previousGeneration,
                foreseen.unknown().isEmpty() ? null : foreseen.unknown(),
                owned,
                survey.removal,
                null,
                variables.sealedFor(step.action(), deployment, secrets),
                null,
                null);
        if (deployment.isSigned()) {
            // What it was built from; the intent itself is joined to it by the claim.
            look.context = look.context.with(new ClaimAnswer.Intent(null, outputs(app)));
        }
        return look;
    }

    private LookRow over(App app, Step<?, ?, ?, ?> step, Finding finding) {
        var look = at(app, step);
        look.phase = Phase.ENDED;
        look.findings = List.of(finding);
        return look;
    }

    private LookRow at(App app, Step<?, ?, ?, ?> step) {
        var look = new LookRow();
        look.key = new LookRow.Key(survey.id, app.key.appId(), step.id());
        look.provider = step.action().provider();
        return look;
    }

    private StepRow row(App app, Step<?, ?, ?, ?> step) {
        return steps.get(new StepKey(deployment.id, app.key.appId(), step.id()));
    }

    private Map<String, ObjectNode> outputs(App app) {
        var outputs = new HashMap<String, ObjectNode>();
        steps.forEach((key, row) -> {
            if (key.appId().equals(app.key.appId()) && row.state == StepState.SUCCEEDED) {
                outputs.put(key.stepId(), row.outputs);
            }
        });
        return outputs;
    }
}
