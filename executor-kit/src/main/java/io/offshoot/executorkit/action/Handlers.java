package io.offshoot.executorkit.action;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** The actions this executor can do, each bound to its one handler. */
public final class Handlers {

    private final String provider;
    private final Map<String, ActionHandler<?, ?>> byAction = new HashMap<>();

    /** @throws IllegalStateException if two handlers are for one action, or one is for another provider */
    public Handlers(String provider, Iterable<? extends ActionHandler<?, ?>> handlers) {
        this.provider = provider;
        for (ActionHandler<?, ?> handler : handlers) {
            var action = handler.action();
            if (!action.provider().equals(provider)) {
                throw new IllegalStateException(
                        "The executor of %s has a handler for %s".formatted(provider, action.name()));
            }
            if (byAction.put(action.name(), handler) != null) {
                throw new IllegalStateException("Two handlers are for %s".formatted(action.name()));
            }
        }
    }

    public String provider() {
        return provider;
    }

    /** The handler of an action by its full name. */
    public Optional<ActionHandler<?, ?>> of(String action) {
        return Optional.ofNullable(byAction.get(action));
    }

    /** The names of the actions, in order. */
    @Override
    public String toString() {
        return String.join(", ", new TreeSet<>(byAction.keySet()));
    }
}
