package io.offshoot.contracts.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.Instructions;
import io.offshoot.contracts.message.PublicStatus;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Where one action of one app stands.
 *
 * @param state the precise state; <code>ACCEPTED</code> while a request for it is not yet decided
 * @param attempt the latest attempt; 0 before the first
 * @param seq the event that last changed it; 0 before the first
 * @param since when it came into this state; null before the first event
 * @param dueAt when the orchestrator acts by itself; null if it does not wait for a time
 * @param error the last failure; null if none, or over
 * @param request the outcome of the request that the poll named; null if it named none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(requiredProperties = {"appId", "actionId", "status", "state", "generation", "attempt", "seq"})
public record ActionView(
        String appId,
        String actionId,
        PublicStatus status,
        String state,
        int generation,
        int attempt,
        long seq,
        Instant since,
        Instant dueAt,
        ObjectNode outputs,
        Failure error,
        Instructions instructions,
        RequestView request) {}
