package io.offshoot.sandbox.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a provider says to a call.
 *
 * @param body the JSON to send; empty for an answer without one
 * @param effect what came into being or changed by the call, if anything did
 * @param unknown whether the provider has no such operation here
 */
public record Answer(
        int status, Map<String, String> headers, Optional<JsonNode> body, Optional<Effect> effect, boolean unknown) {

    /** What a call did, in a few words, and to which thing. */
    public record Effect(String what, String id) {}

    public Answer {
        headers = Map.copyOf(headers);
    }

    public static Answer of(int status, JsonNode body) {
        return new Answer(status, Map.of(), Optional.of(body), Optional.empty(), false);
    }

    public static Answer ok(JsonNode body) {
        return of(200, body);
    }

    public static Answer noContent() {
        return new Answer(204, Map.of(), Optional.empty(), Optional.empty(), false);
    }

    public Answer effect(String what, Object id) {
        return new Answer(status, headers, body, Optional.of(new Effect(what, String.valueOf(id))), unknown);
    }

    public Answer header(String name, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Answer(status, more, body, effect, unknown);
    }

    public Answer headers(Map<String, String> added) {
        var more = new LinkedHashMap<>(headers);
        more.putAll(added);
        return new Answer(status, more, body, effect, unknown);
    }

    public Answer asUnknown() {
        return new Answer(status, headers, body, effect, true);
    }
}
