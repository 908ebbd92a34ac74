package io.offshoot.gateway.credential;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import io.offshoot.gateway.limit.Rates;
import io.offshoot.gateway.limit.Tries;
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
 * any other. The API document is not among them: it is served beside the API, under <code>/q</code>; health has a port
 * of its own.
 * Nothing here blocks: the request waits, the thread does not.
 */
class Door {

    private static final String SCHEME = "bearer ";

    /** Says which of his hubs somebody acts for whose token does not. */
    private static final String HUB = "Offshoot-Hub";

    /** The few addresses that take no credential. What else is to be open is added here, and nowhere else. */
    private static final Pattern OPEN =
            Pattern.compile("/?(problems/[a-z0-9-]+|api/v1/connections/github/installed|api/v1/receipts/jwks\\.json"
                    + "|api/v1/login(/challenge)?|api/v1/hubs/[a-z0-9-]{1,63}/keys/jwks\\.json)?");

    private final Credentials credentials;
    private final OtherTokens others;
    private final Tries tries;
    private final Rates rates;
    private final Caller caller;

    Door(Credentials credentials, OtherTokens others, Tries tries, Rates rates, Caller caller) {
        this.credentials = credentials;
        this.others = others;
        this.tries = tries;
        this.rates = rates;
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
        var token = token(request.getHeaderString("Authorization"));
        var hash = Token.sha256(token);
        var hub = request.getHeaderString(HUB);
        var address = caller.address();
        tries.mayTry(address, hash);
        return credentials
                .of(token, hash)
                .flatMap(finding -> elsewhere(finding, token, hub))
                .map(finding -> judged(finding, address, hash))
                .invoke(credential -> rates.ofHub(credential.hub()))
                .invoke(caller::is)
                .replaceWithVoid();
    }

    /** What nobody here knows may be a token that somebody else gave out. */
    private Uni<Credentials.Finding> elsewhere(Credentials.Finding finding, String token, String hub) {
        return finding.verdict() != Credentials.Verdict.UNKNOWN
                ? Uni.createFrom().item(finding)
                : others.of(token, hub)
                        .map(found -> found.map(good -> new Credentials.Finding(Credentials.Verdict.GOOD, good, null))
                                .orElse(finding));
    }

    /** What everybody is told is the same; only who has the secret hears that it ended. */
    private Credential judged(Credentials.Finding finding, String address, byte[] hash) {
        switch (finding.verdict()) {
            case GOOD -> {
                tries.good(address, hash);
                return finding.credential();
            }
            case ENDED -> {
                tries.forget(address, hash);
                tries.badOf(finding.id());
                throw new ProblemException(ProblemType.UNAUTHENTICATED, "The token was revoked or has expired.");
            }
            case WRONG -> {
                tries.bad(address);
                tries.badOf(finding.id());
                throw new ProblemException(ProblemType.UNAUTHENTICATED, "The token is not known.");
            }
            case UNKNOWN -> {
                tries.bad(address);
                throw new ProblemException(ProblemType.UNAUTHENTICATED, "The token is not known.");
            }
        }
        throw new IllegalStateException("Every verdict is said above");
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
