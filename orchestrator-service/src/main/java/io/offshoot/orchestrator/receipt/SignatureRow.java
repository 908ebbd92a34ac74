package io.offshoot.orchestrator.receipt;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.Immutable;

/** A signature of the hub under a receipt. */
@Entity
@Immutable
@Table(name = "receipt_signature")
public class SignatureRow extends PanacheEntityBase {

    @Embeddable
    public record Key(
            @Column(name = "deployment_id") UUID deploymentId,
            @Column(name = "seq") long seq,
            @Column(name = "key_id") String keyId) {}

    @EmbeddedId
    public Key key;

    public String hub;

    public byte[] signature;

    @Column(name = "signed_by")
    public String signedBy;

    @Column(name = "added_at", insertable = false)
    public Instant addedAt;

    static List<SignatureRow> of(ReceiptRow.Key receipt) {
        return list(
                "key.deploymentId = ?1 and key.seq = ?2 order by addedAt, key.keyId",
                receipt.deploymentId(),
                receipt.seq());
    }
}
