package io.offshoot.contracts.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.offshoot.contracts.claim.Verdict;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * An account of a hub at a provider. What it is entered with is shown to nobody.
 *
 * @param account the organisation or team at the provider
 * @param by who set it up: the hub, or the operator of the platform
 * @param kind how we are let in; null for an operator's
 * @param version grows whenever it is entered anew; null for an operator's
 * @param installation the number of a GitHub App's installation; null for a token
 * @param state whether it can be used
 * @param code why not; null if it is ready
 * @param problem the same in plain words
 * @param checkedAt when the provider was last asked about it; null if never
 * @param enteredAt null for an operator's
 * @param enteredBy the credential that entered it; null for an operator's
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(requiredProperties = {"provider", "name", "account", "by", "state"})
public record ConnectionView(
        String provider,
        String name,
        String account,
        Owner by,
        Kind kind,
        Long version,
        Long installation,
        Verdict.State state,
        String code,
        String problem,
        Instant checkedAt,
        Instant enteredAt,
        String enteredBy) {

    @Schema(name = "ConnectionOwner")
    public enum Owner {
        HUB,
        OPERATOR
    }

    @Schema(name = "ConnectionKind")
    public enum Kind {
        TOKEN,
        INSTALLATION
    }
}
