package io.offshoot.contracts.claim;

import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * An executor asks for attempts. Repeating it with the same claimId gives the same answer, so a lost answer loses
 * nothing.
 *
 * @param claimId chosen by the executor, one for each batch
 * @param executor the asking process, for the record
 */
public record ClaimRequest(UUID claimId, String executor, List<AttemptRef> attempts) {

    public ClaimRequest {
        Objects.requireNonNull(claimId, "claimId");
        Objects.requireNonNull(executor, "executor");
        attempts = List.copyOf(attempts);
    }
}
