package io.offshoot.gateway.page;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.regex.Pattern;

/**
 * Gives the console to whoever opens one of its addresses, and tells browsers how long to keep what. Which addresses are
 * pages only the console knows: it is given for every address that a person can have typed and nothing else answers to,
 * and says itself that there is no such page.
 */
@Singleton
class ConsoleRoutes {

    /** Before the headers and the limits: what comes after sees the console's own address, once. */
    private static final int PRIORITY = 400;

    private static final String FRONT = "/";
    private static final Pattern NOT_A_PAGE = Pattern.compile("/(api|q|static|problems)(/.*)?|.*\\.[a-z0-9]{2,5}");
    private static final Pattern HASHED = Pattern.compile("/static/bundle/.*-[A-Z0-9]{8}\\.[a-z0-9]+");

    /** Where the page was asked for, before the console's own address answers. */
    private static final String ASKED = "offshoot.page";

    private final Preloads preloads;

    ConsoleRoutes(Preloads preloads) {
        this.preloads = preloads;
    }

    void register(@Observes Filters filters) {
        filters.register(this::route, PRIORITY);
    }

    private void route(RoutingContext request) {
        var method = request.request().method();
        var path = request.normalizedPath();
        if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
            request.next();
            return;
        }
        if (path.equals(FRONT) || path.equals("/index.html")) {
            keep(request, "no-cache");
            var asked = request.<String>get(ASKED, FRONT);
            var language = request.request().getHeader(HttpHeaders.ACCEPT_LANGUAGE);
            request.addHeadersEndHandler(
                    ready -> request.response().headers().set("Link", preloads.of(asked, language)));
            request.next();
        } else if (path.startsWith("/static/bundle/")) {
            keep(request, HASHED.matcher(path).matches() ? "public, max-age=31536000, immutable" : "no-cache");
            request.next();
        } else if (isPage(path, request.request().getHeader(HttpHeaders.ACCEPT))) {
            request.put(ASKED, path);
            request.reroute(FRONT);
        } else {
            request.next();
        }
    }

    static boolean isPage(String path, String accept) {
        return accept != null
                && accept.contains("text/html")
                && !NOT_A_PAGE.matcher(path).matches();
    }

    /** Last, for what serves files has words of its own. */
    private static void keep(RoutingContext request, String howLong) {
        request.addHeadersEndHandler(ready -> {
            if (request.response().getStatusCode() < 400) {
                request.response().headers().set(HttpHeaders.CACHE_CONTROL, howLong);
            }
        });
    }
}
