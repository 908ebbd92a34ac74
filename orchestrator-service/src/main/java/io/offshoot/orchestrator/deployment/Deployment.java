package io.offshoot.orchestrator.deployment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.proof.chain.EventChain;
import io.offshoot.workflows.Step;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** A workflow applied to apps. Its row is the lock under which everything of it changes. */
@Entity
@DynamicUpdate
public class Deployment extends PanacheEntityBase {

    @Id
    public UUID id;

    @Column(updatable = false)
    public String hub;

    @Column(updatable = false)
    public String workflow;

    @Column(updatable = false)
    public int version;

    @Column(updatable = false)
    public String digest;

    @JdbcTypeCode(SqlTypes.JSON)
    @Column(updatable = false)
    public ObjectNode config;

    /** Provider, with the role where a workflow has several accounts there, to the name of the connection. */
    @JdbcTypeCode(SqlTypes.JSON)
    @Column(updatable = false)
    public Map<String, String> connections;

    @JdbcTypeCode(SqlTypes.JSON)
    @Column(updatable = false)
    public Map<String, String> env;

    /** Variables whose value is a secret: the variable's name to the secret's. */
    @JdbcTypeCode(SqlTypes.JSON)
    @Column(name = "env_secrets", updatable = false)
    public Map<String, String> envSecrets = Map.of();

    /** The last event's. */
    public long seq;

    /** The head of the hash chain over the events; null before the first. */
    byte[] chain;

    /** The last event that the chain reaches. Behind {@link #seq} where the release before wrote. */
    long chained;

    @Column(name = "idempotency_key", updatable = false)
    public String idempotencyKey;

    @Column(name = "request_digest", updatable = false)
    public String requestDigest;

    /** SHA-256 of what the hub signed, in hexadecimal; null if it came without an intent. */
    @Column(name = "intent_digest", updatable = false)
    public String intentDigest;

    @Column(name = "created_at", updatable = false)
    public Instant createdAt;

    /** The hub's deployment; empty if there is none, or it is another hub's. */
    public static Optional<Deployment> ofHub(String hub, UUID id) {
        return find("id = ?1 and hub = ?2", id, hub).firstResultOptional();
    }

    public static Optional<Deployment> byIdempotencyKey(String hub, String key) {
        return find("hub = ?1 and idempotencyKey = ?2", hub, key).firstResultOptional();
    }

    /** The chain over its events as far as it is kept. */
    public EventChain chain() {
        return EventChain.at(id, chained, chain);
    }

    void keep(EventChain longer) {
        chain = longer.head();
        chained = longer.seq();
    }

    /** Whether the hub signed what was asked for. */
    public boolean isSigned() {
        return intentDigest != null;
    }

    /** The name of the connection of that entry; the hub's own name where none was given. */
    public String connection(String entry) {
        return connections.getOrDefault(entry, hub);
    }

    /** The name of the connection that a step works with. */
    public String connection(Step<?, ?, ?, ?> step) {
        return connection(step.connection());
    }
}
