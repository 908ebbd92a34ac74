package io.offshoot.sandbox.github;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.sandbox.exchange.Answer;
import io.offshoot.sandbox.exchange.Refusal;

/** GitHub's error answers. */
final class Errors {

    private static final String DOCS = "https://docs.github.com/rest";

    private Errors() {}

    static Answer error(int status, String message) {
        return Answer.of(status, body(status, message));
    }

    static Refusal refusal(int status, String message) {
        return new Refusal(error(status, message));
    }

    static Refusal notFound() {
        return refusal(404, "Not Found");
    }

    static Refusal missing(String field) {
        return refusal(422, "Invalid request.\n\n\"" + field + "\" wasn't supplied.");
    }

    /** A refusal that names a field of a repository. */
    static Refusal invalid(String message, String field, String detail) {
        return invalid(message, "Repository", field, "custom", detail);
    }

    /** A refusal that names a field of some resource; the detail may be null. */
    static Refusal invalid(String message, String resource, String field, String code, String detail) {
        ObjectNode body = body(422, message);
        ObjectNode error =
                body.putArray("errors").addObject().put("resource", resource).put("code", code);
        if (field != null) {
            error.put("field", field);
        }
        if (detail != null) {
            error.put("message", detail);
        }
        return new Refusal(Answer.of(422, body));
    }

    /** A refusal that gives its reason as a plain text, as a few operations do. */
    static Refusal invalidList(String message, String detail) {
        ObjectNode body = body(422, message);
        body.putArray("errors").add(detail);
        return new Refusal(Answer.of(422, body));
    }

    private static ObjectNode body(int status, String message) {
        return GitHubJson.object()
                .put("message", message)
                .put("documentation_url", DOCS)
                .put("status", String.valueOf(status));
    }
}
