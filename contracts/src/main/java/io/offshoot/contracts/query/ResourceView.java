package io.offshoot.contracts.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.offshoot.contracts.message.Effect;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * One thing in a provider's account, as the ledger knows it: what an action made, took up or found.
 *
 * @param id the provider's id of it
 * @param name its name at the provider, as last reported; null if it has none
 * @param account the organisation or team that owned it when it was last reported
 * @param verb how the deployment stands to it: it was made, taken up, only found, or removed again
 * @param owned whether it is the deployment's now: made or taken up, and not removed since
 * @param mark the proof that it is ours, as it can be read at the provider; null if it carries none
 * @param settings a digest of the settings it was last given; null if none are known
 * @param history every report of it, the first first
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(
        requiredProperties = {
            "appId",
            "actionId",
            "provider",
            "kind",
            "id",
            "account",
            "verb",
            "owned",
            "firstSeen",
            "lastSeen",
            "history"
        })
public record ResourceView(
        String appId,
        String actionId,
        String provider,
        String kind,
        String id,
        String name,
        String account,
        Effect.Verb verb,
        boolean owned,
        String mark,
        String settings,
        Instant firstSeen,
        Instant lastSeen,
        List<Report> history) {

    /**
     * What one attempt said of it. An attempt whose lease was lost is believed too: what it made is there.
     *
     * @param key the effect key that it carries or stands for
     * @param note why it was left where it is; null unless it was
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(
            name = "ResourceReport",
            requiredProperties = {"attempt", "verb", "key", "account", "seen"})
    public record Report(
            int attempt,
            Effect.Verb verb,
            String key,
            String account,
            String mark,
            String settings,
            String note,
            Instant seen) {}
}
