package io.offshoot.orchestrator.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.offshoot.orchestrator.deployment.App;
import io.offshoot.orchestrator.deployment.AppKey;
import io.offshoot.orchestrator.deployment.Deployment;
import io.offshoot.orchestrator.deployment.StepKey;
import io.offshoot.orchestrator.deployment.StepRow;
import io.offshoot.workflows.DocsSite;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ViewsTest {

    private final Deployment deployment = new Deployment();
    private final App app = new App();
    private final List<StepRow> steps;

    ViewsTest() {
        deployment.id = UUID.randomUUID();
        app.key = new AppKey(deployment.id, "docs");
        steps = DocsSite.WORKFLOW.steps().stream()
                .map(step -> StepRow.idle(new StepKey(deployment.id, "docs", step.id())))
                .toList();
    }

    @Test
    void aViewIsOfTheSeqOfItsNewestStepThoughTheDeploymentsRowWasReadBeforeThat() {
        deployment.seq = 7;
        steps.get(1).seq = 8;

        assertThat(view()).isEqualTo(8);
    }

    @Test
    void aViewOfStepsNotAskedForIsOfTheDeploymentsSeq() {
        assertThat(view()).isZero();
    }

    private long view() {
        return Views.deployment(deployment, DocsSite.WORKFLOW, List.of(app), steps, List.of())
                .seq();
    }
}
