package io.offshoot.gateway.oidc;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.util.Optional;

/** Whether members may come with tokens of an OpenID Connect issuer, and of which. */
@ConfigMapping(prefix = "offshoot.oidc")
interface OidcConfig {

    @WithDefault("false")
    boolean enabled();

    /** As it stands in the tokens, to the letter; its discovery document is found below it. */
    Optional<URI> issuer();

    /** Whom the tokens must be for: this installation, as the issuer knows it. A token for another is none here. */
    Optional<String> audience();
}
