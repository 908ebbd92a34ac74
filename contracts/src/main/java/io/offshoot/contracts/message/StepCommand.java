package io.offshoot.contracts.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.offshoot.contracts.action.AttemptMode;
import java.util.Objects;
import java.util.UUID;

/**
 * Tells a provider's executors that an attempt can be claimed. Keyed by step. Holds neither context nor secret:
 * those come with the claim, so a second delivery is harmless.
 *
 * @param action the action's full name, with its version
 * @param survey the survey that it looks for; null if it runs, stops or takes back the step
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record StepCommand(
        UUID deploymentId, String appId, String stepId, String action, int attempt, AttemptMode mode, UUID survey) {

    /** One that is of no survey. */
    public StepCommand(UUID deploymentId, String appId, String stepId, String action, int attempt, AttemptMode mode) {
        this(deploymentId, appId, stepId, action, attempt, mode, null);
    }

    public StepCommand {
        Objects.requireNonNull(deploymentId, "deploymentId");
        Objects.requireNonNull(appId, "appId");
        Objects.requireNonNull(stepId, "stepId");
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(mode, "mode");
        if (attempt < 1) {
            throw new IllegalArgumentException("attempt must be at least 1");
        }
    }
}
