package io.offshoot.benchmarks.noop;

import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Finding;
import io.offshoot.executorkit.action.ActionHandler;
import io.offshoot.executorkit.action.Attempt;
import io.offshoot.executorkit.action.Outcome;
import io.offshoot.executorkit.action.Undone;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Does nothing. A second delivery does nothing twice. */
@ApplicationScoped
class DoNothing implements ActionHandler<NoOp.Begin, NoOp.Ended> {

    @Override
    public Action<NoOp.Begin, NoOp.Ended> action() {
        return NoOp.ACTION;
    }

    @Override
    public Outcome<NoOp.Ended> run(Attempt<NoOp.Begin> attempt) {
        var begun = System.nanoTime();
        attempt.beforeWrite();
        return new Outcome.Done<>(new NoOp.Ended(begun, System.nanoTime()), List.of());
    }

    @Override
    public Finding plan(Attempt<NoOp.Begin> attempt) {
        return Finding.of(Finding.Kind.CREATE, "Nothing would be made.");
    }

    @Override
    public Finding observe(Attempt<NoOp.Begin> attempt, Effect resource) {
        return Finding.unread("nothing-there", "Nothing was made.");
    }

    @Override
    public Undone undo(Attempt<NoOp.Begin> attempt, Effect resource, Removal how) {
        return Undone.removed();
    }
}
