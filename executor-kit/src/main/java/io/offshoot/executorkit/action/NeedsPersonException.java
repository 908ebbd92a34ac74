package io.offshoot.executorkit.action;

import io.offshoot.contracts.message.FailureClass;
import io.offshoot.contracts.message.Instructions;
import java.time.Duration;
import java.util.List;

/**
 * Nothing goes on until a person has done something, whatever the action is. Nothing happened. Thrown on, it makes the
 * attempt wait.
 */
public final class NeedsPersonException extends ProviderException {

    private static final long serialVersionUID = 1L;

    private final transient Instructions instructions;
    private final Duration lookAfter;

    /** @param lookAfter when to look again whether it is done */
    public NeedsPersonException(String code, Instructions instructions, Duration lookAfter) {
        // An action that has made something and cannot go on leaves the rest to the next attempt.
        super(FailureClass.RETRYABLE, code, instructions.what());
        this.instructions = instructions;
        this.lookAfter = lookAfter;
    }

    /** The outcome of an attempt that this ended. */
    public <O extends Record> Outcome.Waiting<O> waiting() {
        return new Outcome.Waiting<>(lookAfter, null, instructions, List.of());
    }
}
