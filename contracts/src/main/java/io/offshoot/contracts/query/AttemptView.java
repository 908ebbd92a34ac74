package io.offshoot.contracts.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.StepResult;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * One attempt of an action.
 *
 * @param number counts the action's attempts from 1
 * @param generation how many times a request had begun the action anew
 * @param mode what the attempt was last asked to do; one that waits is asked to look
 * @param executor the process that took it; null before the first claim
 * @param created when it was first published
 * @param claimed when it was last taken; null before the first claim
 * @param ended when it was over; null if it is not
 * @param outcome its last word; null if there was none: it is not over, or its executor was not heard of again
 * @param failure why it failed; null if it did not
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(requiredProperties = {"number", "generation", "mode", "created"})
public record AttemptView(
        int number,
        int generation,
        AttemptMode mode,
        String executor,
        Instant created,
        Instant claimed,
        Instant ended,
        StepResult.Outcome outcome,
        Failure failure) {}
