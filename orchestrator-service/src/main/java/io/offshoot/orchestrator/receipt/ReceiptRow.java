package io.offshoot.orchestrator.receipt;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.Immutable;

/** What was signed of a deployment as it stood after one event. */
@Entity
@Immutable
@Table(name = "receipt")
public class ReceiptRow extends PanacheEntityBase {

    @Embeddable
    public record Key(
            @Column(name = "deployment_id") UUID deploymentId,
            @Column(name = "seq") long seq) {}

    @EmbeddedId
    public Key key;

    public String hub;

    /** The signed bytes, as the text that they are. */
    public String statement;

    @Column(name = "key_id")
    public String keyId;

    public byte[] signature;

    @Column(name = "made_at")
    public Instant madeAt;

    static Optional<ReceiptRow> newest(UUID deploymentId) {
        return find("key.deploymentId = ?1 order by key.seq desc", deploymentId).firstResultOptional();
    }

    static Optional<ReceiptRow> before(Key key) {
        return find("key.deploymentId = ?1 and key.seq < ?2 order by key.seq desc", key.deploymentId(), key.seq())
                .firstResultOptional();
    }
}
