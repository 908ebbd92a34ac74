package io.offshoot.orchestrator.lane;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import org.hibernate.annotations.Immutable;

/** A provider whose executors have announced what they have. */
@Entity
@Immutable
@Table(name = "provider")
public class ProviderRow extends PanacheEntityBase {

    @Id
    public String name;

    @Column(name = "heard_at")
    public Instant heardAt;

    static List<ProviderRow> all() {
        return list("order by name");
    }
}
