package io.offshoot.executorkit.action;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.offshoot.contracts.action.Action;
import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.action.EffectClass;
import io.offshoot.contracts.action.EffectKey;
import io.offshoot.contracts.claim.AttemptRef;
import io.offshoot.contracts.claim.ClaimAnswer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** One attempt as its action sees it: everything it is given, and nothing else. */
public final class Attempt<I extends Record> {

    private final Action<I, ?> action;
    private final AttemptRef ref;
    private final ClaimAnswer.Context context;
    private final I input;
    private final Runnable beforeWrite;
    private final Runnable settle;

    /**
     * @param beforeWrite returns when a call may begin; throws {@link LeaseLostException} when the attempt is no longer
     *     ours
     * @param settle lets the time pass that a provider's reads may lag behind its writes
     */
    public Attempt(
            Action<I, ?> action,
            AttemptRef ref,
            ClaimAnswer.Context context,
            I input,
            Runnable beforeWrite,
            Runnable settle) {
        this.action = action;
        this.ref = ref;
        this.context = context;
        this.input = input;
        this.beforeWrite = beforeWrite;
        this.settle = settle;
    }

    public String hub() {
        return context.hub();
    }

    public UUID deploymentId() {
        return ref.deploymentId();
    }

    public String appId() {
        return ref.appId();
    }

    public String stepId() {
        return ref.stepId();
    }

    /** Counts the step's attempts from 1. A look has the number of the attempt that began the wait. */
    public int number() {
        return ref.attempt();
    }

    public AttemptMode mode() {
        return context.mode();
    }

    public int generation() {
        return context.generation();
    }

    /** The name of the provider account's configuration; null if the claim named none. */
    public String connection() {
        return context.connection();
    }

    public I input() {
        return input;
    }

    /** The app's environment variables. Their values go to the provider and nowhere else. */
    public Map<String, String> env() {
        return context.env() == null ? Map.of() : Map.copyOf(context.env());
    }

    /** Whether these members of the input are what a run would be given: of a plan, some may be made up. */
    public boolean knows(String... members) {
        return context.unknown() == null || context.unknown().stream().noneMatch(List.of(members)::contains);
    }

    /** What the last look left; a missing node for nothing. */
    public JsonNode checkpoint() {
        return context.checkpoint() == null ? MissingNode.getInstance() : context.checkpoint();
    }

    /** The mark of one of this step's effects: the same in every attempt that must recognise it. */
    public String effectKey(String effect) {
        return action.effectClass() == EffectClass.NATURAL
                ? EffectKey.named(ref.deploymentId(), ref.appId(), ref.stepId(), effect)
                : EffectKey.of(ref.deploymentId(), ref.appId(), ref.stepId(), context.generation(), effect);
    }

    /**
     * The marks that this effect has if an earlier generation made it unseen: one of each generation that may have, the
     * earliest first. Empty if none may, and where the mark is the same in every generation.
     */
    public List<String> previousEffectKeys(String effect) {
        if (context.previousGeneration() == null || action.effectClass() == EffectClass.NATURAL) {
            return List.of();
        }
        return IntStream.range(context.previousGeneration(), context.generation())
                .mapToObj(earlier -> EffectKey.of(ref.deploymentId(), ref.appId(), ref.stepId(), earlier, effect))
                .toList();
    }

    /**
     * To be called before each write to the provider, right before it: the call is then over before the lease is.
     *
     * @throws LeaseLostException if the lease is lost or has run out; let it pass
     */
    public void beforeWrite() {
        beforeWrite.run();
    }

    /**
     * Looks for something that an earlier attempt may have made: once, or where there was an earlier attempt whose end
     * is not known or that is to be stopped, twice with a pause, for a late write and a lagging read.
     */
    public <T> Optional<T> lookTwice(Supplier<Optional<T>> look) {
        var found = look.get();
        if (found.isPresent()) {
            return found;
        }
        return switch (context.mode()) {
            case EXECUTE, LOOK, PLAN, OBSERVE, UNDO -> found;
            case PROBE_FIRST, CANCEL -> {
                settle.run();
                yield look.get();
            }
        };
    }
}
