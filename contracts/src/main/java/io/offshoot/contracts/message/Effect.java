package io.offshoot.contracts.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Objects;

/**
 * Something that an attempt made, took up or found in a provider's account.
 *
 * @param key the effect key it carries or stands for
 * @param kind what it is, such as <code>repository</code>
 * @param id the provider's id of it
 * @param name its name at the provider; null if it has none
 * @param account the organisation or team that owns it
 * @param verb what we did
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Effect(String key, String kind, String id, String name, String account, Verb verb) {

    public enum Verb {
        CREATED,
        ADOPTED,
        OBSERVED,
        /** Taken back: a late write had made a second one. */
        REMOVED
    }

    public Effect {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(account, "account");
        Objects.requireNonNull(verb, "verb");
    }
}
