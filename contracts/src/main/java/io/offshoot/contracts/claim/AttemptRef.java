package io.offshoot.contracts.claim;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Objects;
import java.util.UUID;

/**
 * Names one attempt of one step.
 *
 * @param attempt counts the step's attempts from 1; within a survey those of its look at the step
 * @param survey the survey that it looks for; null if it runs, stops or takes back the step
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AttemptRef(UUID deploymentId, String appId, String stepId, int attempt, UUID survey) {

    /** One that is of no survey. */
    public AttemptRef(UUID deploymentId, String appId, String stepId, int attempt) {
        this(deploymentId, appId, stepId, attempt, null);
    }

    public AttemptRef {
        Objects.requireNonNull(deploymentId, "deploymentId");
        Objects.requireNonNull(appId, "appId");
        Objects.requireNonNull(stepId, "stepId");
    }
}
