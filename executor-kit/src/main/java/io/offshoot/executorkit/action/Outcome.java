package io.offshoot.executorkit.action;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.claim.AttemptRef;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.Finding;
import io.offshoot.contracts.message.Instructions;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.StepResult;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What an attempt ended in. Each outcome carries what the attempt made, took up or found. */
public sealed interface Outcome<O extends Record> {

    List<Effect> effects();

    /** The message that reports this outcome. */
    StepResult toResult(AttemptRef attempt, long fence, String executor);

    /** What a finished action hands on; empty for any other outcome. */
    default Optional<O> output() {
        return Optional.empty();
    }

    /** It is done. */
    record Done<O extends Record>(O value, List<Effect> effects) implements Outcome<O> {

        public Done {
            Objects.requireNonNull(value, "value");
            effects = List.copyOf(effects);
        }

        @Override
        public Optional<O> output() {
            return Optional.of(value);
        }

        @Override
        public StepResult toResult(AttemptRef attempt, long fence, String executor) {
            ObjectNode outputs = Messages.json().valueToTree(value);
            return new StepResult(
                    attempt.deploymentId(),
                    attempt.appId(),
                    attempt.stepId(),
                    attempt.attempt(),
                    fence,
                    executor,
                    StepResult.Outcome.DONE,
                    outputs,
                    null,
                    null,
                    effects);
        }
    }

    /**
     * The provider or a person is still at it.
     *
     * @param lookAfter when to look again, from now
     * @param checkpoint what the next look needs to know; null for nothing
     * @param instructions what a person must do; null if only the provider is awaited
     */
    record Waiting<O extends Record>(
            Duration lookAfter, JsonNode checkpoint, Instructions instructions, List<Effect> effects)
            implements Outcome<O> {

        public Waiting {
            Objects.requireNonNull(lookAfter, "lookAfter");
            effects = List.copyOf(effects);
        }

        @Override
        public StepResult toResult(AttemptRef attempt, long fence, String executor) {
            return new StepResult(
                    attempt.deploymentId(),
                    attempt.appId(),
                    attempt.stepId(),
                    attempt.attempt(),
                    fence,
                    executor,
                    StepResult.Outcome.WAITING,
                    null,
                    new StepResult.Waiting(lookAfter.toMillis(), checkpoint, instructions),
                    null,
                    effects);
        }
    }

    /** It looked, and changed nothing. */
    record Found<O extends Record>(List<Finding> findings) implements Outcome<O> {

        public Found {
            findings = List.copyOf(findings);
        }

        @Override
        public List<Effect> effects() {
            return List.of();
        }

        @Override
        public StepResult toResult(AttemptRef attempt, long fence, String executor) {
            return StepResult.found(
                    attempt.deploymentId(),
                    attempt.appId(),
                    attempt.stepId(),
                    attempt.attempt(),
                    attempt.survey(),
                    fence,
                    executor,
                    findings);
        }
    }

    /** It was taken back: what there was of it is gone, put away, or left. */
    record TakenBack<O extends Record>(List<Effect> effects) implements Outcome<O> {

        public TakenBack {
            effects = List.copyOf(effects);
        }

        @Override
        public StepResult toResult(AttemptRef attempt, long fence, String executor) {
            return new StepResult(
                    attempt.deploymentId(),
                    attempt.appId(),
                    attempt.stepId(),
                    attempt.attempt(),
                    fence,
                    executor,
                    StepResult.Outcome.DONE,
                    JsonNodeFactory.instance.objectNode(),
                    null,
                    null,
                    effects);
        }
    }

    /** It failed; the failure says whether another attempt can help. */
    record Failed<O extends Record>(Failure failure, List<Effect> effects) implements Outcome<O> {

        public Failed {
            Objects.requireNonNull(failure, "failure");
            effects = List.copyOf(effects);
        }

        @Override
        public StepResult toResult(AttemptRef attempt, long fence, String executor) {
            return new StepResult(
                    attempt.deploymentId(),
                    attempt.appId(),
                    attempt.stepId(),
                    attempt.attempt(),
                    fence,
                    executor,
                    StepResult.Outcome.FAILED,
                    null,
                    null,
                    failure,
                    effects);
        }
    }
}
