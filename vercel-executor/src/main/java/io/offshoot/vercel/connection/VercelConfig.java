package io.offshoot.vercel.connection;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** Vercel, and the accounts at it. */
@ConfigMapping(prefix = "offshoot.vercel")
public interface VercelConfig {

    @WithDefault("https://api.vercel.com")
    URI url();

    /** How long to wait before looking at a build again. */
    @WithDefault("5s")
    Duration lookAfter();

    /**
     * How long after success to look for a second build, where an earlier attempt may have been held up before it wrote:
     * longer than a lease, and within the minute in which a second one must be gone.
     */
    @WithDefault("20s")
    Duration lateWrites();

    /** How long to wait before looking again whether a person has done something: a domain's records, or a link. */
    @WithDefault("30s")
    Duration domainLookAfter();

    /** What a site's address is made from; <code>{host}</code> stands for its host name. */
    @WithDefault("https://{host}")
    String siteUrl();

    /** The accounts, by the name that claims call them. */
    Map<String, Account> connections();

    /** A team of a hub. */
    interface Account {

        /** The only hub whose attempts may use it. */
        String hub();

        /** Without it Vercel would take every call to mean the token owner's personal account. */
        String teamId();

        /** Has no default and is never printed. */
        String token();
    }
}
