package io.offshoot.vercel.action;

import io.offshoot.contracts.message.Effect;
import io.offshoot.vercel.api.Vercel;
import java.util.List;

/** What shows that a project is ours: a plain variable, given to it in the call that makes it. */
final class ProjectMark {

    /** The name of the variable; no variable of an app can have it. */
    static final String NAME = "OFFSHOOT_EFFECT";

    private ProjectMark() {}

    static Vercel.Variable variable(String key) {
        return Vercel.Variable.plain(NAME, key, "production");
    }

    /** The mark as the ledger has it. */
    static String of(String key) {
        return NAME + "=" + key;
    }

    /** The mark that a resource must carry; the release before did not enter it. */
    static String of(Effect resource) {
        return resource.mark() == null ? of(resource.key()) : resource.mark();
    }

    /** Whether a project with these variables carries this very mark. */
    static boolean isAmong(List<Vercel.SetVariable> variables, String mark) {
        return variables.stream()
                .anyMatch(variable -> NAME.equals(variable.key())
                        && variable.value() != null
                        && of(variable.value()).equals(mark));
    }

    /** Whether a project with these variables is some step's. Of one whose id we have, no other step can be meant. */
    static boolean isAmong(List<Vercel.SetVariable> variables) {
        return variables.stream().anyMatch(variable -> NAME.equals(variable.key()));
    }
}
