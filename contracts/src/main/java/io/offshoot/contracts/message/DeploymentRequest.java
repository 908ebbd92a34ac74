package io.offshoot.contracts.message;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.contracts.action.Removal;
import java.util.Objects;
import java.util.UUID;

/**
 * Something a client asks of a deployment. Keyed by deployment; the envelope's id is the request's id, and a second
 * delivery of that id is dropped.
 *
 * @param kind what is asked
 * @param appId the app; null where the whole deployment is meant
 * @param actionId the action; null where the whole deployment is meant
 * @param args override the action's part of the app's input; null for none
 * @param requestedBy the credential's name, for the record; never a secret
 * @param rerun with a trigger: begin even what is done anew
 * @param plan the hash of the plan that it carries out; null if it is bound to none
 * @param removal with a teardown: what becomes of repositories
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DeploymentRequest(
        Kind kind,
        UUID deploymentId,
        String appId,
        String actionId,
        ObjectNode args,
        String requestedBy,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean rerun,
        String plan,
        Removal removal) {

    public enum Kind {
        TRIGGER,
        RUN,
        CANCEL,
        RESUME,
        TEARDOWN,
        ANSWER,
        HINT
    }

    public DeploymentRequest {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(deploymentId, "deploymentId");
        if (kind == Kind.TRIGGER) {
            Objects.requireNonNull(appId, "appId");
            Objects.requireNonNull(actionId, "actionId");
        }
        if (kind == Kind.TEARDOWN) {
            Objects.requireNonNull(appId, "appId");
            Objects.requireNonNull(plan, "plan");
            Objects.requireNonNull(removal, "removal");
        } else if ((appId == null) != (actionId == null)) {
            throw new IllegalArgumentException("an app and an action are named together");
        }
    }

    /** One that is bound to no plan. */
    public DeploymentRequest(
            Kind kind,
            UUID deploymentId,
            String appId,
            String actionId,
            ObjectNode args,
            String requestedBy,
            boolean rerun) {
        this(kind, deploymentId, appId, actionId, args, requestedBy, rerun, null, null);
    }

    /** One that begins nothing anew that is done. */
    public DeploymentRequest(
            Kind kind, UUID deploymentId, String appId, String actionId, ObjectNode args, String requestedBy) {
        this(kind, deploymentId, appId, actionId, args, requestedBy, false);
    }
}
