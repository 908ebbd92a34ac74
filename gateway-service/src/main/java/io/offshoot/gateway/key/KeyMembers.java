package io.offshoot.gateway.key;

import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * What a key may do by signing in. A registered key is an owner's; it is a member of the hub like a person, so an owner
 * can give it another role, or take it off the list. A successor has what its predecessor had.
 */
@Singleton
class KeyMembers {

    boolean thereIs(Connection connection, String hub) throws SQLException {
        try (var select = connection.prepareStatement("select 1 from hub where id = ?")) {
            select.setString(1, hub);
            try (var row = select.executeQuery()) {
                return row.next();
            }
        }
    }

    void addOwner(Connection connection, HubKey key) throws SQLException {
        try (var insert = connection.prepareStatement("""
                insert into member (hub, subject, name, role, added_by)
                values (?, ?, ?, 'OWNER', ?) on conflict do nothing""")) {
            insert.setString(1, key.hub());
            insert.setString(2, key.subject());
            insert.setString(3, key.name());
            insert.setString(4, key.addedBy());
            insert.executeUpdate();
        }
    }

    void addAfter(Connection connection, HubKey key, HubKey predecessor) throws SQLException {
        try (var insert = connection.prepareStatement("""
                insert into member (hub, subject, name, role, added_by)
                select hub, ?, ?, role, ? from member where hub = ? and subject = ? on conflict do nothing""")) {
            insert.setString(1, key.subject());
            insert.setString(2, key.name());
            insert.setString(3, key.addedBy());
            insert.setString(4, key.hub());
            insert.setString(5, predecessor.subject());
            insert.executeUpdate();
        }
    }

    void remove(Connection connection, HubKey key) throws SQLException {
        try (var delete = connection.prepareStatement("delete from member where hub = ? and subject = ?")) {
            delete.setString(1, key.hub());
            delete.setString(2, key.subject());
            delete.executeUpdate();
        }
    }
}
