package io.offshoot.orchestrator.lane;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.Subselect;
import org.hibernate.annotations.Synchronize;

/**
 * An account at a provider that executors have announced, or that a hub has entered and that was ready once. Of two with
 * one name the announced one counts.
 */
@Entity
@Immutable
@Subselect("""
        select provider, name, hub, account, lane, heard_at, null as refused from connection
        union all
        select provider, name, hub, account, lane, coalesce(checked_at, entered_at),
               case when state = 'REFUSED' then problem end
        from entered_connection as entered
        where removed_at is null and lane is not null
          and not exists (select from connection
                          where connection.provider = entered.provider and connection.name = entered.name
                            and connection.hub = entered.hub)""")
@Synchronize({"connection", "entered_connection"})
public class ConnectionRow extends PanacheEntityBase {

    /** @param hub the only one that may use it */
    @Embeddable
    public record Key(
            @Column(name = "provider") String provider,
            @Column(name = "name") String name,
            @Column(name = "hub") String hub) {}

    @EmbeddedId
    public Key key;

    public String account;

    public String lane;

    @Column(name = "heard_at")
    public Instant heardAt;

    /** Why the provider refuses it by now; null if it does not. */
    public String refused;

    public static List<ConnectionRow> ofHub(String hub) {
        return list("key.hub = ?1 order by key.provider, key.name", hub);
    }

    static List<ConnectionRow> all() {
        return list("order by key.provider, key.name, key.hub");
    }

    /** Which of these providers have executors that say what connections there are. */
    public static List<String> announced(Collection<String> providers) {
        return ProviderRow.<ProviderRow>list("name in ?1", providers).stream()
                .map(row -> row.name)
                .toList();
    }
}
