package io.offshoot.github.action;

import io.offshoot.contracts.message.Effect;
import io.offshoot.executorkit.action.Undone;
import io.offshoot.github.api.GitHub;
import java.util.Optional;

/** What the ledger lets a step take back: what it made, or took up by its mark, in the account that it acts for. */
final class Owned {

    private Owned() {}

    /** Why it is left, without a look at it; empty if it may be taken back. */
    static Optional<Undone> left(GitHub github, Effect resource) {
        var isOwned = resource.verb() == Effect.Verb.CREATED
                || resource.verb() == Effect.Verb.ADOPTED && resource.mark() != null;
        if (!isOwned) {
            return Optional.of(Undone.left("It was there before, and this step did not make it."));
        }
        return resource.account().equalsIgnoreCase(github.organization())
                ? Optional.empty()
                : Optional.of(Undone.left("The ledger has it at %s, and the connection is for %s."
                        .formatted(resource.account(), github.organization())));
    }

    /** What proves that it is ours. Rows of the first release have none beside their key. */
    static String mark(Effect resource) {
        return resource.mark() == null ? RepositoryMark.of(resource.key()) : resource.mark();
    }
}
