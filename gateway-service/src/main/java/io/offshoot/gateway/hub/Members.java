package io.offshoot.gateway.hub;

import io.offshoot.gateway.credential.Role;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who is what in which hub. Everything here is done in the caller's transaction. */
@Singleton
public class Members {

    /** @param subject who it proves to be @param addedBy the id of a credential */
    public record Member(String hub, String subject, String name, Role role, Instant addedAt, String addedBy) {}

    private static final String COLUMNS = "hub, subject, name, role, added_at, added_by";

    /** The hubs somebody is a member of, by id, and what it is there. */
    public List<Member> of(Connection connection, String subject) throws SQLException {
        return list(connection, "subject = ? order by hub limit 1000", subject);
    }

    public Optional<Member> find(Connection connection, String hub, String subject) throws SQLException {
        return list(connection, "hub = ? and subject = ?", hub, subject).stream()
                .findFirst();
    }

    List<Member> all(Connection connection, String hub) throws SQLException {
        return list(connection, "hub = ? order by added_at, subject", hub);
    }

    void put(Connection connection, String hub, String subject, String name, Role role, String by) throws SQLException {
        try (var upsert = connection.prepareStatement("""
                insert into member (hub, subject, name, role, added_by) values (?, ?, ?, ?, ?)
                on conflict (hub, subject) do update set name = excluded.name, role = excluded.role""")) {
            upsert.setString(1, hub);
            upsert.setString(2, subject);
            upsert.setString(3, name);
            upsert.setString(4, role.name());
            upsert.setString(5, by);
            upsert.executeUpdate();
        }
    }

    void remove(Connection connection, String hub, String subject) throws SQLException {
        try (var delete = connection.prepareStatement("delete from member where hub = ? and subject = ?")) {
            delete.setString(1, hub);
            delete.setString(2, subject);
            delete.executeUpdate();
        }
    }

    private static List<Member> list(Connection connection, String where, String... values) throws SQLException {
        try (var select = connection.prepareStatement("select " + COLUMNS + " from member where " + where)) {
            for (int i = 0; i < values.length; i++) {
                select.setString(i + 1, values[i]);
            }
            var members = new ArrayList<Member>();
            try (var row = select.executeQuery()) {
                while (row.next()) {
                    members.add(member(row));
                }
            }
            return members;
        }
    }

    private static Member member(ResultSet row) throws SQLException {
        return new Member(
                row.getString("hub"),
                row.getString("subject"),
                row.getString("name"),
                Role.valueOf(row.getString("role")),
                row.getObject("added_at", OffsetDateTime.class).toInstant(),
                row.getString("added_by"));
    }
}
