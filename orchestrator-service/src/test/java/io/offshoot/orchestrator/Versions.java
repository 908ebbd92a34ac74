package io.offshoot.orchestrator;

import io.offshoot.workflows.DocsSite;
import io.offshoot.workflows.Handover;
import io.offshoot.workflows.Workflow;
import io.offshoot.workflows.Workflows;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;

/** What the service of the tests offers: its own, and two versions of a workflow that grows by a step. */
class Versions {

    static final Workflow GONE = version(1, 1);
    static final Workflow OLD = version(2, 2);
    static final Workflow NEW = version(3, 3);

    @Produces
    @Alternative
    @Priority(1)
    @Singleton
    Workflows workflows() {
        return new Workflows(List.of(DocsSite.WORKFLOW, Handover.WORKFLOW, OLD, NEW));
    }

    private static Workflow version(int version, int steps) {
        return new Workflow(
                "growing",
                version,
                "Growing",
                "It has as many steps as its version says.",
                List.of(),
                DocsSite.WORKFLOW.config(),
                DocsSite.WORKFLOW.configSchema(),
                DocsSite.WORKFLOW.inputSchema(),
                DocsSite.WORKFLOW.steps().subList(0, steps));
    }
}
