package io.offshoot.orchestrator.query;

import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.problem.Problem;
import io.offshoot.contracts.problem.Problem.Invalid;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.orchestrator.deployment.App;
import io.offshoot.orchestrator.deployment.AppKey;
import io.offshoot.orchestrator.deployment.Deployments;
import io.offshoot.orchestrator.registration.Registration;
import io.offshoot.workflows.Inputs;
import io.offshoot.workflows.Workflow;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.UUID;

/** Tells beforehand what a request would be refused with. What is decided later is decided anew. Writes nothing. */
@ApplicationScoped
public class Precheck {

    private final Queries queries;
    private final Deployments deployments;
    private final Registration registration;

    Precheck(Queries queries, Deployments deployments, Registration registration) {
        this.queries = queries;
        this.deployments = deployments;
        this.registration = registration;
    }

    /** @throws ProblemException if the request would be refused */
    @Transactional
    void check(String hub, UUID id, DeploymentRequest request) {
        var deployment = queries.find(hub, id);
        var workflow = queries.definition(deployment);
        var decision = deployments.peek(deployment, workflow, request);
        if (decision.refusal() != null) {
            throw new ProblemException(decision.refusal(), decision.detail());
        }
        if (request.args() != null) {
            arguments(id, workflow, request);
        }
    }

    private void arguments(UUID id, Workflow workflow, DeploymentRequest request) {
        var step = workflow.step(request.actionId());
        if (step.inputKey() == null) {
            throw new ProblemException(Problem.of(
                    ProblemType.INVALID_REQUEST,
                    "The action takes no arguments.",
                    List.of(new Invalid("/args", "the action takes no arguments"))));
        }
        App app = App.findById(new AppKey(id, request.appId()));
        var part = Inputs.part(step, app.input, request.args());
        registration.validate(workflow, step.inputKey(), request.args(), part);
    }
}
