package io.offshoot.executorkit.attempt;

import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Finding;
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

    /** Ends an undoing that is only planned where it would begin to write. */
    private static final class WouldWriteException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        WouldWriteException() {
            super("A plan or an observation writes nothing", null, false, false);
        }
    }

    private Undoing() {}

    /** Stands for the leave to write in an attempt that only reads. */
    static void refuseToWrite() {
        throw new WouldWriteException();
    }

    /**
     * What {@link #of} would do now: the very same, up to its first write. One finding for each resource, the last made
     * first.
     */
    static <I extends Record, O extends Record> Outcome<O> plan(
            ActionHandler<I, O> handler, Attempt<I> attempt, List<Effect> resources, Removal how) {
        var findings = new ArrayList<Finding>();
        for (int last = resources.size() - 1; last >= 0; last--) {
            findings.add(Inspection.about(resources.get(last), planned(handler, attempt, resources.get(last), how)));
        }
        return new Outcome.Found<>(findings);
    }

    private static <I extends Record> Finding planned(
            ActionHandler<I, ?> handler, Attempt<I> attempt, Effect resource, Removal how) {
        try {
            var end = handler.undo(attempt, resource, how);
            return switch (end.verb()) {
                case LEFT -> Finding.of(Finding.Kind.LEAVE, end.why());
                case RETIRED -> Finding.of(Finding.Kind.LEAVE, "It is archived already.");
                default -> Finding.of(Finding.Kind.MISSING, "It is not there any more.");
            };
        } catch (WouldWriteException e) {
            return Finding.of(Finding.Kind.TAKE_BACK, "It would be taken back.").taking(1, 1);
        } catch (ProviderException e) {
            return Inspection.of(e.failure());
        }
    }

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
