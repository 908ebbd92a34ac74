package io.offshoot.orchestrator.survey;

import io.offshoot.contracts.claim.ClaimAnswer;
import io.offshoot.contracts.message.Finding;
import io.offshoot.orchestrator.decision.Phase;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** One step that a survey looks at. */
@Entity
@Table(name = "look")
@DynamicUpdate
class LookRow extends PanacheEntityBase {

    @Embeddable
    record Key(
            @Column(name = "survey_id") UUID surveyId,
            @Column(name = "app_id") String appId,
            @Column(name = "step_id") String stepId) {}

    @EmbeddedId
    public Key key;

    /** Where its findings stand among the others. */
    public int position;

    public String provider;

    @Enumerated(EnumType.STRING)
    public Phase phase;

    public long fence;

    @Column(name = "lease_until")
    public Instant leaseUntil;

    /** When the command goes out again if nobody has claimed it. */
    @Column(name = "resend_at")
    public Instant resendAt;

    /** How often the command went out. */
    public int sends = 1;

    @Column(name = "command_id")
    public UUID commandId;

    /** What the claim hands out; null where there is nothing to look at. */
    @JdbcTypeCode(SqlTypes.JSON)
    public ClaimAnswer.Context context;

    /** Null until it is over. */
    @JdbcTypeCode(SqlTypes.JSON)
    public List<Finding> findings;

    static List<LookRow> of(UUID surveyId) {
        return list("key.surveyId = ?1 order by position", surveyId);
    }

    /** Those that are not over, locked against claims until the transaction ends. */
    static List<LookRow> lockOpen(UUID surveyId) {
        return find("key.surveyId = ?1 and phase <> ?2 order by position", surveyId, Phase.ENDED)
                .withLock(LockModeType.PESSIMISTIC_WRITE)
                .list();
    }
}
