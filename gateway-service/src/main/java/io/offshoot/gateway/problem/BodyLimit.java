package io.offshoot.gateway.problem;

import io.offshoot.contracts.problem.Problem;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.body.JsonBody;
import io.offshoot.gateway.limit.LimitsConfig;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Map;

/**
 * Refuses a body that says it is too large, before anything of it is read, one that turns out to be, and one that takes
 * too long to come; and a head with too many fields.
 */
@Singleton
class BodyLimit {

    private static final int BEFORE_THE_SERVERS_OWN = 100;

    private final int headers;
    private final long patience;

    BodyLimit(LimitsConfig config) {
        headers = config.headers();
        patience = config.bodyWithin().toMillis();
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, BEFORE_THE_SERVERS_OWN);
    }

    /** What the server itself refuses while it reads. */
    void register(@Observes Router router) {
        router.errorHandler(413, request -> refuse(request, ProblemType.BODY_TOO_LARGE));
    }

    private void check(RoutingContext request) {
        var fields = request.request().headers();
        if (fields.size() > headers) {
            refuse(request, ProblemType.TOO_MANY_HEADERS);
            return;
        }
        var length = length(fields.get("Content-Length"));
        if (length > JsonBody.MAX_BYTES) {
            refuse(request, ProblemType.BODY_TOO_LARGE);
            return;
        }
        if (length > 0 || fields.contains("Transfer-Encoding")) {
            waitForBody(request);
        }
        request.next();
    }

    private void waitForBody(RoutingContext request) {
        var timer = request.vertx().setTimer(patience, late -> {
            if (!request.request().isEnded()) {
                request.request().connection().close();
            }
        });
        request.addEndHandler(ended -> request.vertx().cancelTimer(timer));
    }

    private static void refuse(RoutingContext request, ProblemType type) {
        Refusal.of(request, Problem.of(type, type.cause()), Map.of("Connection", "close"));
    }

    private static long length(String header) {
        try {
            return header == null ? 0 : Long.parseLong(header.strip());
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
