package io.offshoot.vercel.action;

import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Finding;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Undone;
import io.offshoot.vercel.api.Vercel;
import java.util.List;
import java.util.Optional;

/** What an attempt has to report of the one thing it is about, and what the ledger has of it. */
final class Effects {

    private Effects() {}

    /** A look that finds what the wait began with has nothing to report: how it came about was told then. */
    static List<Effect> of(Attempt<?> attempt, Effect effect) {
        var isKnown = attempt.mode() == AttemptMode.LOOK && effect.verb() == Effect.Verb.ADOPTED;
        return isKnown ? List.of() : List.of(effect);
    }

    /**
     * Of a thing that the ledger has in another team than the connection's nothing can be seen: that it is not found
     * here does not say that it is gone. Empty if the teams are the same.
     */
    static Optional<Finding> unseen(Vercel vercel, Effect resource) {
        return isHere(vercel, resource)
                ? Optional.empty()
                : Optional.of(Finding.unread("other-account", elsewhere(vercel, resource)));
    }

    /** The same, of a thing that was to be taken back. */
    static Optional<Undone> untouched(Vercel vercel, Effect resource) {
        return isHere(vercel, resource) ? Optional.empty() : Optional.of(Undone.left(elsewhere(vercel, resource)));
    }

    private static boolean isHere(Vercel vercel, Effect resource) {
        return vercel.team().equals(resource.account());
    }

    private static String elsewhere(Vercel vercel, Effect resource) {
        return "It belongs to the team %s, and the connection is for the team %s."
                .formatted(resource.account(), vercel.team());
    }
}
