package io.offshoot.orchestrator.deployment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** One application of a deployment, as it was asked for. */
@Entity
@Immutable
public class App extends PanacheEntityBase {

    @EmbeddedId
    public AppKey key;

    /** The place in the request's list. */
    public int position;

    @JdbcTypeCode(SqlTypes.JSON)
    public ObjectNode input;

    @JdbcTypeCode(SqlTypes.JSON)
    public Map<String, String> env;

    /** Variables whose value is a secret: the variable's name to the secret's. */
    @JdbcTypeCode(SqlTypes.JSON)
    @Column(name = "env_secrets")
    public Map<String, String> envSecrets = Map.of();

    public static List<App> of(UUID deploymentId) {
        return list("key.deploymentId = ?1 order by position", deploymentId);
    }
}
