package io.offshoot.orchestrator.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import io.offshoot.proof.chain.EventChain;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** One entry of the event log: the whole message, as it goes to the topic. */
@Entity
@Immutable
@Table(name = "event")
public class EventRow extends PanacheEntityBase {

    @Embeddable
    public record Key(
            @Column(name = "deployment_id") UUID deploymentId,
            @Column(name = "seq") long seq) {}

    @EmbeddedId
    public Key key;

    public String hub;

    @JdbcTypeCode(SqlTypes.JSON)
    public JsonNode body;

    /** The head of the chain that ends with it; null where the release before wrote it and nothing came after. */
    public byte[] hash;

    public static List<EventRow> after(UUID deploymentId, long seq, int limit) {
        return find("key.deploymentId = ?1 and key.seq > ?2 order by key.seq", deploymentId, seq)
                .page(0, limit)
                .list();
    }

    /** Takes what the release before wrote into the chain. Needs the deployment's lock. */
    static EventChain catchUp(EventChain chain, UUID deploymentId, long seq) {
        var whole = chain;
        for (EventRow row : after(deploymentId, chain.seq(), Math.toIntExact(seq - chain.seq()))) {
            whole = whole.then(row.body);
            getEntityManager()
                    .createNativeQuery("update event set hash = ?1 where deployment_id = ?2 and seq = ?3")
                    .setParameter(1, whole.head())
                    .setParameter(2, deploymentId)
                    .setParameter(3, row.key.seq())
                    .executeUpdate();
        }
        return whole;
    }
}
