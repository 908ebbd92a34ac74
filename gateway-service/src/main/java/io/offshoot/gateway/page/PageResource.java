package io.offshoot.gateway.page;

import io.offshoot.contracts.problem.ProblemException;
import io.offshoot.contracts.problem.ProblemType;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** What each problem means, and what to do: the addresses that problems have as their type. */
@Path("/problems/{code}")
@Produces({MediaType.TEXT_HTML, MediaType.WILDCARD})
class PageResource {

    @GET
    @Operation(hidden = true)
    public Response problem(@PathParam("code") String code) {
        for (ProblemType type : ProblemType.values()) {
            if (type.code().equals(code)) {
                return Page.of(type.title(), """
                        <h2>Cause</h2>
                        <p>%s</p>
                        <h2>What to do</h2>
                        <p>%s</p>
                        <p>%s</p>
                        <p><small>Code <code>%s</code>, status %d</small></p>
                        """.formatted(
                                type.cause(),
                                type.remedy(),
                                type.isRetryable()
                                        ? "Repeating the same request later can help."
                                        : "Repeating the same request does not help.",
                                type.code(),
                                type.status()));
            }
        }
        throw new ProblemException(ProblemType.NOT_FOUND, "There is no such problem.");
    }
}
