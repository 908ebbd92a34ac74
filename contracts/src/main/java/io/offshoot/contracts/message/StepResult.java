package io.offshoot.contracts.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * How an attempt ended. Applied only with the step's current attempt and fence; a second delivery changes nothing.
 * The effects of a late one are kept as evidence.
 *
 * @param survey the survey that it looked for; null if it ran, stopped or took back the step
 * @param fence the one the claim gave
 * @param executor who ran it
 * @param outcome which of the next five fields is set
 * @param outputs set when {@link Outcome#DONE}
 * @param waiting set when {@link Outcome#WAITING}
 * @param failure set when {@link Outcome#FAILED}
 * @param handedBack set when {@link Outcome#HANDED_BACK}
 * @param findings set when {@link Outcome#FOUND}: one of a plan, one for each resource of an observation
 * @param effects what it made, took up or found; may be empty with any outcome
 * @param budget what was used of its credential; null if its executor does not count
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StepResult(
        UUID deploymentId,
        String appId,
        String stepId,
        int attempt,
        UUID survey,
        long fence,
        String executor,
        Outcome outcome,
        ObjectNode outputs,
        Waiting waiting,
        Failure failure,
        HandedBack handedBack,
        List<Finding> findings,
        List<Effect> effects,
        Budget budget) {

    @Schema(name = "AttemptOutcome")
    public enum Outcome {
        DONE,
        WAITING,
        FAILED,
        /** It did not end: its executor stops, and another is to have it at once. */
        HANDED_BACK,
        /** It looked, and changed nothing. */
        FOUND
    }

    /**
     * The provider or a person is still at it.
     *
     * @param lookAfterMs when to look again, in milliseconds from now
     * @param checkpoint what the next look needs to know; null for nothing
     * @param instructions what a person must do; null if only the provider is awaited
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Waiting(long lookAfterMs, JsonNode checkpoint, Instructions instructions) {}

    /** @param wrote whether it began a call that may have changed something: then the next looks first */
    public record HandedBack(boolean wrote) {}

    /** One of no survey that was not handed back. */
    public StepResult(
            UUID deploymentId,
            String appId,
            String stepId,
            int attempt,
            long fence,
            String executor,
            Outcome outcome,
            ObjectNode outputs,
            Waiting waiting,
            Failure failure,
            List<Effect> effects) {
        this(deploymentId, appId, stepId, attempt, fence, executor, outcome, outputs, waiting, failure, null, effects);
    }

    /** One of no survey. */
    public StepResult(
            UUID deploymentId,
            String appId,
            String stepId,
            int attempt,
            long fence,
            String executor,
            Outcome outcome,
            ObjectNode outputs,
            Waiting waiting,
            Failure failure,
            HandedBack handedBack,
            List<Effect> effects) {
        this(
                deploymentId,
                appId,
                stepId,
                attempt,
                null,
                fence,
                executor,
                outcome,
                outputs,
                waiting,
                failure,
                handedBack,
                null,
                effects,
                null);
    }

    public StepResult {
        Objects.requireNonNull(deploymentId, "deploymentId");
        Objects.requireNonNull(appId, "appId");
        Objects.requireNonNull(stepId, "stepId");
        Objects.requireNonNull(outcome, "outcome");
        Object expected =
                switch (outcome) {
                    case DONE -> outputs;
                    case WAITING -> waiting;
                    case FAILED -> failure;
                    case HANDED_BACK -> handedBack;
                    case FOUND -> findings;
                };
        Objects.requireNonNull(expected, () -> "an attempt that is " + outcome + " must say what that means");
        findings = findings == null ? null : List.copyOf(findings);
        effects = effects == null ? List.of() : List.copyOf(effects);
    }

    /** What a survey's look found. */
    public static StepResult found(
            UUID deploymentId,
            String appId,
            String stepId,
            int attempt,
            UUID survey,
            long fence,
            String executor,
            List<Finding> findings) {
        return new StepResult(
                deploymentId,
                appId,
                stepId,
                attempt,
                survey,
                fence,
                executor,
                Outcome.FOUND,
                null,
                null,
                null,
                null,
                findings,
                List.of(),
                null);
    }

    /** The same, with what was used of its credential. */
    public StepResult with(Budget used) {
        return new StepResult(
                deploymentId,
                appId,
                stepId,
                attempt,
                survey,
                fence,
                executor,
                outcome,
                outputs,
                waiting,
                failure,
                handedBack,
                findings,
                effects,
                used);
    }
}
