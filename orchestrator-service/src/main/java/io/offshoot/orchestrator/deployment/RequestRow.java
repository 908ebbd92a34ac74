package io.offshoot.orchestrator.deployment;

import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.query.RequestView;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;
import org.hibernate.annotations.Immutable;

/** What was made of a request. Its row is also how a second delivery is known. */
@Entity
@Immutable
@Table(name = "request")
public class RequestRow extends PanacheEntityBase {

    @Id
    public UUID id;

    public String hub;

    @Column(name = "deployment_id")
    public UUID deploymentId;

    @Enumerated(EnumType.STRING)
    public DeploymentRequest.Kind kind;

    @Enumerated(EnumType.STRING)
    public RequestView.Outcome outcome;

    public String code;

    public String detail;

    @Column(name = "requested_by")
    public String requestedBy;

    public RequestView view() {
        return new RequestView(id, outcome, code, detail);
    }
}
