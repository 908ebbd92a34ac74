package io.offshoot.github.connection;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** GitHub, and the accounts at it. */
@ConfigMapping(prefix = "offshoot.github")
public interface GitHubConfig {

    @WithDefault("https://api.github.com")
    URI url();

    /** How long to wait before looking again whether a repository's contents have arrived. */
    @WithDefault("2s")
    Duration lookAfter();

    /** The accounts, by the name that claims call them. */
    Map<String, Account> connections();

    /** An organisation of a hub. */
    interface Account {

        /** The only hub whose attempts may use it. */
        String hub();

        String organization();

        /** Of an app's installation, or a fine-grained personal one. Has no default and is never printed. */
        String token();
    }
}
