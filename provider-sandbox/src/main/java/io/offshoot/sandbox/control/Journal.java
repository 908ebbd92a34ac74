package io.offshoot.sandbox.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.offshoot.sandbox.exchange.Answer;
import io.offshoot.sandbox.exchange.Call;
import io.offshoot.sandbox.exchange.Provider;
import io.offshoot.sandbox.state.Store;
import io.offshoot.sandbox.state.Table;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Every call to a provider in its order. It holds no token and no secret value. */
public final class Journal {

    /**
     * One call.
     *
     * @param at when the provider looked at it
     * @param credential under what it counts against rate limits; gives no token away
     * @param status the status that was, or would have been, sent
     * @param body what was sent to the provider, redacted
     * @param effect what the call did, if anything
     * @param answered false when the connection was reset in place of an answer
     * @param unknown whether the sandbox has no such operation
     * @param limited which rate limit refused it and until when, if one did; {@code again} if the caller had been told
     *     before, so that the call was made inside a time in which there should be none
     * @param stale whether it saw the state of a moment ago
     * @param fault what was done to the call on purpose, if anything
     */
    public record Entry(
            long number,
            Instant at,
            String provider,
            String credential,
            String method,
            String path,
            Map<String, List<String>> query,
            int status,
            JsonNode body,
            Answer.Effect effect,
            boolean answered,
            boolean unknown,
            Answer.Limited limited,
            boolean stale,
            Faults.Then fault) {}

    private static final int KEPT = 20_000;
    private static final int LONGEST_TEXT = 2_000;
    private static final String REDACTED = "[redacted]";
    private static final Set<String> SECRET = Set.of(
            "value", "token", "password", "secret", "secret_token", "encrypted_value", "authorization", "key_value");

    private final Table<Entry> entries;
    private final Clock clock;
    private long last;

    public Journal(Store store, Clock clock) {
        this.entries = store.table("journal", Entry.class);
        this.clock = clock;
        this.last = entries.values().stream().mapToLong(Entry::number).max().orElse(0);
    }

    public List<Entry> entries() {
        return List.copyOf(entries.values());
    }

    /** The call that was answered last. */
    public Entry last() {
        return entries.get(String.valueOf(last)).orElseThrow();
    }

    void clear() {
        entries.removeIf(entry -> true);
    }

    void record(Provider provider, Call call, Answer answer, boolean answered, boolean stale, Faults.Then fault) {
        last++;
        var entry = new Entry(
                last,
                clock.instant(),
                provider.name(),
                provider.credential(call),
                call.method(),
                provider.shown(call.path()),
                redacted(call.query()),
                answer.status(),
                call.body().isMissingNode() ? null : redacted(call.body()),
                answer.effect().orElse(null),
                answered,
                answer.unknown(),
                answer.limited().orElse(null),
                stale,
                fault);
        entries.put(String.valueOf(last), entry);
        if (entries.size() > KEPT) {
            entries.oldest().ifPresent(entries::remove);
        }
    }

    private static Map<String, List<String>> redacted(Map<String, List<String>> query) {
        var copy = new LinkedHashMap<>(query);
        copy.replaceAll((name, values) -> isSecret(name) ? List.of(REDACTED) : values);
        return copy;
    }

    private static boolean isSecret(String name) {
        return SECRET.contains(name.toLowerCase(Locale.ROOT));
    }

    static JsonNode redacted(JsonNode body) {
        if (body.isObject()) {
            ObjectNode copy = JsonNodeFactory.instance.objectNode();
            body.properties().forEach(member -> {
                boolean secret = isSecret(member.getKey());
                copy.set(member.getKey(), secret ? copy.textNode(REDACTED) : redacted(member.getValue()));
            });
            return copy;
        }
        if (body.isArray()) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode();
            body.forEach(element -> copy.add(redacted(element)));
            return copy;
        }
        if (body instanceof BinaryNode file) {
            return JsonNodeFactory.instance.textNode("[" + file.binaryValue().length + " bytes]");
        }
        if (body.isTextual() && body.asText().length() > LONGEST_TEXT) {
            return JsonNodeFactory.instance.textNode(body.asText().substring(0, LONGEST_TEXT) + "…");
        }
        return body;
    }
}
