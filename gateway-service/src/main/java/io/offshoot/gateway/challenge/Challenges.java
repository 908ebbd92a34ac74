package io.offshoot.gateway.challenge;

import io.offshoot.gateway.GatewayConfig;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/**
 * The challenges that nobody has answered yet, one row each: any gateway can finish what another began. Times are the
 * database's. Everything is done in the caller's transaction.
 */
@Singleton
public class Challenges {

    /** How long there is to sign. */
    public static final Duration VALID_FOR = Duration.ofMinutes(5);

    private static final int NONCE_BYTES = 32;

    /** More than one, so that they never grow; few, so that nobody waits for it. */
    private static final int SWEPT = 20;

    private final String audience;
    private final SecureRandom random = new SecureRandom();

    Challenges(GatewayConfig config) {
        audience = config.url().toString().replaceFirst("/$", "");
    }

    /** Asks for a signature. Each call sweeps a few that nobody answered. */
    public Challenge ask(Connection connection, Purpose purpose, String hub, String subject, String predecessor)
            throws SQLException {
        sweep(connection);
        var bytes = new byte[NONCE_BYTES];
        random.nextBytes(bytes);
        var nonce = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        var challenge = new Challenge(nonce, audience, purpose, hub, subject, predecessor, expiry(connection));
        try (var insert = connection.prepareStatement("""
                insert into challenge (nonce, audience, purpose, hub, subject, predecessor, expires_at)
                values (?, ?, ?, ?, ?, ?, ?)""")) {
            insert.setString(1, challenge.nonce());
            insert.setString(2, challenge.audience());
            insert.setString(3, challenge.purpose().name());
            insert.setString(4, challenge.hub());
            insert.setString(5, challenge.subject());
            insert.setString(6, challenge.predecessor());
            insert.setObject(7, challenge.expires().atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
        }
        return challenge;
    }

    /**
     * Takes a challenge away, for it is answered now, rightly or wrongly: there is no second try. Empty if there is none of
     * that nonce, if it has expired, or if it was asked by a gateway of another address or for something else.
     */
    public Optional<Challenge> take(Connection connection, String nonce, Set<Purpose> purposes) throws SQLException {
        try (var delete = connection.prepareStatement("""
                delete from challenge where nonce = ?
                returning audience, purpose, hub, subject, predecessor, expires_at, expires_at > now() as live""")) {
            delete.setString(1, nonce);
            try (var row = delete.executeQuery()) {
                if (!row.next() || !row.getBoolean("live")) {
                    return Optional.empty();
                }
                var challenge = new Challenge(
                        nonce,
                        row.getString("audience"),
                        Purpose.valueOf(row.getString("purpose")),
                        row.getString("hub"),
                        row.getString("subject"),
                        row.getString("predecessor"),
                        row.getObject("expires_at", OffsetDateTime.class).toInstant());
                return Optional.of(challenge)
                        .filter(taken -> purposes.contains(taken.purpose()) && audience.equals(taken.audience()));
            }
        }
    }

    /** To the second, for the text says so and must be the same when it is made again. */
    private static Instant expiry(Connection connection) throws SQLException {
        try (var select =
                connection.prepareStatement("select date_trunc('second', now() + make_interval(secs => ?))")) {
            select.setDouble(1, VALID_FOR.toSeconds());
            try (var row = select.executeQuery()) {
                row.next();
                return row.getObject(1, OffsetDateTime.class).toInstant();
            }
        }
    }

    private static void sweep(Connection connection) throws SQLException {
        try (var delete = connection.prepareStatement("""
                delete from challenge where nonce in (
                    select nonce from challenge where expires_at < now() limit ? for update skip locked)""")) {
            delete.setInt(1, SWEPT);
            delete.executeUpdate();
        }
    }
}
