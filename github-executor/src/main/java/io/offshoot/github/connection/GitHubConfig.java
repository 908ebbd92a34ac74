package io.offshoot.github.connection;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** GitHub, and the accounts at it. */
@ConfigMapping(prefix = "offshoot.github")
public interface GitHubConfig {

    @WithDefault("https://api.github.com")
    URI url();

    /** How long to wait before looking again whether a repository's contents have arrived. */
    @WithDefault("2s")
    Duration lookAfter();

    /** Where people see to what an installation may do. */
    @WithDefault("https://github.com")
    URI site();

    /** How long to wait before looking again whether a person has done what was asked. */
    @WithDefault("1m")
    Duration personLookAfter();

    /** The platform's own GitHub App, which hubs install at their organisations themselves. Without it none can. */
    Optional<PlatformApp> app();

    /** The accounts, by the name that claims call them. */
    Map<String, Account> connections();

    /** An organisation of a hub. */
    interface Account {

        /** The only hub whose attempts may use it. */
        String hub();

        String organization();

        /** A fine-grained personal one: the simple mode. Never printed. */
        Optional<String> token();

        /** A GitHub App, in place of a token: the mode for production. */
        Optional<App> app();
    }

    /** A GitHub App. */
    interface PlatformApp {

        /** Its client id, or its numeric id. */
        String id();

        /** The app's private key in PEM. Never printed. */
        Optional<String> privateKey();

        /** The file that holds it, in place of the key itself. */
        Optional<Path> privateKeyFile();
    }

    /** A GitHub App that is installed at the organisation. */
    interface App extends PlatformApp {

        /** The number of the installation, as in the address of its settings. */
        long installation();
    }
}
