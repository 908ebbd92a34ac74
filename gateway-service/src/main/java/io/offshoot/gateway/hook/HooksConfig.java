package io.offshoot.gateway.hook;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** What providers send us. Without a secret nothing of that provider is taken. */
@ConfigMapping(prefix = "offshoot.hooks")
interface HooksConfig {

    Sender github();

    Sender vercel();

    /** How long it is known that one has arrived before. */
    @WithDefault("7d")
    Duration seenKept();

    /** A provider. */
    interface Sender {

        /** What it signs with. Never printed. */
        Optional<String> secret();

        /** What it signed with before; taken too while the secret is replaced. */
        Optional<String> previousSecret();
    }
}
