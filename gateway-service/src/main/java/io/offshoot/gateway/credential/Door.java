package io.offshoot.gateway.credential;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.trace.Trace;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jboss.logging.MDC;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Every request comes through here before anything is matched, so a path that does not exist needs a credential like
 * any other. Health and the API document are not among them: they are served beside the API, under <code>/q</code>.
 * Nothing here blocks: the request waits, the thread does not.
 */
class Door {

    private static final String SCHEME = "bearer ";

    /** The few addresses that take no credential. What else is to be open is added here, and nowhere else. */
    private static final Pattern OPEN = Pattern.compile("/?(problems/[a-z0-9-]+|api/v1/connections/github/installed)?");

    private final Credentials credentials;
    private final Caller caller;

    Door(Credentials credentials, Caller caller) {
        this.credentials = credentials;
        this.caller = caller;
    }

    @ServerRequestFilter(preMatching = true, priority = Priorities.AUTHENTICATION)
    Uni<Void> enter(ContainerRequestContext request, HttpServerRequest connection) {
        var trace = Trace.from(request.getHeaderString("traceparent"));
        caller.on(trace, address(connection));
        MDC.put("traceId", trace.traceId());
        if (OPEN.matcher(request.getUriInfo().getPath()).matches()) {
            return Uni.createFrom().voidItem();
        }
        return credentials
                .of(token(request.getHeaderString("Authorization")))
                .map(found -> found.orElseThrow(
                        () -> new ProblemException(ProblemType.UNAUTHENTICATED, "The token is not known.")))
                .invoke(caller::is)
                .replaceWithVoid();
    }

    private static String token(String authorization) {
        if (authorization == null || !authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            throw new ProblemException(ProblemType.UNAUTHENTICATED, "The request has no Authorization: Bearer header.");
        }
        return authorization.substring(SCHEME.length()).strip();
    }

    private static String address(HttpServerRequest connection) {
        var remote = connection.remoteAddress();
        return remote == null ? null : remote.hostAddress();
    }
}
