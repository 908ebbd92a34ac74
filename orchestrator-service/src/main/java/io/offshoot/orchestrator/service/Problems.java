package io.offshoot.orchestrator.service;

import io.offshoot.contracts.problem.Problem;
import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.quarkus.logging.Log;
import io.vertx.core.http.HttpClosedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** The one place that chooses the HTTP answer to a failure. */
class Problems {

    @ServerExceptionMapper
    Response problem(ProblemException failure) {
        return answer(failure.problem());
    }

    @ServerExceptionMapper
    Response framework(WebApplicationException failure) {
        var status = failure.getResponse().getStatus();
        var type =
                switch (status) {
                    case 404 -> ProblemType.NOT_FOUND;
                    case 405 -> ProblemType.METHOD_NOT_ALLOWED;
                    case 406 -> ProblemType.NOT_ACCEPTABLE;
                    case 415 -> ProblemType.UNSUPPORTED_MEDIA_TYPE;
                    default -> status < 500 ? ProblemType.MALFORMED_JSON : ProblemType.INTERNAL;
                };
        return answer(Problem.of(type, type.cause()));
    }

    @ServerExceptionMapper
    Response other(Exception failure) {
        if (Outage.isOne(failure)) {
            Log.warnf("The database cannot be reached: %s", failure.getMessage());
            return answer(Problem.of(ProblemType.UNAVAILABLE, "The database cannot be reached."));
        }
        if (hasHungUp(failure)) {
            Log.debug("A caller has hung up");
        } else {
            Log.error("A call failed", failure);
        }
        return answer(Problem.of(ProblemType.INTERNAL, ProblemType.INTERNAL.cause()));
    }

    /** Nobody hears the answer: the caller repeats the call, or is gone. */
    private static boolean hasHungUp(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpClosedException) {
                return true;
            }
        }
        return false;
    }

    private static Response answer(Problem problem) {
        var answer = Response.status(problem.status()).type(Problem.MEDIA_TYPE).entity(problem);
        if (problem.status() == ProblemType.UNAVAILABLE.status()) {
            answer.header(HttpHeaders.RETRY_AFTER, 2);
        }
        return answer.build();
    }
}
