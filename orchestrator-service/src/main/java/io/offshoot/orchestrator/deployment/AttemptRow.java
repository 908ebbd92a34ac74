package io.offshoot.orchestrator.deployment;

import io.offshoot.contracts.action.AttemptMode;
import io.offshoot.contracts.message.Failure;
import io.offshoot.contracts.message.StepResult;
import io.offshoot.orchestrator.decision.Phase;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** One attempt of a step. Claims and heartbeats write only here. */
@Entity
@Table(name = "attempt")
@DynamicUpdate
public class AttemptRow extends PanacheEntityBase {

    @EmbeddedId
    public AttemptKey key;

    public int generation;

    public String provider;

    public String action;

    @Enumerated(EnumType.STRING)
    public AttemptMode mode;

    @Enumerated(EnumType.STRING)
    public Phase phase;

    public long fence;

    public String executor;

    @Column(name = "claimed_at")
    public Instant claimedAt;

    @Column(name = "lease_until")
    public Instant leaseUntil;

    /** When the command goes out again if nobody has claimed it. */
    @Column(name = "resend_at")
    public Instant resendAt;

    /** How often the command went out. */
    public int sends = 1;

    @Column(name = "command_id")
    public UUID commandId;

    /** The lane of its credential; null if it has none. */
    public String lane;

    /** The hub that takes turns for it; null without a lane. */
    public String hub;

    /** Since when it has its place in the lane's line. */
    @Column(name = "queued_at")
    public Instant queuedAt;

    @Column(name = "created_at")
    public Instant createdAt;

    @Column(name = "ended_at")
    public Instant endedAt;

    @Enumerated(EnumType.STRING)
    public StepResult.Outcome outcome;

    @JdbcTypeCode(SqlTypes.JSON)
    public Failure failure;

    /** The live attempts of deployments, locked against claims until the transaction ends. */
    static List<AttemptRow> lockLive(Collection<UUID> deploymentIds) {
        return find(
                        "key.deploymentId in ?1 and phase <> ?2 order by key.deploymentId, key.appId, key.stepId",
                        deploymentIds,
                        Phase.ENDED)
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .list();
    }

    /** All of one step, the first first. */
    public static List<AttemptRow> of(StepKey step) {
        return list(
                "key.deploymentId = ?1 and key.appId = ?2 and key.stepId = ?3 order by key.number",
                step.deploymentId(),
                step.appId(),
                step.stepId());
    }

    public static List<AttemptRow> live(Collection<UUID> deploymentIds) {
        return list("key.deploymentId in ?1 and phase <> ?2", deploymentIds, Phase.ENDED);
    }
}
