package io.offshoot.gateway.problem;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpConnection;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Where a body that came in chunks ends, we and a proxy before us may see differently; what one takes for the rest of
 * the body would be a request to the other. So a connection carries no request after such a one: what would be smuggled
 * never runs.
 */
@Singleton
class AfterChunks {

    /** Before anything else. */
    private static final int PRIORITY = 400;

    private final Map<HttpConnection, Boolean> over = Collections.synchronizedMap(new WeakHashMap<>());

    void register(@Observes Filters filters) {
        filters.register(this::look, PRIORITY);
    }

    private void look(RoutingContext request) {
        var connection = request.request().connection();
        if (over.containsKey(connection)) {
            connection.close();
            return;
        }
        if (request.request().headers().contains("Transfer-Encoding")) {
            over.put(connection, true);
            request.response().putHeader("Connection", "close");
        }
        request.next();
    }
}
