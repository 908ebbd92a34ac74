package io.offshoot.sandbox.documents;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/** One call to a provider, and what came back. */
public record Exchange(
        String provider,
        String method,
        String path,
        Map<String, String> query,
        Optional<JsonNode> body,
        int status,
        Optional<JsonNode> answer) {

    @Override
    public String toString() {
        return provider + " " + method + " " + path + " → " + status;
    }
}
