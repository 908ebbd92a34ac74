package io.offshoot.vercel.connection;

import jakarta.inject.Singleton;
import java.net.URI;

/** Where the sites of a host name can be opened. */
@Singleton
public class Sites {

    private static final String HOST = "{host}";

    private final String template;

    Sites(VercelConfig config) {
        this.template = config.siteUrl();
        if (!template.contains(HOST)) {
            throw new IllegalStateException("offshoot.vercel.site-url must contain " + HOST);
        }
    }

    public URI address(String host) {
        return URI.create(template.replace(HOST, host));
    }
}
