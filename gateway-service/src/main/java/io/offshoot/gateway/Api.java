package io.offshoot.gateway;

import io.offshoot.contracts.message.DeploymentEvent;
import jakarta.ws.rs.core.Application;
import org.eclipse.microprofile.openapi.annotations.Components;
import org.eclipse.microprofile.openapi.annotations.OpenAPIDefinition;
import org.eclipse.microprofile.openapi.annotations.enums.SecuritySchemeType;
import org.eclipse.microprofile.openapi.annotations.info.Info;
import org.eclipse.microprofile.openapi.annotations.info.License;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.security.SecurityScheme;
import org.eclipse.microprofile.openapi.annotations.servers.Server;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What the API document says of the whole. */
@OpenAPIDefinition(
        info =
                @Info(
                        title = "Offshoot",
                        version = "1",
                        description = "Deploys apps for communities into cloud accounts they own. Every error is "
                                + "`application/problem+json` (RFC 9457); its `type` is a page about it. A 202 is "
                                + "durable; a 503 is not confirmed, and repeating it is safe.",
                        license = @License(name = "Apache-2.0", identifier = "Apache-2.0")),
        servers = @Server(url = "/", description = "The gateway that serves this document"),
        tags = {
            @Tag(name = "Actions", description = "One action of one app of a deployment."),
            @Tag(name = "Audit", description = "Who did what."),
            @Tag(name = "Connections", description = "The hub's accounts at providers."),
            @Tag(name = "Dead letters", description = "What no service could take in, for operators."),
            @Tag(name = "Deploy", description = "The first API's one endpoint, kept."),
            @Tag(name = "Deployments", description = "A workflow applied to a hub's apps."),
            @Tag(name = "Events", description = "What happens, as it happens, as server-sent events."),
            @Tag(name = "Hubs", description = "Hubs, their members and their API keys."),
            @Tag(name = "Keys", description = "The keys that a hub signs with."),
            @Tag(
                    name = "Plans",
                    description = "What a deployment would do, and what became of what it owns. They change nothing."),
            @Tag(name = "Provider webhooks", description = "What providers send us. Only hints to look."),
            @Tag(name = "Providers", description = "Where deployments go."),
            @Tag(name = "Receipts", description = "What was asked for and what became of it, signed."),
            @Tag(name = "Secrets", description = "What is sealed at the door: nobody can read it again."),
            @Tag(name = "Sign-in", description = "A token for whoever signs with a key of the hub or a wallet."),
            @Tag(name = "Webhooks", description = "Where a hub's events are sent."),
            @Tag(name = "Workflows", description = "What can be deployed.")
        },
        components = @Components(schemas = @Schema(name = "DeploymentEvent", implementation = DeploymentEvent.class)),
        security = @SecurityRequirement(name = "token"))
@SecurityScheme(
        securitySchemeName = "token",
        type = SecuritySchemeType.HTTP,
        scheme = "bearer",
        description = "A hub's credential. The hub is the credential's, never the request's.")
public class Api extends Application {}
