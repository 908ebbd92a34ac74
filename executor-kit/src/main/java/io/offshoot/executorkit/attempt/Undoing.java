package io.offshoot.executorkit.attempt;

import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.message.Effect;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.NeedsPersonException;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.ProviderException;
import io.quarkus.logging.Log;
import java.util.ArrayList;
import java.util.List;

/** Takes back what the ledger has of a step, the last made first. What is taken back is reported however it ends. */
final class Undoing {

    private Undoing() {}

    static <I extends Record, O extends Record> Outcome<O> of(
            ActionHandler<I, O> handler, Attempt<I> attempt, List<Effect> resources, Removal how) {
        var ends = new ArrayList<Effect>();
        try {
            for (int last = resources.size() - 1; last >= 0; last--) {
                var resource = resources.get(last);
                var undone = handler.undo(attempt, resource, how);
                Log.infof("%s %s: %s", resource.kind(), resource.id(), undone.verb());
                ends.add(resource.after(undone.verb(), undone.why()));
            }
        } catch (NeedsPersonException e) {
            var waiting = e.<O>waiting();
            return new Outcome.Waiting<>(waiting.lookAfter(), null, waiting.instructions(), ends);
        } catch (ProviderException e) {
            return new Outcome.Failed<>(e.failure(), ends);
        }
        return new Outcome.TakenBack<>(ends);
    }
}
