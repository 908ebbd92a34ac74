package io.offshoot.orchestrator.deadletter;

import io.offshoot.contracts.message.CloudEvent;
import io.offshoot.contracts.message.DeadLetter;
import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.message.Topics;
import io.offshoot.contracts.message.UnreadableMessageException;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.DeadLetterView;
import io.offshoot.orchestrator.deployment.Fate;
import io.offshoot.orchestrator.deployment.Received;
import io.offshoot.orchestrator.deployment.RequestRow;
import io.offshoot.orchestrator.outbox.OutboxMessage;
import io.offshoot.orchestrator.outbox.Relay;
import io.quarkus.logging.Log;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.panache.common.Page;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * The list of what no consumer could take in, made from the topic of dead letters, and the way back.
 *
 * <p>Keeping is idempotent by where the record was found; what comes again after a replay is the same letter once more.
 * Thread-safe.
 */
@ApplicationScoped
public class DeadLetters {

    private static final String KEEP = """
            insert into dead_letter (id, fingerprint, topic, key, value, partition, record_offset, reason, detail,
                                     source, first_seen, last_seen)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (fingerprint) do nothing""";

    private static final String FIND_AGAIN = """
            insert into dead_letter_occurrence (letter_id, partition, record_offset)
            select id, ?, ? from dead_letter where fingerprint = ?
            on conflict do nothing""";

    private static final String COUNT = """
            update dead_letter
            set occurrences = occurrences + 1, partition = ?, record_offset = ?, reason = ?, detail = ?, source = ?,
                last_seen = greatest(last_seen, ?)
            where fingerprint = ?""";

    private final DataSource database;
    private final Relay relay;
    private final Clock clock;

    DeadLetters(DataSource database, Relay relay, Clock clock) {
        this.database = database;
        this.relay = relay;
        this.clock = clock;
    }

    /** Takes letters into the list. @return what became of each */
    public List<Fate> keep(List<Received<DeadLetter>> letters) {
        return QuarkusTransaction.requiringNew().call(() -> {
            var fates = new ArrayList<Fate>();
            try (var connection = database.getConnection()) {
                for (Received<DeadLetter> letter : letters) {
                    fates.add(keep(connection, letter.message()));
                }
            }
            return fates;
        });
    }

    /** Those found first last. @param before the cursor of an earlier page; null for the first */
    @Transactional
    DeadLetterView.Page page(UUID before, int limit) {
        var rows = before == null
                ? DeadLetterRow.<DeadLetterRow>find("order by id desc")
                : DeadLetterRow.<DeadLetterRow>find("id < ?1 order by id desc", before);
        var found = rows.page(Page.ofSize(limit + 1)).list();
        var shown = found.subList(0, Math.min(limit, found.size()));
        return new DeadLetterView.Page(
                shown.stream().map(row -> row.view(false)).toList(),
                found.size() > limit ? shown.get(limit - 1).id.toString() : null);
    }

    /** @throws ProblemException if there is none of that id */
    @Transactional
    DeadLetterView one(UUID id) {
        return existing(DeadLetterRow.findById(id)).view(true);
    }

    /**
     * Publishes a letter's record again, with the bytes and the key it had, where it was. Whoever took it in already,
     * after an earlier replay, knows it and drops it.
     *
     * @param by the name of the credential that asks for it
     * @throws ProblemException if there is none of that id, or it cannot be published again
     */
    DeadLetterView replay(UUID id, String by) {
        record Replayed(DeadLetterView letter, OutboxMessage message) {}
        var replayed = QuarkusTransaction.requiringNew().call(() -> {
            DeadLetterRow row = existing(DeadLetterRow.findById(id, LockModeType.PESSIMISTIC_WRITE));
            if (!row.isReplayable()) {
                throw new ProblemException(ProblemType.NOT_REPLAYABLE, ProblemType.NOT_REPLAYABLE.cause());
            }
            reopen(row);
            var message = OutboxMessage.of(Messages.newId(), row.topic, row.keyText(), row.value);
            message.persist();
            row.replays++;
            row.replayedAt = clock.instant();
            row.replayedBy = by;
            return new Replayed(row.view(true), message);
        });
        Log.infof("Dead letter %s is published again on %s", id, replayed.message().topic);
        relay.send(List.of(replayed.message()));
        return replayed.letter();
    }

    private static DeadLetterRow existing(DeadLetterRow row) {
        if (row == null) {
            throw new ProblemException(ProblemType.UNKNOWN_DEAD_LETTER, "There is no dead letter of that id.");
        }
        return row;
    }

    /** A request that became a dead letter was refused for that; else its second delivery would be dropped. */
    private static void reopen(DeadLetterRow row) {
        if (!row.topic.equals(Topics.TRIGGERS)) {
            return;
        }
        try {
            RequestRow.reopen(Messages.read(row.value, DeploymentRequest.class).id());
        } catch (UnreadableMessageException e) {
            Log.debugf("Dead letter %s is no request: nothing was refused", row.id);
        }
    }

    private static Fate keep(Connection connection, CloudEvent<DeadLetter> message) throws SQLException {
        var letter = message.data();
        var key = letter.key() == null ? null : letter.key().getBytes(StandardCharsets.UTF_8);
        var fingerprint = fingerprint(letter, key);
        var time = Timestamp.from(message.time());
        try (var statement = connection.prepareStatement(KEEP)) {
            set(
                    statement,
                    message.id(),
                    fingerprint,
                    letter.topic(),
                    key,
                    letter.value(),
                    letter.partition(),
                    letter.offset(),
                    letter.reason(),
                    letter.detail(),
                    message.source(),
                    time,
                    time);
            statement.executeUpdate();
        }
        try (var statement = connection.prepareStatement(FIND_AGAIN)) {
            set(statement, letter.partition(), letter.offset(), fingerprint);
            if (statement.executeUpdate() == 0) {
                return Fate.DUPLICATE;
            }
        }
        try (var statement = connection.prepareStatement(COUNT)) {
            set(
                    statement,
                    letter.partition(),
                    letter.offset(),
                    letter.reason(),
                    letter.detail(),
                    message.source(),
                    time,
                    fingerprint);
            statement.executeUpdate();
        }
        return Fate.APPLIED;
    }

    private static void set(PreparedStatement statement, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            if (values[i] instanceof byte[] bytes) {
                statement.setBytes(i + 1, bytes);
            } else {
                statement.setObject(i + 1, values[i]);
            }
        }
    }

    /** The same for the same bytes and key on the same topic. Without bytes, nothing else is known to be the same. */
    private static byte[] fingerprint(DeadLetter letter, byte[] key) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            add(digest, letter.topic().getBytes(StandardCharsets.UTF_8));
            add(digest, key);
            add(digest, letter.value());
            if (letter.value() == null) {
                digest.update(ByteBuffer.allocate(Integer.BYTES + Long.BYTES)
                        .putInt(letter.partition())
                        .putLong(letter.offset())
                        .array());
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256", impossible);
        }
    }

    private static void add(MessageDigest digest, byte[] part) {
        digest.update(ByteBuffer.allocate(Integer.BYTES)
                .putInt(part == null ? -1 : part.length)
                .array());
        if (part != null) {
            digest.update(part);
        }
    }
}
