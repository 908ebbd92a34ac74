package io.offshoot.orchestrator.lane;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.offshoot.contracts.claim.Announcement;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.orchestrator.timer.Timing;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;

/** Keeps what executors announce. Idempotent. Thread-safe. */
@ApplicationScoped
class Announcements {

    private static final String PROVIDER = """
            insert into provider (name, heard_at) values (?, clock_timestamp())
            on conflict (name) do update set heard_at = excluded.heard_at""";

    private static final String KEYSET = """
            insert into keyset (provider, keyset, heard_at) values (?, ?, clock_timestamp())
            on conflict (provider) do update set keyset = excluded.keyset, heard_at = excluded.heard_at""";

    /** A public keyset has some hundred bytes a key. */
    private static final int LONGEST_KEYSET = 64 * 1024;

    private static final String LANE = """
            insert into lane (id, live_at_most, windows, shortest_block_ms, longest_block_ms)
            values (?, ?, ?::jsonb, ?, ?)
            on conflict (id) do update
            set live_at_most = excluded.live_at_most, windows = excluded.windows,
                shortest_block_ms = excluded.shortest_block_ms, longest_block_ms = excluded.longest_block_ms
            where (lane.live_at_most, lane.windows, lane.shortest_block_ms, lane.longest_block_ms)
                  is distinct from
                  (excluded.live_at_most, excluded.windows, excluded.shortest_block_ms, excluded.longest_block_ms)""";

    private static final String CONNECTION = """
            insert into connection (provider, name, hub, account, lane, heard_at)
            values (?, ?, ?, ?, ?, clock_timestamp())
            on conflict (provider, name) do update
            set hub = excluded.hub, account = excluded.account, lane = excluded.lane, heard_at = excluded.heard_at""";

    private static final String FORGET = """
            delete from connection
            where provider = ? and heard_at < clock_timestamp() - ? * interval '1 millisecond'""";

    private final DataSource database;
    private final Timing timing;

    Announcements(DataSource database, Timing timing) {
        this.database = database;
        this.timing = timing;
    }

    /** Another provider's connections and lanes are out of reach of this executor: its provider is in every key. */
    @Transactional
    void take(Announcement announcement, String provider) throws SQLException {
        try (var connection = database.getConnection()) {
            try (var heard = connection.prepareStatement(PROVIDER)) {
                heard.setString(1, provider);
                heard.executeUpdate();
            }
            if (announcement.keyset() != null) {
                keyset(connection, announcement.keyset(), provider);
            }
            lanes(
                    connection,
                    provider,
                    announcement.connections().stream()
                            .map(Announcement.Connection::lane)
                            .toList());
            connections(connection, announcement, provider);
            try (var forget = connection.prepareStatement(FORGET)) {
                forget.setString(1, provider);
                forget.setLong(2, timing.connectionKept().toMillis());
                forget.executeUpdate();
            }
        }
    }

    private static void keyset(Connection connection, String keyset, String provider) throws SQLException {
        if (keyset.length() > LONGEST_KEYSET) {
            throw new ProblemException(ProblemType.INVALID_REQUEST, "The keyset is too long.");
        }
        try (var statement = connection.prepareStatement(KEYSET)) {
            statement.setString(1, provider);
            statement.setString(2, keyset);
            statement.executeUpdate();
        }
    }

    /** In the order of their ids, as lanes are always locked. */
    static void lanes(Connection connection, String provider, Collection<Announcement.Lane> announced)
            throws SQLException {
        Map<String, Announcement.Lane> lanes = new TreeMap<>();
        announced.forEach(lane -> lanes.put(id(provider, lane), lane));
        try (var statement = connection.prepareStatement(LANE)) {
            for (var lane : lanes.entrySet()) {
                statement.setString(1, lane.getKey());
                statement.setInt(2, Math.max(1, lane.getValue().liveAtMost()));
                statement.setString(3, json(lane.getValue().windows()));
                statement.setLong(4, Math.max(1, lane.getValue().shortestBlockMs()));
                statement.setLong(5, Math.max(1, lane.getValue().longestBlockMs()));
                statement.executeUpdate();
            }
        }
    }

    private static void connections(Connection connection, Announcement announcement, String provider)
            throws SQLException {
        var known = announcement.connections().stream()
                .sorted(Comparator.comparing(Announcement.Connection::name))
                .toList();
        try (var statement = connection.prepareStatement(CONNECTION)) {
            for (Announcement.Connection one : known) {
                statement.setString(1, provider);
                statement.setString(2, one.name());
                statement.setString(3, one.hub());
                statement.setString(4, one.account());
                statement.setString(5, id(provider, one.lane()));
                statement.executeUpdate();
            }
        }
    }

    static String id(String provider, Announcement.Lane lane) {
        return provider + ":" + lane.id();
    }

    private static String json(Object value) {
        try {
            return Messages.json().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not writable as JSON", e);
        }
    }
}
