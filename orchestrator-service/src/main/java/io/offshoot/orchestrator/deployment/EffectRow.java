package io.offshoot.orchestrator.deployment;

import io.offshoot.contracts.message.Effect;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.Immutable;

/** What one attempt said of one thing at a provider. The ledger only grows. */
@Entity
@Immutable
@Table(name = "effect")
public class EffectRow extends PanacheEntityBase {

    @Embeddable
    public record Key(
            @Column(name = "deployment_id") UUID deploymentId,
            @Column(name = "app_id") String appId,
            @Column(name = "step_id") String stepId,
            @Column(name = "attempt") int attempt,
            @Column(name = "effect_key") String effectKey,
            @Column(name = "kind") String kind,
            @Column(name = "provider_id") String providerId,

            @Enumerated(EnumType.STRING) @Column(name = "verb")
            Effect.Verb verb) {}

    @EmbeddedId
    public Key key;

    public String provider;

    public String name;

    public String account;

    public String mark;

    public String settings;

    /** Why it was left where it is. */
    public String note;

    @Column(name = "seen_at")
    public Instant seenAt;

    /** All of one deployment, in the order in which they were reported. */
    public static List<EffectRow> of(UUID deploymentId) {
        return list("key.deploymentId = ?1 order by seenAt, key.appId, key.stepId, key.attempt", deploymentId);
    }
}
