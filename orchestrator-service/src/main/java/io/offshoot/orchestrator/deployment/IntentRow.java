package io.offshoot.orchestrator.deployment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.intent.SignedIntent;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.query.IntentView;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** What the hub signed when it asked for a deployment. Never changes. */
@Entity
@Immutable
@Table(name = "intent")
public class IntentRow extends PanacheEntityBase {

    @Id
    @Column(name = "deployment_id")
    public UUID deploymentId;

    public String hub;

    /** No two of a hub are alike: an intent counts once. */
    public String nonce;

    public String request;

    public String envelope;

    @JdbcTypeCode(SqlTypes.JSON)
    public List<ObjectNode> keys;

    public static IntentRow of(UUID deploymentId, String hub, String nonce, SignedIntent signed) {
        var row = new IntentRow();
        row.deploymentId = deploymentId;
        row.hub = hub;
        row.nonce = nonce;
        row.request = signed.request();
        row.envelope = signed.envelope().toString();
        row.keys = signed.keys();
        return row;
    }

    public static List<IntentRow> of(Collection<UUID> deploymentIds) {
        return deploymentIds.isEmpty() ? List.of() : list("deploymentId in ?1", deploymentIds);
    }

    public static boolean isUsed(String hub, String nonce) {
        return count("hub = ?1 and nonce = ?2", hub, nonce) > 0;
    }

    public SignedIntent signed() {
        return new SignedIntent(request, envelope(), keys);
    }

    public IntentView view(String digest) {
        return new IntentView(digest, request, envelope(), keys);
    }

    private ObjectNode envelope() {
        try {
            return (ObjectNode) Messages.json().readTree(envelope);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An envelope that was written can be read", e);
        }
    }
}
