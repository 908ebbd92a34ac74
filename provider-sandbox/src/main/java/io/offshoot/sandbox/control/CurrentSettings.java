package io.offshoot.sandbox.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.sandbox.state.Store;
import io.offshoot.sandbox.state.Table;
import java.util.function.Supplier;

/** The settings in force: the initial ones until the control API changes them. */
public final class CurrentSettings implements Supplier<Settings> {

    private static final String KEY = "settings";

    // A switch with a misspelt name is refused, not ignored.
    private static final ObjectMapper JSON = new ObjectMapper();

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
        try {
            ObjectNode all = JSON.valueToTree(get());
            changes.properties().forEach(change -> all.set(change.getKey(), change.getValue()));
            Settings settings = JSON.treeToValue(all, Settings.class);
            changed.put(KEY, settings);
            return settings;
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException("these are no settings", malformed);
        }
    }

    public void reset() {
        changed.remove(KEY);
    }
}
