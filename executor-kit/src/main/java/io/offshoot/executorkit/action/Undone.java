package io.offshoot.executorkit.action;

import io.offshoot.contracts.message.Effect;
import java.util.Objects;

/**
 * What became of a resource that was to be taken back.
 *
 * @param verb {@link Effect.Verb#REMOVED}, {@link Effect.Verb#RETIRED} or {@link Effect.Verb#LEFT}
 * @param why it was left, in plain words; null unless it was
 */
public record Undone(Effect.Verb verb, String why) {

    public Undone {
        Objects.requireNonNull(verb, "verb");
        if ((verb == Effect.Verb.LEFT) != (why != null)) {
            throw new IllegalArgumentException("What is left is left for a reason, and nothing else is");
        }
    }

    /** It is not there any more, or was gone already. */
    public static Undone removed() {
        return new Undone(Effect.Verb.REMOVED, null);
    }

    /** It was put away: it is there, and not used any more. */
    public static Undone retired() {
        return new Undone(Effect.Verb.RETIRED, null);
    }

    /** It is not ours to take away, or not any more. Nothing was called that changes it. */
    public static Undone left(String why) {
        return new Undone(Effect.Verb.LEFT, why);
    }
}
