package io.offshoot.contracts.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A provider, and the accounts at it that the caller may use.
 *
 * @param ready whether an executor of it was heard lately
 * @param heard when one was last heard; null if none ever was
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(requiredProperties = {"provider", "ready", "connections"})
public record ProviderView(String provider, boolean ready, Instant heard, List<Connection> connections) {

    /**
     * @param name what deployments call it
     * @param account the organisation or team at the provider
     * @param heard when an executor last said that it has it
     * @param lane how its credential stands
     */
    @Schema(
            name = "ProviderConnection",
            requiredProperties = {"name", "hub", "account", "heard", "lane"})
    public record Connection(String name, String hub, String account, Instant heard, Lane lane) {}

    /**
     * How a credential stands. Attempts are counted of this connection's hub, the rest is the credential's.
     *
     * @param queued how many attempts wait for their turn
     * @param live how many are with executors
     * @param liveAtMost how many may be, of all hubs that share the credential
     * @param blockedUntil until when the provider wants no calls; null if it does not say so
     * @param windows the writes we allow ourselves, and how many of them were made
     * @param allowances what the provider said last
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(requiredProperties = {"queued", "live", "liveAtMost", "windows", "allowances"})
    public record Lane(
            int queued,
            int live,
            int liveAtMost,
            Instant blockedUntil,
            List<Window> windows,
            List<Allowance> allowances) {}

    /** @param lengthSeconds counted back from now */
    @Schema(requiredProperties = {"lengthSeconds", "limit", "used"})
    public record Window(long lengthSeconds, int limit, int used) {}

    /**
     * @param resource what is limited
     * @param limit null if the provider does not say
     * @param resetsAt when all of it is there again; null if the provider does not say
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(requiredProperties = {"resource", "remaining"})
    public record Allowance(String resource, Long limit, long remaining, Instant resetsAt) {}
}
