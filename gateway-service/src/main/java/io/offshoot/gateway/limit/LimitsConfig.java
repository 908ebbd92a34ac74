package io.offshoot.gateway.limit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/**
 * How much anybody may ask of one gateway. The defaults leave room for a hundred clients behind one address that poll
 * every two seconds, ten times over.
 */
@ConfigMapping(prefix = "offshoot.limits")
public interface LimitsConfig {

    /** Requests from one address, with or without a credential. */
    Rate address();

    /** Requests with the credentials of one hub. */
    HubRate hub();

    /** Wrong tokens from one address that are looked at, in the time of {@link #triesWithin()}. */
    @WithDefault("30")
    int badTries();

    /** Wrong tries with one token's id. */
    @WithDefault("10")
    int badTriesOfToken();

    @WithDefault("1m")
    Duration triesWithin();

    /** Header fields of one request. */
    @WithDefault("100")
    int headers();

    /** A body that is not there after so long is not waited for. */
    @WithDefault("10s")
    Duration bodyWithin();

    /** A request whose head is not there so long after its first byte is not waited for. */
    @WithDefault("10s")
    Duration headWithin();

    /** Connections from one address at once. */
    @WithDefault("2000")
    int connectionsOfAddress();

    /** Connections at once. */
    @WithDefault("10000")
    int connections();

    interface Rate {

        /** As many a second for as long as one likes. */
        @WithDefault("500")
        double perSecond();

        /** As many at once after a time without any. */
        @WithDefault("5000")
        int burst();
    }

    interface HubRate {

        @WithDefault("1000")
        double perSecond();

        @WithDefault("10000")
        int burst();
    }
}
