package io.offshoot.gateway.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.problem.Problem;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.credential.Caller;
import io.offshoot.gateway.limit.TooManyRequests;
import io.offshoot.gateway.request.ReplayedProblem;
import io.quarkus.logging.Log;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** The one place that chooses the HTTP answer to a failure. */
class Problems {

    private static final String RETRY_AFTER_SECONDS = "2";

    private final Caller caller;

    Problems(Caller caller) {
        this.caller = caller;
    }

    @ServerExceptionMapper
    Response on(ProblemException failure, UriInfo uri) {
        return answer(failure.problem(), uri);
    }

    @ServerExceptionMapper
    Response on(ReplayedProblem failure, UriInfo uri) {
        return Response.fromResponse(answer(failure.problem(), uri))
                .header(ReplayedProblem.HEADER, "true")
                .build();
    }

    @ServerExceptionMapper
    Response on(TooManyRequests failure, UriInfo uri) {
        var answer = Response.fromResponse(answer(failure.problem(), uri));
        failure.headers().forEach((name, value) -> answer.header(name, null).header(name, value));
        return answer.build();
    }

    /** What the framework itself refuses. */
    @ServerExceptionMapper
    Response on(WebApplicationException failure, UriInfo uri) {
        var refused = failure.getResponse();
        var type = typeOf(refused.getStatus());
        if (type == ProblemType.INTERNAL) {
            return on((Throwable) failure, uri);
        }
        var answer = answer(Problem.of(type, type.cause()), uri);
        var allow = refused.getHeaderString(HttpHeaders.ALLOW);
        return allow == null
                ? answer
                : Response.fromResponse(answer).header(HttpHeaders.ALLOW, allow).build();
    }

    @ServerExceptionMapper
    Response on(Throwable failure, UriInfo uri) {
        Log.error("A request failed in a way we did not foresee", failure);
        return answer(Problem.of(ProblemType.INTERNAL, ProblemType.INTERNAL.cause()), uri);
    }

    private static ProblemType typeOf(int status) {
        return switch (status) {
            case 401 -> ProblemType.UNAUTHENTICATED;
            case 403 -> ProblemType.FORBIDDEN;
            case 404 -> ProblemType.NOT_FOUND;
            case 405 -> ProblemType.METHOD_NOT_ALLOWED;
            case 406 -> ProblemType.NOT_ACCEPTABLE;
            case 413 -> ProblemType.BODY_TOO_LARGE;
            case 415 -> ProblemType.UNSUPPORTED_MEDIA_TYPE;
            default -> status >= 400 && status < 500 ? ProblemType.INVALID_REQUEST : ProblemType.INTERNAL;
        };
    }

    private Response answer(Problem problem, UriInfo uri) {
        var answer = Response.status(problem.status())
                .type(Problem.MEDIA_TYPE)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(bytes(problem, uri.getPath(), caller.trace().traceId()));
        if (problem.status() == 401) {
            answer.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"offshoot\"");
        }
        if (ProblemType.REQUEST_IN_PROGRESS.code().equals(problem.code())) {
            answer.header(HttpHeaders.RETRY_AFTER, "1");
        }
        if (problem.status() == 503 || problem.status() == 429) {
            answer.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        return answer.build();
    }

    /** The problem as the caller sees it: with the address it happened at and the trace it is found by. */
    static byte[] bytes(Problem problem, String path, String traceId) {
        try {
            return Messages.json()
                    .writeValueAsBytes(new Problem(
                            problem.type(),
                            problem.title(),
                            problem.status(),
                            problem.detail(),
                            path.startsWith("/") ? path : "/" + path,
                            problem.code(),
                            problem.retryable(),
                            traceId,
                            List.copyOf(problem.errors())));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A problem is always writable", e);
        }
    }
}
