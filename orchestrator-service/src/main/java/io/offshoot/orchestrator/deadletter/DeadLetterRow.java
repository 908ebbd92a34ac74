package io.offshoot.orchestrator.deadletter;

import io.offshoot.contracts.query.DeadLetterView;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import java.util.regex.Pattern;
import org.hibernate.annotations.DynamicUpdate;

/** A record that could not be taken in, kept as it came. */
@Entity
@DynamicUpdate
@Table(name = "dead_letter")
class DeadLetterRow extends PanacheEntityBase {

    /** The topics from which records are taken in. A letter that names another was not written by a service of ours. */
    private static final Pattern TAKEN_IN =
            Pattern.compile("deployment\\.triggers|[a-z0-9][a-z0-9-]*\\.(commands|results)");

    /** The id of the first message about it. */
    @Id
    UUID id;

    @Column(updatable = false)
    String topic;

    /** As bytes: a text in the database cannot hold every key. */
    @Column(updatable = false)
    byte[] key;

    @Column(updatable = false)
    byte[] value;

    @Column(updatable = false)
    int partition;

    @Column(name = "record_offset", updatable = false)
    long offset;

    @Column(updatable = false)
    String reason;

    @Column(updatable = false)
    String detail;

    @Column(updatable = false)
    String source;

    @Column(name = "first_seen", updatable = false)
    Instant firstSeen;

    @Column(name = "last_seen", updatable = false)
    Instant lastSeen;

    @Column(updatable = false)
    int occurrences;

    int replays;

    @Column(name = "replayed_at")
    Instant replayedAt;

    @Column(name = "replayed_by")
    String replayedBy;

    String keyText() {
        return key == null ? null : new String(key, StandardCharsets.UTF_8);
    }

    boolean isReplayable() {
        return value != null
                && TAKEN_IN.matcher(topic).matches()
                && (key == null || keyText().indexOf('\0') < 0);
    }

    /** @param withValue whether what the record holds is shown too */
    DeadLetterView view(boolean withValue) {
        return new DeadLetterView(
                id,
                topic,
                partition,
                offset,
                keyText(),
                reason,
                detail,
                source,
                value == null ? null : value.length,
                withValue && value != null ? Arrays.copyOf(value, Math.min(value.length, DeadLetterView.SHOWN)) : null,
                firstSeen,
                lastSeen,
                occurrences,
                isReplayable(),
                replays,
                replayedAt,
                replayedBy);
    }
}
