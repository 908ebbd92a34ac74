package io.offshoot.contracts.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Objects;

/**
 * What an executor has used of a credential since it last said so, and what the provider says is left.
 *
 * @param writes how many calls it made that may change something
 * @param sinceWriteMs how long ago the last of them ended, in milliseconds; null if there was none
 * @param allowances what the provider's headers said last; empty if they said nothing
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Budget(int writes, Long sinceWriteMs, List<Allowance> allowances) {

    /**
     * @param resource what is limited, in the provider's word or ours
     * @param limit calls in a period of the provider's; null if it does not say
     * @param remaining how many are left of it
     * @param resetMs when they are all there again, in milliseconds from now; null if it does not say
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Allowance(String resource, Long limit, long remaining, Long resetMs) {

        public Allowance {
            Objects.requireNonNull(resource, "resource");
        }
    }

    public Budget {
        allowances = allowances == null ? List.of() : List.copyOf(allowances);
    }
}
