package io.offshoot.localstack.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.StepState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTest {

    private final List<String> lines = new ArrayList<>();
    private final Progress progress = new Progress(lines::add);

    @Test
    void aChangeIsToldOnceThoughItIsSeenTwice() {
        observe(3, StepState.SUCCEEDED, null);
        observe(3, StepState.SUCCEEDED, null);

        assertThat(lines).singleElement().asString().contains("docs", "repository", "done", "1.5 s");
    }

    @Test
    void whatComesLateIsNotTold() {
        observe(3, StepState.SUCCEEDED, null);
        observe(2, StepState.DISPATCHED, null);

        assertThat(lines).hasSize(1);
    }

    @Test
    void aFailureIsToldWithItsMessage() {
        observe(3, StepState.FAILED, new Failure(FailureClass.REFUSED, "build-failed", "Missing file: index.md"));

        assertThat(lines).singleElement().asString().contains("failed: Missing file: index.md");
    }

    @Test
    void waitingForAnotherActionIsNotWorthALine() {
        observe(1, StepState.BLOCKED, null);

        assertThat(lines).isEmpty();
    }

    private void observe(long seq, StepState state, Failure error) {
        progress.observe("docs", "repository", seq, state.name(), 1, error, null, Duration.ofMillis(1_500));
    }
}
