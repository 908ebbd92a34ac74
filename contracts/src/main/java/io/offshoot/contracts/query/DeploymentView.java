package io.offshoot.contracts.query;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.offshoot.contracts.message.PublicStatus;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * One deployment with all its apps and actions.
 *
 * @param status of the whole: running if any action runs, else error if any failed, else done if all are, else idle
 * @param seq the last event's
 * @param actions the workflow's steps, in an order that satisfies their needs
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(requiredProperties = {"id", "workflow", "version", "digest", "status", "seq", "createdAt", "actions", "apps"})
public record DeploymentView(
        UUID id,
        String workflow,
        int version,
        String digest,
        PublicStatus status,
        long seq,
        Instant createdAt,
        List<Needs> actions,
        List<App> apps) {

    @Schema(requiredProperties = {"id", "needs"})
    public record Needs(String id, List<String> needs) {}

    @Schema(requiredProperties = {"appId", "status", "actions"})
    public record App(String appId, PublicStatus status, List<ActionView> actions) {}

    /** A page of deployments, newest first. @param next the cursor of the following page; null on the last */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(
            name = "DeploymentPage",
            requiredProperties = {"deployments"})
    public record Page(List<Summary> deployments, String next) {}

    @Schema(
            name = "DeploymentSummary",
            requiredProperties = {"id", "workflow", "status", "createdAt", "apps"})
    public record Summary(UUID id, String workflow, PublicStatus status, Instant createdAt, List<String> apps) {}
}
