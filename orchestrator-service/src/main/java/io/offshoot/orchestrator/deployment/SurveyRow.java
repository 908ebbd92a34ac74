package io.offshoot.orchestrator.deployment;

import io.offshoot.contracts.action.Removal;
import io.offshoot.contracts.query.SurveyView.Kind;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;

/** A look at a deployment that changes nothing. A run or a teardown may be bound to it. */
@Entity
@Table(name = "survey")
@DynamicUpdate
public class SurveyRow extends PanacheEntityBase {

    @Id
    public UUID id;

    @Column(name = "deployment_id")
    public UUID deploymentId;

    public String hub;

    @Enumerated(EnumType.STRING)
    public Kind kind;

    /** The app it is of; null for all. */
    @Column(name = "app_id")
    public String appId;

    /** With a teardown: what becomes of repositories. */
    @Enumerated(EnumType.STRING)
    public Removal removal;

    /** The deployment's last event when it was asked for. */
    public long seq;

    @Column(name = "asked_by")
    public String askedBy;

    @Column(name = "asked_at")
    public Instant askedAt;

    /** When what has not been found by then counts as unread. */
    public Instant until;

    @Column(name = "done_at")
    public Instant doneAt;

    /** Whether everything could be read; null before it is done. */
    public Boolean complete;

    public String hash;

    /** The newest of its kind that is done. */
    static Optional<SurveyRow> newest(UUID deploymentId, Kind kind) {
        return find(
                        "deploymentId = ?1 and kind = ?2 and doneAt is not null order by askedAt desc, id desc",
                        deploymentId,
                        kind)
                .firstResultOptional();
    }
}
