package io.offshoot.orchestrator.deployment;

import io.offshoot.contracts.secret.Sealed;
import io.offshoot.contracts.secret.SealedSecret;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** A secret of a deployment, as it came: sealed. */
@Entity
@Immutable
@Table(name = "deployment_secret")
public class SecretRow extends PanacheEntityBase {

    @Embeddable
    public record Key(@Column(name = "deployment_id") UUID deploymentId, String name) {}

    @EmbeddedId
    public Key key;

    public String scope;

    public long version;

    @JdbcTypeCode(SqlTypes.JSON)
    public List<Sealed> copies;

    public static SecretRow of(UUID deployment, SealedSecret secret) {
        var row = new SecretRow();
        row.key = new Key(deployment, secret.name());
        row.scope = secret.scope();
        row.version = secret.version();
        row.copies = secret.copies();
        return row;
    }

    public static List<SecretRow> of(Collection<UUID> deployments) {
        return list("key.deploymentId in ?1", deployments);
    }

    /** With the copies that this provider's executor can open, and no others. */
    public SealedSecret sealedFor(String provider) {
        return new SealedSecret(
                key.name(),
                scope,
                version,
                copies.stream()
                        .filter(copy -> copy.recipient().equals(provider))
                        .toList());
    }
}
