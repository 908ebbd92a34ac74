package io.offshoot.sandbox.telegram;

import com.fasterxml.jackson.databind.JsonNode;
import io.offshoot.sandbox.outgoing.Delivery;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A bot. Its token is kept as a digest.
 *
 * @param commands by scope and language
 * @param webhook null for none
 */
record Bot(
        long id,
        String tokenDigest,
        String username,
        String firstName,
        String description,
        Map<String, JsonNode> commands,
        Webhook webhook) {

    /**
     * Where the bot's updates go.
     *
     * @param secret sent along in a header, or null
     * @param allowed the kinds of updates it wants; empty for the usual ones
     */
    record Webhook(String url, String secret, int maxConnections, List<String> allowed) {

        Webhook {
            allowed = List.copyOf(allowed);
        }

        Map<String, String> headers() {
            return secret == null
                    ? Map.of("Content-Type", "application/json")
                    : Map.of("Content-Type", "application/json", Delivery.SECRET_TOKEN, secret);
        }
    }

    Bot {
        commands = Map.copyOf(commands);
    }

    /** Under what its updates are found in the outbox. */
    String about() {
        return "bot " + id;
    }

    Bot with(Webhook other) {
        return new Bot(id, tokenDigest, username, firstName, description, commands, other);
    }

    Bot called(String newFirstName) {
        return new Bot(id, tokenDigest, username, newFirstName, description, commands, webhook);
    }

    Bot described(String newDescription) {
        return new Bot(id, tokenDigest, username, firstName, newDescription, commands, webhook);
    }

    /** With these commands in a scope, or without any there. */
    Bot with(String scope, JsonNode list) {
        var changed = new TreeMap<>(commands);
        if (list == null) {
            changed.remove(scope);
        } else {
            changed.put(scope, list);
        }
        return new Bot(id, tokenDigest, username, firstName, description, changed, webhook);
    }
}
