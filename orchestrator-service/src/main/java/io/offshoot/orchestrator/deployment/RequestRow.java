package io.offshoot.orchestrator.deployment;

import io.offshoot.contracts.message.DeploymentRequest;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.contracts.query.RequestView;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.Immutable;

/** What was made of a request. Its row is also how a second delivery is known. */
@Entity
@Immutable
@Table(name = "request")
public class RequestRow extends PanacheEntityBase {

    /** Why a request is refused that nobody has decided: its record is a dead letter. */
    private static final List<String> NOT_TAKEN_IN =
            List.of(ProblemType.INTERNAL.code(), ProblemType.UNKNOWN_DEPLOYMENT.code());

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

    /** Forgets a request whose record is a dead letter, for it comes again. One that was decided stays as it is. */
    public static void reopen(UUID id) {
        delete("id = ?1 and outcome = ?2 and code in ?3", id, RequestView.Outcome.REFUSED, NOT_TAKEN_IN);
    }

    public RequestView view() {
        return new RequestView(id, outcome, code, detail);
    }
}
