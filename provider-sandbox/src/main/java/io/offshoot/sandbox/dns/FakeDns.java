package io.offshoot.sandbox.dns;

import io.offshoot.sandbox.state.Store;
import io.offshoot.sandbox.state.Table;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The only DNS that the sandbox knows: what tests and people write into it by the control API. */
public final class FakeDns {

    /** One record of a name. */
    public record Record(String type, String value) {}

    /** The records of one name. */
    public record Records(List<Record> records) {

        public Records {
            records = List.copyOf(records);
        }
    }

    private final Table<Records> names;

    public FakeDns(Store store) {
        this.names = store.table("dns", Records.class);
    }

    public Map<String, Records> all() {
        return names.entries();
    }

    public void put(String name, List<Record> records) {
        names.put(key(name), new Records(records));
    }

    public void remove(String name) {
        names.remove(key(name));
    }

    public void clear() {
        names.removeIf(records -> true);
    }

    /** Whether the name has a record of this type and value; a dot at the end and quotes around make no difference. */
    public boolean has(String name, String type, String value) {
        return names.get(key(name)).stream()
                .flatMap(records -> records.records().stream())
                .anyMatch(record -> record.type().equalsIgnoreCase(type)
                        && plain(record.value()).equals(plain(value)));
    }

    private static String plain(String value) {
        String bare = value.length() > 1 && value.startsWith("\"") ? value.substring(1, value.length() - 1) : value;
        return bare.endsWith(".") ? bare.substring(0, bare.length() - 1) : bare;
    }

    private static String key(String name) {
        return plain(name).toLowerCase(Locale.ROOT);
    }
}
