package io.offshoot.contracts.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Something that an attempt made, took up, found or took back in a provider's account. The ledger is made of these.
 *
 * @param key the effect key it carries or stands for
 * @param kind what it is, such as <code>repository</code>
 * @param id the provider's id of it
 * @param name its name at the provider; null if it has none
 * @param account the organisation or team that owns it
 * @param verb what we did
 * @param mark the proof that it is ours, as it can be read at the provider; null if it carries none
 * @param settings a digest of the settings we gave it, none of them secret; null if we gave it none
 * @param note why it was left where it is, in plain words; null unless it was
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Effect(
        String key,
        String kind,
        String id,
        String name,
        String account,
        Verb verb,
        String mark,
        String settings,
        String note) {

    @Schema(name = "EffectVerb")
    public enum Verb {
        CREATED,
        /** An earlier attempt of ours had made it: it carries our mark, or stands in something that does. */
        ADOPTED,
        /** Found, and not ours. */
        OBSERVED,
        /** Taken back: it is not there any more. */
        REMOVED,
        /** Put away: it is still there, is not used any more, and is not owned. */
        RETIRED,
        /** Let go: it is not what we made any more, or never was ours to take, and stays as it is. */
        LEFT
    }

    /** One without a mark and settings. */
    public Effect(String key, String kind, String id, String name, String account, Verb verb) {
        this(key, kind, id, name, account, verb, null, null);
    }

    /** One that was not left. */
    public Effect(
            String key, String kind, String id, String name, String account, Verb verb, String mark, String settings) {
        this(key, kind, id, name, account, verb, mark, settings, null);
    }

    /** The same thing, and what became of it. @param reason null unless it was left */
    public Effect after(Verb end, String reason) {
        return new Effect(key, kind, id, name, account, end, mark, settings, reason);
    }

    public Effect {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(account, "account");
        Objects.requireNonNull(verb, "verb");
    }
}
