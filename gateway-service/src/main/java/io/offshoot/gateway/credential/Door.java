package io.offshoot.gateway.credential;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.trace.Trace;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.ext.Provider;
import java.util.Locale;
import org.jboss.logging.MDC;

/**
 * Every request comes through here before anything is matched, so a path that does not exist needs a credential like
 * any other. Health and the API document are not among them: they are served beside the API, under <code>/q</code>.
 */
@Provider
@PreMatching
@Priority(Priorities.AUTHENTICATION)
class Door implements ContainerRequestFilter {

    private static final String SCHEME = "bearer ";

    private final Credentials credentials;
    private final Caller caller;

    Door(Credentials credentials, Caller caller) {
        this.credentials = credentials;
        this.caller = caller;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        var trace = Trace.from(request.getHeaderString("traceparent"));
        caller.on(trace);
        MDC.put("traceId", trace.traceId());
        if (!isPublic(request.getUriInfo().getPath())) {
            caller.is(credential(request.getHeaderString("Authorization")));
        }
    }

    private Credential credential(String authorization) {
        if (authorization == null || !authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            throw new ProblemException(ProblemType.UNAUTHENTICATED, "The request has no Authorization: Bearer header.");
        }
        return credentials
                .of(authorization.substring(SCHEME.length()).strip())
                .orElseThrow(() -> new ProblemException(ProblemType.UNAUTHENTICATED, "The token is not known."));
    }

    private static boolean isPublic(String path) {
        return path.equals("/") || path.isEmpty() || path.matches("/?problems/[a-z0-9-]+");
    }
}
