package io.offshoot.gateway.problem;

import io.offshoot.contracts.problem.Problem;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.body.JsonBody;
import io.offshoot.gateway.trace.Trace;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * Refuses a body that says it is too large, before anything of it is read. One that does not say how long it is, is
 * refused when it has been read.
 */
@Singleton
class BodyLimit {

    private static final int BEFORE_THE_SERVERS_OWN = 100;

    /** What providers send is theirs, and longer. */
    private static final String HOOKS = "/api/v1/hooks/";

    void register(@Observes Filters filters) {
        filters.register(this::check, BEFORE_THE_SERVERS_OWN);
    }

    private void check(RoutingContext request) {
        var most = request.request().path().startsWith(HOOKS) ? JsonBody.MAX_BYTES_OF_HOOKS : JsonBody.MAX_BYTES;
        if (length(request.request().getHeader("Content-Length")) <= most) {
            request.next();
            return;
        }
        var problem = Problem.of(ProblemType.BODY_TOO_LARGE, ProblemType.BODY_TOO_LARGE.cause());
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
