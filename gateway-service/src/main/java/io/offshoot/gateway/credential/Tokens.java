package io.offshoot.gateway.credential;

import jakarta.inject.Singleton;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The tokens we gave out: API keys, and those of people who signed in. Only the hash of a token is kept. Everything here
 * is done in the caller's transaction; when what is revoked there has been committed, {@link Credentials#forget} makes
 * this gateway see it at once.
 */
@Singleton
public class Tokens {

    /** What a token is for. */
    public enum Kind {
        /** For a service, until it is revoked or expires. */
        API_KEY("key"),
        /** For somebody who signed in, for some hours. */
        SIGN_IN("tok");

        private final String mark;

        Kind(String mark) {
            this.mark = mark;
        }

        String mark() {
            return mark;
        }
    }

    /**
     * What somebody is to be given.
     *
     * @param name for the record
     * @param scopes narrow the role; null for all that it may do
     * @param subject who signed in; null for an API key
     * @param expiresAt null for never
     */
    public record Grant(
            String hub, Kind kind, String name, Role role, Set<Permission> scopes, String subject, Instant expiresAt) {}

    /**
     * A token that was just made.
     *
     * @param secret to be shown to its holder now: nobody can show it again
     */
    public record Issued(String secret, Credential credential) {

        /** Never the secret. */
        @Override
        public String toString() {
            return "token " + credential.id();
        }
    }

    /**
     * A token as it is kept, without its hash.
     *
     * @param revokedAt null while it holds
     */
    public record Kept(
            Credential credential, Instant createdAt, String createdBy, Instant revokedAt, String revokedBy) {}

    record Known(Credential credential, byte[] hash, boolean revoked) {}

    private static final String COLUMNS = """
            id, hub, name, role, scopes, subject, hash, created_at, created_by, expires_at, revoked_at, revoked_by""";

    private final SecureRandom random = new SecureRandom();

