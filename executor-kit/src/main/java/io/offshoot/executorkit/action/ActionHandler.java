package io.offshoot.executorkit.action;

import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import java.util.List;

/**
 * One thing an executor can do at its provider: a bean, bound to its action's constant.
 *
 * <p>An attempt may be repeated after any loss, so {@link #run} looks up first, writes its mark in the creating call,
 * decides a conflict by reading, and leaves the provider as one run would have. It never sleeps and never holds its
 * thread for a wait: it answers {@link Outcome.Waiting} and is run again, in mode LOOK, later. It calls
 * {@link Attempt#beforeWrite} before each write.
 */
public interface ActionHandler<I extends Record, O extends Record> {

    Action<I, O> action();

    /**
     * Runs one attempt, or looks again.
     *
     * @throws ProviderException if the provider, or the way to it, says no
     */
    Outcome<O> run(Attempt<I> attempt);

    /** Stops what is going on, if it can be stopped. What has taken effect already may be reported as done. */
    default Outcome<O> cancel(Attempt<I> attempt) {
        return cancelled(List.of());
    }

    /** The outcome of an attempt that was stopped because somebody asked for it. */
    static <O extends Record> Outcome<O> cancelled(List<Effect> effects) {
        return new Outcome.Failed<>(new Failure(FailureClass.REFUSED, "cancelled", "Stopped on request."), effects);
    }
}
