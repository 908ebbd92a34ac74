package io.offshoot.gateway.headers;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** What browsers are told. */
@ConfigMapping(prefix = "offshoot.browser")
interface HeadersConfig {

    /** Whose pages may call the API: scheme, host and port, such as <code>https://app.example.org</code>. None unless named. */
    Optional<List<String>> origins();

    /** What a page of ours may load. */
    @WithDefault(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
    String contentSecurityPolicy();

    /**
     * The header Strict-Transport-Security, such as <code>max-age=31536000</code>. None unless set, for only who puts
     * TLS in front of the gateway knows that it is there.
     */
    Optional<String> strictTransportSecurity();
}
