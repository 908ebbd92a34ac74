package io.offshoot.gateway.headers;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tells browsers what to make of every answer, be it a refusal. Pages of other origins read nothing unless they are on
 * the list; a request they make all the same does nothing, for it takes a bearer token, which no browser adds by itself.
 */
@Singleton
class BrowserHeaders {

    /** Before everything that may refuse. */
    private static final int PRIORITY = 300;

    private static final int BEHIND_THE_LIMITS = 150;

    private static final Pattern ORIGIN = Pattern.compile("https?://[a-z0-9.\\-\\[\\]:]+");
    private static final String API_POLICY = "default-src 'none'; frame-ancestors 'none'";
    private static final String READABLE =
            "ETag, Link, Location, Retry-After, RateLimit, RateLimit-Policy, Idempotent-Replayed, Deprecation, Sunset";
    private static final String SENDABLE =
            "Authorization, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID, Offshoot-Hub, traceparent";

    /** Scripts and styles: never a document, so what is for documents would only be bytes that somebody pays for. */
    private static final String PARTS = "/static/bundle/";

    private final Set<String> origins;
    private final String pagePolicy;
    private final String transport;

    /** @throws IllegalArgumentException if something is configured that would open more than it says */
    BrowserHeaders(HeadersConfig config) {
        origins = Set.copyOf(config.origins().orElse(List.of()));
        for (String origin : origins) {
            if (!ORIGIN.matcher(origin).matches()) {
                throw new IllegalArgumentException(
                        "offshoot.browser.origins takes origins such as https://app.example.org, and no wildcard");
            }
        }
        pagePolicy = config.contentSecurityPolicy();
        if (pagePolicy.contains("unsafe-") || pagePolicy.matches("(?s).*[\\r\\n].*")) {
            throw new IllegalArgumentException(
                    "offshoot.browser.content-security-policy must not allow anything unsafe");
        }
        transport = config.strictTransportSecurity().orElse(null);
    }

    void register(@Observes Filters filters) {
        filters.register(this::add, PRIORITY);
        filters.register(this::permit, BEHIND_THE_LIMITS);
    }

    private void add(RoutingContext request) {
        var answer = request.response().headers();
        answer.set("X-Content-Type-Options", "nosniff");
        answer.set("Cross-Origin-Resource-Policy", "same-origin");
        var path = request.request().path();
        if (path == null || !path.startsWith(PARTS)) {
            ofDocuments(answer, path != null && path.startsWith("/api/"));
        }
        if (transport != null) {
            answer.set("Strict-Transport-Security", transport);
        }
        if (origins.isEmpty()) {
            request.next();
            return;
        }
        answer.add("Vary", "Origin");
        var origin = request.request().getHeader("Origin");
        if (origin == null || !origins.contains(origin)) {
            request.next();
            return;
        }
        answer.set("Access-Control-Allow-Origin", origin);
        answer.set("Access-Control-Expose-Headers", READABLE);
        request.next();
    }

    private void ofDocuments(MultiMap answer, boolean isApi) {
        answer.set("X-Frame-Options", "DENY");
        answer.set("Referrer-Policy", "no-referrer");
        if (isApi) {
            answer.set("Content-Security-Policy", API_POLICY);
        } else {
            answer.set("Content-Security-Policy", pagePolicy);
            answer.set("Cross-Origin-Opener-Policy", "same-origin");
            answer.set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
        }
    }

    /** A browser asks whether a page of another origin may send more than a simple request. */
    private void permit(RoutingContext request) {
        var answer = request.response().headers();
        if (!request.request().method().equals(HttpMethod.OPTIONS)
                || !request.request().headers().contains("Access-Control-Request-Method")
                || !answer.contains("Access-Control-Allow-Origin")) {
            request.next();
            return;
        }
        answer.set("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE");
        answer.set("Access-Control-Allow-Headers", SENDABLE);
        answer.set("Access-Control-Max-Age", "600");
        request.response().setStatusCode(204).end();
    }
}
