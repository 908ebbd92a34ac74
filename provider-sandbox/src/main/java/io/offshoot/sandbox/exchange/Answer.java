package io.offshoot.sandbox.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a provider says to a call.
 *
 * @param body the JSON to send; empty for an answer without one
 * @param effect what came into being or changed by the call, if anything did
 * @param unknown whether the provider has no such operation here
 * @param limited why it was refused, when a rate limit refused it
 */
public record Answer(
        int status,
        Map<String, String> headers,
        Optional<JsonNode> body,
        Optional<Effect> effect,
        boolean unknown,
        Optional<Limited> limited) {

    /** What a call did, in a few words, and to which thing. */
    public record Effect(String what, String id) {}

    /**
     * A refusal by a rate limit.
     *
     * @param limit which one
     * @param since when the caller was first refused
     * @param until the end of the time in which the caller is to make no such call
     * @param again whether the caller had been told so before, and called all the same
     */
    public record Limited(String limit, Instant since, Instant until, boolean again) {}

    public Answer {
        headers = Map.copyOf(headers);
    }

    public static Answer of(int status, JsonNode body) {
        return new Answer(status, Map.of(), Optional.of(body), Optional.empty(), false, Optional.empty());
    }

    public static Answer ok(JsonNode body) {
        return of(200, body);
    }

    public static Answer noContent() {
        return empty(204);
    }

    public static Answer empty(int status) {
        return new Answer(status, Map.of(), Optional.empty(), Optional.empty(), false, Optional.empty());
    }

    public Answer effect(String what, Object id) {
        return new Answer(status, headers, body, Optional.of(new Effect(what, String.valueOf(id))), unknown, limited);
    }

    public Answer header(String name, String value) {
        return headers(Map.of(name, value));
    }

    public Answer headers(Map<String, String> added) {
        var more = new LinkedHashMap<>(headers);
        more.putAll(added);
        return new Answer(status, more, body, effect, unknown, limited);
    }

    public Answer status(int other) {
        return new Answer(other, headers, body, effect, unknown, limited);
    }

    public Answer asUnknown() {
        return new Answer(status, headers, body, effect, true, limited);
    }

    public Answer limited(RateLimits.Pause pause, boolean again) {
        var why = new Limited(pause.limit(), pause.since(), pause.until(), again);
        return new Answer(status, headers, body, effect, unknown, Optional.of(why));
    }
}
