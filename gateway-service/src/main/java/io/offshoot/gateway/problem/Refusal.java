package io.offshoot.gateway.problem;

import io.offshoot.contracts.problem.Problem;
import io.offshoot.gateway.trace.Trace;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;

/** Refuses a request before the API sees it, as the API would. */
public final class Refusal {

    private Refusal() {}

    /** Whatever is still to come of the request is not read. */
    public static void of(RoutingContext request, Problem problem, Map<String, String> headers) {
        var response = request.response();
        if (response.ended() || response.headWritten()) {
            return;
        }
        var trace = Trace.from(request.request().getHeader("traceparent"));
        headers.forEach(response::putHeader);
        if (hasBody(request)) {
            response.putHeader("Connection", "close");
        }
        response.setStatusCode(problem.status())
                .putHeader("Content-Type", Problem.MEDIA_TYPE)
                .putHeader("Cache-Control", "no-store")
                .end(Buffer.buffer(Problems.bytes(problem, request.normalizedPath(), trace.traceId())));
    }

    private static boolean hasBody(RoutingContext request) {
        var headers = request.request().headers();
        return headers.contains("Transfer-Encoding")
                || headers.contains("Content-Length") && !"0".equals(headers.get("Content-Length"));
    }
}
