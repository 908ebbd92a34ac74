package io.offshoot.sandbox.state;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Everything that the sandbox remembers: tables in memory and, when given a directory, a log of their changes.
 *
 * <p>What one {@link #write} changes becomes one line of the log before the write returns, so an answered call survives
 * the death of the process, and a line cut short by it belongs to a call that was never answered. The log is made short
 * again at each start. One lock guards it all: the sandbox is a stand-in, not a database.
 */
public final class Store implements AutoCloseable {

    /** Another process has the directory open. */
    public static final class InUse extends RuntimeException {

        private static final long serialVersionUID = 1L;

        InUse(Path directory) {
            super("Another process uses the data directory " + directory);
        }
    }

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** One row's change, and how to take it back and to make it again. */
    private record Change(long version, String table, Runnable undo, Runnable redo) {}

    /** So many changes can be looked behind; {@link #asOf} is for what was written a moment ago. */
    private static final int REMEMBERED = 5_000;

    private final Map<String, Map<String, JsonNode>> loaded = new LinkedHashMap<>();
    private final Map<String, Table<?>> tables = new LinkedHashMap<>();
    private final List<Change> uncommitted = new ArrayList<>();
    private final Deque<Change> history = new ArrayDeque<>();
    private final FileChannel log;
    private final FileChannel lock;
    private ArrayNode pending = JSON.createArrayNode();
    private int depth;
    private long version;

    private Store(FileChannel log, FileChannel lock, Map<String, Map<String, JsonNode>> loaded) {
        this.log = log;
        this.lock = lock;
        this.loaded.putAll(loaded);
    }

    public static Store inMemory() {
        return new Store(null, null, Map.of());
    }

    /** Opens the state kept in a directory; only one process may have it open. */
    public static Store in(Path directory) {
        try {
            Files.createDirectories(directory);
            FileChannel lock =
                    FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (lock.tryLock() == null) {
                throw new InUse(directory);
            }
            Path file = directory.resolve("state.log");
            Map<String, Map<String, JsonNode>> rows = read(file);
            Path shorter = directory.resolve("state.log.new");
            Files.write(shorter, shortened(rows));
            Files.move(shorter, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return new Store(FileChannel.open(file, StandardOpenOption.APPEND), lock, rows);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /** The table of this name, with the rows that an earlier process left. */
    public synchronized <T> Table<T> table(String name, Class<T> type) {
        Table<T> table = new Table<>(this, name);
        loaded.getOrDefault(name, Map.of()).forEach((key, row) -> table.load(key, JSON.convertValue(row, type)));
        loaded.remove(name);
        if (tables.put(name, table) != null) {
            throw new IllegalArgumentException("two tables called " + name);
        }
        return table;
    }

    /** Runs the work alone; its changes are kept together when it returns, and none of them when it throws. */
    public synchronized <R> R write(Supplier<R> work) {
        depth++;
        try {
            R result = work.get();
            if (depth == 1) {
                commit();
            }
            return result;
        } catch (RuntimeException failed) {
            if (depth == 1) {
                rollBack();
            }
            throw failed;
        } finally {
            depth--;
        }
    }

    public void write(Runnable work) {
        write(() -> {
            work.run();
            return null;
        });
    }

    /** Runs the work alone, for a consistent look at several tables. */
    public synchronized <R> R read(Supplier<R> work) {
        return work.get();
    }

    /** How many changes there were so far: a moment to look back to. */
    public synchronized long version() {
        return version;
    }

    /** Runs the work with these tables as they were then, all others as they are. */
    public synchronized <R> R asOf(long earlier, Set<String> tables, Supplier<R> work) {
        List<Change> later = new ArrayList<>(history.stream()
                .filter(change -> change.version() > earlier && tables.contains(change.table()))
                .toList());
        Collections.reverse(later);
        later.forEach(change -> change.undo().run());
        try {
            return work.get();
        } finally {
            Collections.reverse(later);
            later.forEach(change -> change.redo().run());
        }
    }

    @Override
    public synchronized void close() {
        try {
            if (log != null) {
                log.close();
                lock.close();
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    void changed(String table, String key, Object value, Runnable undo, Runnable redo) {
        if (depth == 0) {
            throw new IllegalStateException("a change outside a write");
        }
        version++;
        uncommitted.add(new Change(version, table, undo, redo));
        if (log != null) {
            pending.add(JSON.createObjectNode()
                    .put("table", table)
                    .put("key", key)
                    .set("row", value == null ? null : JSON.valueToTree(value)));
        }
    }

    private void commit() {
        if (log != null && !pending.isEmpty()) {
            try {
                ByteBuffer line = ByteBuffer.wrap((pending + "\n").getBytes(StandardCharsets.UTF_8));
                while (line.hasRemaining()) {
                    log.write(line);
                }
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
        pending = JSON.createArrayNode();
        history.addAll(uncommitted);
        while (history.size() > REMEMBERED) {
            history.removeFirst();
        }
        uncommitted.clear();
    }

    private void rollBack() {
        Collections.reverse(uncommitted);
        uncommitted.forEach(change -> change.undo().run());
        uncommitted.clear();
        pending = JSON.createArrayNode();
    }

    private static Map<String, Map<String, JsonNode>> read(Path file) throws IOException {
        Map<String, Map<String, JsonNode>> rows = new LinkedHashMap<>();
        byte[] bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        int start = 0;
        for (int end = 0; end < bytes.length; end++) {
            if (bytes[end] == '\n') {
                for (JsonNode change : JSON.readTree(Arrays.copyOfRange(bytes, start, end))) {
                    var table = rows.computeIfAbsent(change.get("table").asText(), name -> new LinkedHashMap<>());
                    if (change.get("row").isNull()) {
                        table.remove(change.get("key").asText());
                    } else {
                        table.put(change.get("key").asText(), change.get("row"));
                    }
                }
                start = end + 1;
            }
        }
        return rows;
    }

    private static byte[] shortened(Map<String, Map<String, JsonNode>> rows) throws IOException {
        var bytes = new ByteArrayOutputStream();
        for (var table : rows.entrySet()) {
            for (var row : table.getValue().entrySet()) {
                ArrayNode line = JSON.createArrayNode()
                        .add(JSON.createObjectNode()
                                .put("table", table.getKey())
                                .put("key", row.getKey())
                                .set("row", row.getValue()));
                bytes.write(line.toString().getBytes(StandardCharsets.UTF_8));
                bytes.write('\n');
            }
        }
        return bytes.toByteArray();
    }
}
