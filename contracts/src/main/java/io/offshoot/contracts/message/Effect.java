package io.offshoot.contracts.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Objects;

/**
 * Something that an attempt made, took up or found in a provider's account. The ledger is made of these.
 *
 * @param key the effect key it carries or stands for
 * @param kind what it is, such as <code>repository</code>
 * @param id the provider's id of it
 * @param name its name at the provider; null if it has none
 * @param account the organisation or team that owns it
 * @param verb what we did
 * @param mark the proof that it is ours, as it can be read at the provider; null if it carries none
 * @param settings a digest of the settings we gave it, none of them secret; null if we gave it none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Effect(
        String key, String kind, String id, String name, String account, Verb verb, String mark, String settings) {

    public enum Verb {
        CREATED,
        /** An earlier attempt of ours had made it: it carries our mark, or stands in something that does. */
        ADOPTED,
        /** Found, and not ours. */
        OBSERVED,
        /** Taken back: a late write had made a second one. */
        REMOVED
    }

    /** One without a mark and settings. */
    public Effect(String key, String kind, String id, String name, String account, Verb verb) {
        this(key, kind, id, name, account, verb, null, null);
    }

    public Effect {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(account, "account");
        Objects.requireNonNull(verb, "verb");
    }
}
