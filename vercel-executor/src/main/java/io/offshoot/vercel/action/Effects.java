package io.offshoot.vercel.action;

import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.message.Effect;
import io.offshoot.executorkit.action.Attempt;
import java.util.List;

/** What an attempt has to report of the one thing it is about. */
final class Effects {

    private Effects() {}

    /** A look that finds what the wait began with has nothing to report: how it came about was told then. */
    static List<Effect> of(Attempt<?> attempt, Effect effect) {
        var isKnown = attempt.mode() == AttemptMode.LOOK && effect.verb() == Effect.Verb.ADOPTED;
        return isKnown ? List.of() : List.of(effect);
    }
}
