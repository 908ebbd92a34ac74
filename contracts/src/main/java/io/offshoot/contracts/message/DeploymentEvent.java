package io.offshoot.contracts.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.action.Removal;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * One transition of one step, with the step's full snapshot. Keyed by deployment. A second delivery has the same seq.
 *
 * @param seq counts the deployment's transitions from 1, without gap or repeat
 * @param status the state in the words shown to clients
 * @param generation how many times the step was begun anew by a request; 0 before the first
 * @param undoing how it is taken back; null if it is to be done, or is done
 * @param attempt the latest attempt; 0 before the first
 * @param outputs set when the state is {@link StepState#SUCCEEDED}
 * @param error the last failure, while it is of interest
 * @param instructions what a person must do; null if nothing
 * @param dueAt when the orchestrator acts by itself; null if it does not wait for a time
 * @param requestId the request that began this generation
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(
        requiredProperties = {
            "deploymentId",
            "workflow",
            "appId",
            "stepId",
            "seq",
            "state",
            "status",
            "generation",
            "attempt",
            "at"
        })
public record DeploymentEvent(
        UUID deploymentId,
        String workflow,
        String appId,
        String stepId,
        long seq,
        StepState state,
        PublicStatus status,
        int generation,
        Removal undoing,
        int attempt,
        Instant at,
        ObjectNode outputs,
        Failure error,
        Instructions instructions,
        Instant dueAt,
        UUID requestId) {}
