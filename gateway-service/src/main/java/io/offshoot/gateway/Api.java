package io.offshoot.gateway;

import jakarta.ws.rs.core.Application;
import org.eclipse.microprofile.openapi.annotations.OpenAPIDefinition;
import org.eclipse.microprofile.openapi.annotations.enums.SecuritySchemeType;
import org.eclipse.microprofile.openapi.annotations.info.Info;
import org.eclipse.microprofile.openapi.annotations.info.License;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.security.SecurityScheme;

/** What the API document says of the whole. */
@OpenAPIDefinition(
        info =
                @Info(
                        title = "Offshoot",
                        version = "1",
                        description = "Deploys apps for communities into cloud accounts they own. Every error is "
                                + "`application/problem+json` (RFC 9457); its `type` is a page about it. A 202 is "
                                + "durable; a 503 is not confirmed, and repeating it is safe.",
                        license = @License(name = "Apache-2.0")),
        security = @SecurityRequirement(name = "token"))
@SecurityScheme(
        securitySchemeName = "token",
        type = SecuritySchemeType.HTTP,
        scheme = "bearer",
        description = "A hub's credential. The hub is the credential's, never the request's.")
public class Api extends Application {}
