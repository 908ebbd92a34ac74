package io.offshoot.contracts.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What the orchestrator made of a request.
 *
 * @param code why it was refused, a problem's code; null otherwise
 * @param detail why it was refused, in plain words; null otherwise
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(requiredProperties = {"id", "outcome"})
public record RequestView(UUID id, Outcome outcome, String code, String detail) {

    @Schema(name = "RequestOutcome")
    public enum Outcome {
        /** Not decided yet. */
        ACCEPTED,
        STARTED,
        /** What was asked for runs already. */
        JOINED,
        ALREADY_DONE,
        REFUSED;

        @JsonValue
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
