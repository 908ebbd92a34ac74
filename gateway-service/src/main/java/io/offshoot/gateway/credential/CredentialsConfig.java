package io.offshoot.gateway.credential;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithParentName;
import java.util.Map;

/** The credentials this gateway knows, by name. Without any, nobody gets in. */
@ConfigMapping(prefix = "offshoot.credentials")
interface CredentialsConfig {

    @WithParentName
    Map<String, Entry> byName();

    interface Entry {

        /** The hub its holder acts for. */
        String hub();

        Role role();

        /** SHA-256 of the token, in hexadecimal. The token itself is nowhere. */
        String tokenSha256();
    }
}
