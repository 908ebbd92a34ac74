package io.offshoot.executorkit.action;

import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.message.Effect;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Finding;
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

    /**
     * What {@link #run} would do now, and what it would trip over. Reads only; members of the input that only a run
     * would bring are made up, and {@link Attempt#knows} says which are not. What cannot be read is not guessed: let
     * the exception pass.
     *
     * @throws ProviderException if the provider, or the way to it, says no
     */
    Finding plan(Attempt<I> attempt);

    /**
     * Whether something that the step made is as it was left: looked up by id, compared by mark, owner and settings.
     * Reads only. A difference that the ledger's digest of settings shows and the provider's answer does not name is
     * {@link Finding.Kind#CHANGED} without changes.
     *
     * @param resource the ledger's word on it; {@link Effect#settings} is the digest of what it was last given
     * @throws ProviderException if the provider, or the way to it, says no
     */
    Finding observe(Attempt<I> attempt, Effect resource);

    /**
     * Takes back something that the step made. Looks it up by id first and takes it back only while its mark and its
     * owner are the ledger's; anything else is {@linkplain Undone#left left}. Repeatable: what is gone is done.
     *
     * @param resource the ledger's word on it
     * @param how what becomes of repositories
     * @throws ProviderException if the provider, or the way to it, says no
     */
    Undone undo(Attempt<I> attempt, Effect resource, Removal how);

    /** The outcome of an attempt that was stopped because somebody asked for it. */
    static <O extends Record> Outcome<O> cancelled(List<Effect> effects) {
        return new Outcome.Failed<>(new Failure(FailureClass.REFUSED, "cancelled", "Stopped on request."), effects);
    }
}
