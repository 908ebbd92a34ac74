package io.offshoot.gateway.problem;

import io.offshoot.contracts.problem.Problem;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.trace.Trace;
import io.quarkus.vertx.http.runtime.VertxHttpConfig;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Refuses a body that says it is too large. The HTTP server would do so too, but with an empty answer; this comes
 * before it. A body that does not say how long it is meets the limit while it is read.
 */
@Singleton
class BodyLimit {

    private static final int BEFORE_THE_SERVERS_OWN = 100;

    private final long limit;

    BodyLimit(VertxHttpConfig http) {
        limit = http.limits().maxBodySize().orElseThrow().asLongValue();
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, BEFORE_THE_SERVERS_OWN);
    }

    private void check(RoutingContext request) {
        if (length(request.request().getHeader("Content-Length")) <= limit) {
            request.next();
            return;
        }
        var problem = Problem.of(ProblemType.BODY_TOO_LARGE, "The body is larger than %d bytes.".formatted(limit));
        var trace = Trace.from(request.request().getHeader("traceparent"));
        request.response()
                .setStatusCode(problem.status())
                .putHeader("Content-Type", Problem.MEDIA_TYPE)
                // What is still to come of the body is not read.
                .putHeader("Connection", "close")
                .end(Buffer.buffer(Problems.bytes(problem, request.request().path(), trace.traceId())));
    }

    private static long length(String header) {
        try {
            return header == null ? 0 : Long.parseLong(header.strip());
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
