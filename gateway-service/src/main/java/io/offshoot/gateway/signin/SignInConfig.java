package io.offshoot.gateway.signin;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How people sign in. */
@ConfigMapping(prefix = "offshoot.sign-in")
interface SignInConfig {

    /** The network whose wallets' addresses are taken. */
    @WithDefault("mainnet")
    CardanoNetwork cardanoNetwork();

    /** How long what a sign-in gives is good for. */
    @WithDefault("8h")
    Duration validFor();
}
