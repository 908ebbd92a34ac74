package io.offshoot.workflows;

import io.offshoot.contracts.action.Action;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One step of a workflow.
 *
 * @param id its name, unique within the workflow
 * @param title what people read
 * @param action what the provider's executor is asked to do
 * @param inputKey the part of the app's input that the step is given; null if it is given none
 * @param part the type of that part; {@link NoPart} if there is none
 * @param input builds the action's input. Pure: the same of the same
 * @param needs the steps that must succeed first
 * @param role which of the provider's accounts it works in, where a workflow uses several; null for its only one or its
 *     first
 */
public record Step<C extends Record, P extends Record, I extends Record, O extends Record>(
        String id,
        String title,
        Action<I, O> action,
        String inputKey,
        Class<P> part,
        Function<Known<C, P>, I> input,
        Set<String> needs,
        String role) {

    /** The part of a step that is given none of the app's input. */
    public record NoPart() {}

    public Step {
        needs = Set.copyOf(needs);
    }

    static <C extends Record, P extends Record, I extends Record, O extends Record> Step<C, P, I, O> step(
            String id,
            String title,
            Action<I, O> action,
            String inputKey,
            Class<P> part,
            Function<Known<C, P>, I> input) {
        return new Step<>(id, title, action, inputKey, part, input, Set.of(), null);
    }

    static <C extends Record, I extends Record, O extends Record> Step<C, NoPart, I, O> step(
            String id, String title, Action<I, O> action, Function<Known<C, NoPart>, I> input) {
        return new Step<>(id, title, action, null, NoPart.class, input, Set.of(), null);
    }

    Step<C, P, I, O> needing(Step<?, ?, ?, ?>... others) {
        var ids = Arrays.stream(others).map(Step::id).collect(Collectors.toSet());
        return new Step<>(id, title, action, inputKey, part, input, ids, role);
    }

    /** The same in the provider's account of that role. */
    Step<C, P, I, O> as(String inRole) {
        return new Step<>(id, title, action, inputKey, part, input, needs, inRole);
    }

    /** The entry of the deployment's connections that names the account. */
    public String connection() {
        return role == null ? action.provider() : action.provider() + "-" + role;
    }
}
