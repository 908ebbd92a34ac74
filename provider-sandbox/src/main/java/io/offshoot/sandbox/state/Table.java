package io.offshoot.sandbox.state;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Rows of one kind by key, in the order in which they came. Changed only inside {@link Store#write}. */
public final class Table<T> {

    private final Store store;
    private final String name;
    private final Map<String, T> rows = new LinkedHashMap<>();

    Table(Store store, String name) {
        this.store = store;
        this.name = name;
    }

    public Optional<T> get(String key) {
        return Optional.ofNullable(rows.get(key));
    }

    public Collection<T> values() {
        return List.copyOf(rows.values());
    }

    public Map<String, T> entries() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(rows));
    }

    public int size() {
        return rows.size();
    }

    public Optional<String> oldest() {
        return rows.keySet().stream().findFirst();
    }

    public void put(String key, T value) {
        T before = rows.put(key, value);
        store.changed(name, key, value, () -> restore(key, before), () -> restore(key, value));
    }

    public void remove(String key) {
        T before = rows.remove(key);
        if (before != null) {
            store.changed(name, key, null, () -> restore(key, before), () -> restore(key, null));
        }
    }

    public void removeIf(Predicate<T> doomed) {
        rows.entrySet().stream()
                .filter(row -> doomed.test(row.getValue()))
                .map(Map.Entry::getKey)
                .toList()
                .forEach(this::remove);
    }

    void load(String key, T value) {
        rows.put(key, value);
    }

    private void restore(String key, T value) {
        if (value == null) {
            rows.remove(key);
        } else {
            rows.put(key, value);
        }
    }
}
