package io.offshoot.gateway.request;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.offshoot.contracts.message.Messages;
import io.offshoot.contracts.problem.Problem;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The answer to a request that was published, kept for whoever repeats it.
 *
 * @param body JSON
 */
public record Answer(int status, Map<String, String> headers, String body) {

    public Answer {
        headers = Map.copyOf(headers);
    }

    /** @param location where the outcome stands; relative, so that it holds whatever name the gateway is reached by */
    public static Answer accepted(Object body, String location) {
        return new Answer(
                Response.Status.ACCEPTED.getStatusCode(),
                Map.of(
                        HttpHeaders.CONTENT_TYPE,
                        MediaType.APPLICATION_JSON,
                        HttpHeaders.LOCATION,
                        location,
                        HttpHeaders.RETRY_AFTER,
                        "2",
                        HttpHeaders.CACHE_CONTROL,
                        "no-store"),
                json(body));
    }

    static Answer refused(Problem problem) {
        return new Answer(problem.status(), Map.of(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE), json(problem));
    }

    Response response() {
        return builder().build();
    }

    /** The same, and it says that it is not the first. */
    Response replayed() {
        if (Problem.MEDIA_TYPE.equals(headers.get(HttpHeaders.CONTENT_TYPE))) {
            throw new ReplayedProblem(problem());
        }
        return builder().header(ReplayedProblem.HEADER, "true").build();
    }

    private Response.ResponseBuilder builder() {
        var answer = Response.status(status).entity(body.getBytes(StandardCharsets.UTF_8));
        headers.forEach(answer::header);
        return answer;
    }

    private Problem problem() {
        try {
            return Messages.json().readValue(body, Problem.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A kept problem is always readable", e);
        }
    }

    private static String json(Object body) {
        try {
            return Messages.json().writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An answer is always writable", e);
        }
    }
}
