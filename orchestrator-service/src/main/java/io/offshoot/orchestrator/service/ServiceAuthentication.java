package io.offshoot.orchestrator.service;

import io.offshoot.contracts.problem.Problem;
import io.offshoot.contracts.problem.ProblemType;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Lets in only services with a token. Executors reach claims, heartbeats and announcements, other services all the rest: an executor
 * can read no hub's deployments, and the gateway can claim nothing.
 */
public class ServiceAuthentication {

    private static final String SCHEME = "Bearer ";

    private record Known(String name, byte[] digest, String provider) {}

    private final Caller caller;
    private final Map<String, Known> services = new LinkedHashMap<>();

    ServiceAuthentication(Services configured, Caller caller) {
        this.caller = caller;
        configured
                .services()
                .forEach((name, service) -> services.put(
                        name,
                        new Known(
                                name,
                                HexFormat.of().parseHex(service.tokenSha256()),
                                service.provider().orElse(null))));
    }

    @ServerRequestFilter(preMatching = true)
    public Response check(ContainerRequestContext request) {
        var found = token(request).flatMap(this::service);
        if (found.isEmpty()) {
            return refuse(ProblemType.UNAUTHENTICATED);
        }
        var service = found.get();
        var path = request.getUriInfo().getPath();
        var forExecutors = path.endsWith("/internal/claims")
                || path.endsWith("/internal/heartbeats")
                || path.endsWith("/internal/connections")
                || path.endsWith("/internal/connections/reports");
        if (forExecutors != (service.provider() != null)) {
            return refuse(ProblemType.FORBIDDEN);
        }
        caller.is(service.provider());
        return null;
    }

    private static Optional<String> token(ContainerRequestContext request) {
        return Optional.ofNullable(request.getHeaderString(HttpHeaders.AUTHORIZATION))
                .filter(header -> header.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                .map(header -> header.substring(SCHEME.length()).trim());
    }

    private Optional<Known> service(String token) {
        var digest = sha256(token);
        return services.values().stream()
                .filter(known -> MessageDigest.isEqual(known.digest(), digest))
                .findFirst();
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256", impossible);
        }
    }

    private static Response refuse(ProblemType type) {
        return Response.status(type.status())
                .type(Problem.MEDIA_TYPE)
                .entity(Problem.of(type, type.cause()))
                .build();
    }
}
