package io.offshoot.orchestrator.lane;

import io.offshoot.contracts.secret.PublicKeyset;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.hibernate.annotations.Immutable;

/** With what secrets are sealed for a provider's executors, as these announced it. */
@Entity
@Immutable
@Table(name = "keyset")
public class KeysetRow extends PanacheEntityBase {

    @Id
    public String provider;

    public String keyset;

    @Column(name = "heard_at")
    public Instant heardAt;

    static List<KeysetRow> all() {
        return list("order by provider");
    }

    public static List<KeysetRow> of(Collection<String> providers) {
        return list("provider in ?1", providers);
    }

    public PublicKeyset published() {
        return new PublicKeyset(provider, keyset);
    }
}
