package io.offshoot.orchestrator.lane;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.hibernate.annotations.Immutable;

/** An account at a provider that executors have announced. */
@Entity
@Immutable
@Table(name = "connection")
public class ConnectionRow extends PanacheEntityBase {

    @Embeddable
    public record Key(
            @Column(name = "provider") String provider,
            @Column(name = "name") String name) {}

    @EmbeddedId
    public Key key;

    /** The only one that may use it. */
    public String hub;

    public String account;

    public String lane;

    @Column(name = "heard_at")
    public Instant heardAt;

    public static List<ConnectionRow> ofHub(String hub) {
        return list("hub = ?1 order by key.provider, key.name", hub);
    }

    static List<ConnectionRow> all() {
        return list("order by key.provider, key.name");
    }

    /** Which of these providers have executors that say what connections there are. */
    public static List<String> announced(Collection<String> providers) {
        return ProviderRow.<ProviderRow>list("name in ?1", providers).stream()
                .map(row -> row.name)
                .toList();
    }
}
