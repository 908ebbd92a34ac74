package io.offshoot.sandbox.control;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** What a sandbox is started with. The tokens have no default and are never printed. */
@ConfigMapping(prefix = "sandbox")
public interface SandboxConfig {

    /** Where everything is kept; without it, everything is gone when the process ends. */
    Optional<Path> data();

    /** What the providers' real delays are multiplied by: 1 for a demonstration, 0.02 in tests. */
    @WithDefault("0.2")
    double timeScale();

    /** Settings that differ from the usual ones from the start, as the control API takes them: a JSON object. */
    Optional<String> settings();

    /** Whether every rate limit that the providers publish is there from the start. */
    @WithDefault("false")
    boolean publishedLimits();

    /** Opens the control API. Required. */
    Optional<String> controlToken();

    Github github();

    Vercel vercel();

    Telegram telegram();

    Aura aura();

    /** Where all webhooks of a provider go, as those of an App or an integration do. */
    interface Hook {

        /** An address of this machine. Without it there is none. */
        Optional<String> url();

        Optional<String> secret();
    }

    /** A bot at Telegram. */
    interface Telegram {

        /** Without it there is no bot. */
        Optional<String> token();

        @WithDefault("hub_bot")
        String username();
    }

    /** A client at Neo4j Aura. */
    interface Aura {

        /** Without it there is none. */
        Optional<String> clientId();

        Optional<String> clientSecret();

        @WithDefault("tenant-example")
        String tenantId();
    }

    /** The account at GitHub. */
    interface Github {

        /** The organisation that the token may write to. */
        @WithDefault("example-hub")
        String organization();

        /** Required. */
        Optional<String> token();

        /** Who owns the repositories that apps are made from. */
        @WithDefault("offshoot-upstream")
        String upstreamOwner();

        App app();

        Hook hook();

        /** A GitHub App, installed in every organisation. */
        interface App {

            /** Without it there is no App. */
            Optional<Long> id();

            /** The public half of its key, in PEM. */
            Optional<String> publicKey();
        }
    }

    /** The account at Vercel. */
    interface Vercel {

        Hook hook();

        @WithDefault("team_example")
        String teamId();

        @WithDefault("example")
        String teamSlug();

        /** Required. */
        Optional<String> token();
    }
}