    /** Makes a token. The hub must be there. @param createdBy the id of the credential that gives it */
    public Issued issue(Connection connection, Grant grant, String createdBy) throws SQLException {
        var token = Token.random(grant.kind(), random);
        try (var insert = connection.prepareStatement("""
                insert into credential (id, hub, kind, name, role, scopes, subject, hash, created_by, expires_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""")) {
            insert.setString(1, token.id());
            insert.setString(2, grant.hub());
            insert.setString(3, grant.kind().name());
            insert.setString(4, grant.name());
            insert.setString(5, grant.role().name());
            insert.setArray(
                    6,
                    grant.scopes() == null
                            ? null
                            : connection.createArrayOf(
                                    "text",
                                    grant.scopes().stream().map(Enum::name).toArray()));
            insert.setString(7, grant.subject());
            insert.setBytes(8, token.hash());
            insert.setString(9, createdBy);
            insert.setObject(
                    10, grant.expiresAt() == null ? null : grant.expiresAt().atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
        }
        return new Issued(
                token.reveal(),
                new Credential(
                        token.id(),
                        grant.name(),
                        grant.hub(),
                        grant.role(),
                        grant.scopes(),
                        grant.subject(),
                        grant.expiresAt()));
    }

    /** Revokes one token of a hub, and says whether there was one that held. */
    public boolean revoke(Connection connection, String hub, Kind kind, String id, String by) throws SQLException {
        try (var update = connection.prepareStatement("""
                update credential set revoked_at = now(), revoked_by = ?
                where hub = ? and kind = ? and id = ? and revoked_at is null""")) {
            update.setString(1, by);
            update.setString(2, hub);
            update.setString(3, kind.name());
            update.setString(4, id);
            return update.executeUpdate() == 1;
        }
    }

    /** Revokes all that somebody got by signing in to a hub, and says what. */
    public List<String> revokeAllOf(Connection connection, String hub, String subject, String by) throws SQLException {
        try (var update = connection.prepareStatement("""
                update credential set revoked_at = now(), revoked_by = ?
                where hub = ? and subject = ? and revoked_at is null
                  and (expires_at is null or expires_at > now()) returning id""")) {
            update.setString(1, by);
            update.setString(2, hub);
            update.setString(3, subject);
            var revoked = new ArrayList<String>();
            try (var row = update.executeQuery()) {
                while (row.next()) {
                    revoked.add(row.getString(1));
                }
            }
            return revoked;
        }
    }

    /** A hub's tokens of a kind, the newest first, with those that do not hold any more. */
    public List<Kept> all(Connection connection, String hub, Kind kind, int most) throws SQLException {
        try (var select = connection.prepareStatement("select " + COLUMNS
                + " from credential where hub = ? and kind = ? order by created_at desc, id limit ?")) {
            select.setString(1, hub);
            select.setString(2, kind.name());
            select.setInt(3, most);
            var all = new ArrayList<Kept>();
            try (var row = select.executeQuery()) {
                while (row.next()) {
                    all.add(kept(row));
                }
            }
            return all;
        }
    }

    /** One token of a hub. */
    public Optional<Kept> one(Connection connection, String hub, Kind kind, String id) throws SQLException {
        try (var select = connection.prepareStatement(
                "select " + COLUMNS + " from credential where hub = ? and kind = ? and id = ?")) {
            select.setString(1, hub);
            select.setString(2, kind.name());
            select.setString(3, id);
            try (var row = select.executeQuery()) {
                return row.next() ? Optional.of(kept(row)) : Optional.empty();
            }
        }
    }

    /** How many tokens of a kind hold in a hub. */
    public int live(Connection connection, String hub, Kind kind) throws SQLException {
        try (var select = connection.prepareStatement("""
                select count(*) from credential where hub = ? and kind = ? and revoked_at is null
                  and (expires_at is null or expires_at > now())""")) {
            select.setString(1, hub);
            select.setString(2, kind.name());
            try (var row = select.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    /** What an earlier request with an Idempotency-Key made. */
    public record Earlier(String id, byte[] wanted) {

        /** Whether that request asked for the same. */
        public boolean isOf(String wanted) {
            return MessageDigest.isEqual(this.wanted, Token.sha256(wanted));
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Earlier earlier && id.equals(earlier.id) && Arrays.equals(wanted, earlier.wanted);
        }

        @Override
        public int hashCode() {
            return id.hashCode();
        }
    }

    /** What a hub's Idempotency-Key has made before. */
    public Optional<Earlier> madeWith(Connection connection, String hub, String idempotencyKey) throws SQLException {
        try (var select =
                connection.prepareStatement("select id, made_for from credential where hub = ? and made_with = ?")) {
            select.setString(1, hub);
            select.setString(2, idempotencyKey);
            try (var row = select.executeQuery()) {
                return row.next() ? Optional.of(new Earlier(row.getString(1), row.getBytes(2))) : Optional.empty();
            }
        }
    }

    /** Keeps with which Idempotency-Key, and for what, a token was made; of that only the digest. */
    public void madeWith(Connection connection, String id, String idempotencyKey, String wanted) throws SQLException {
        try (var update =
                connection.prepareStatement("update credential set made_with = ?, made_for = ? where id = ?")) {
            update.setString(1, idempotencyKey);
            update.setBytes(2, Token.sha256(wanted));
            update.setString(3, id);
            update.executeUpdate();
        }
    }

    /** Forgets sign-ins that ended long ago; what they did stays in the audit. Says how many. */
    public int forgetSignIns(Connection connection, Duration age, int most) throws SQLException {
        try (var delete = connection.prepareStatement("""
                delete from credential where id in (
                    select id from credential
                    where kind = 'SIGN_IN' and expires_at < now() - make_interval(secs => ?) limit ?)""")) {
            delete.setDouble(1, age.toSeconds());
            delete.setInt(2, most);
            return delete.executeUpdate();
        }
    }

    /** The one keyed look-up of the door. */
    Optional<Known> find(Connection connection, String id) throws SQLException {
        try (var select = connection.prepareStatement("select " + COLUMNS + " from credential where id = ?")) {
            select.setString(1, id);
            try (var row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(
                                new Known(credential(row), row.getBytes("hash"), row.getObject("revoked_at") != null))
                        : Optional.empty();
            }
        }
    }

    private static Kept kept(ResultSet row) throws SQLException {
        return new Kept(
                credential(row),
                instant(row, "created_at"),
                row.getString("created_by"),
                instant(row, "revoked_at"),
                row.getString("revoked_by"));
    }

    private static Credential credential(ResultSet row) throws SQLException {
        return new Credential(
                row.getString("id"),
                row.getString("name"),
                row.getString("hub"),
                Role.valueOf(row.getString("role")),
                scopes(row),
                row.getString("subject"),
                instant(row, "expires_at"));
    }

    /** A scope of a later release is one that we cannot allow anything by. */
    private static Set<Permission> scopes(ResultSet row) throws SQLException {
        var array = row.getArray("scopes");
        if (array == null) {
            return null;
        }
        var scopes = EnumSet.noneOf(Permission.class);
        for (String name : (String[]) array.getArray()) {
            Arrays.stream(Permission.values())
                    .filter(permission -> permission.name().equals(name))
                    .forEach(scopes::add);
        }
        return scopes;
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
