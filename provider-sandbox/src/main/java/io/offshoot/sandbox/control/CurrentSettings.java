package io.offshoot.sandbox.control;

import com.fasterxml.jackson.databind.JsonNode;
import io.offshoot.sandbox.state.Store;
import io.offshoot.sandbox.state.Table;
import java.util.function.Supplier;

/** The settings in force: the initial ones until the control API changes them. */
public final class CurrentSettings implements Supplier<Settings> {

    private static final String KEY = "settings";

    private final Settings initial;
    private final Table<Settings> changed;

    public CurrentSettings(Settings initial, Store store) {
        this.initial = initial;
        this.changed = store.table("settings", Settings.class);
    }

    @Override
    public Settings get() {
        return changed.get(KEY).orElse(initial);
    }

    /**
     * Changes the settings that are named; the others stay.
     *
     * @throws IllegalArgumentException if these are no settings
     */
    public Settings change(JsonNode changes) {
        return put(get().with(changes));
    }

    /** Turns on every limit that the providers publish. */
    public Settings limitAsPublished() {
        return put(get().withPublishedLimits());
    }

    public void reset() {
        changed.remove(KEY);
    }

    private Settings put(Settings settings) {
        changed.put(KEY, settings);
        return settings;
    }
}
