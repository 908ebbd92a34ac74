package io.offshoot.executorkit.intent;

import com.fasterxml.jackson.databind.JsonNode;
import io.offshoot.contracts.message.Messages;
import io.offshoot.proof.key.VerifyingKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What this executor knows by itself of who signs for a hub.
 *
 * @param keys by hub: the ids of its keys. An id is a digest of the key, so no other key can pass for it
 * @param required the hubs whose deployments must have been signed
 */
public record Pins(Map<String, Set<String>> keys, Set<String> required) {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{43}");

    /** @throws IllegalArgumentException if a hub must have signed, and nobody said with what */
    public Pins {
        keys = keys.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, e -> Set.copyOf(e.getValue())));
        required = Set.copyOf(required);
        for (String hub : required) {
            if (!keys.containsKey(hub)) {
                throw new IllegalArgumentException(
                        "Intents of the hub %s are required, and none of its keys is pinned".formatted(hub));
            }
        }
    }

    /** Nothing: what comes with a claim is believed. */
    public static Pins none() {
        return new Pins(Map.of(), Set.of());
    }

    /** @throws IllegalArgumentException if anything of it is not usable: an executor does not start half guarded */
    static Pins of(IntentConfig config) {
        var keys = new HashMap<String, Set<String>>();
        config.pinned().forEach((hub, pinned) -> keys.put(hub, ids(hub, pinned)));
        return new Pins(
                keys,
                config.required().entrySet().stream()
                        .filter(Map.Entry::getValue)
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toSet()));
    }

    private static Set<String> ids(String hub, List<String> pinned) {
        var ids = new HashSet<String>();
        for (String entry : pinned) {
            if (entry.contains("/")) {
                ids.addAll(ofFile(hub, Path.of(entry)));
            } else if (ID.matcher(entry).matches()) {
                ids.add(entry);
            } else {
                throw new IllegalArgumentException(
                        "What is pinned for the hub %s is neither a key's id nor a path".formatted(hub));
            }
        }
        return ids;
    }

    /** A retired key signed what came before; a revoked one is believed no more. */
    private static Set<String> ofFile(String hub, Path file) {
        try {
            var ids = new HashSet<String>();
            for (JsonNode jwk :
                    Messages.json().readTree(Files.readAllBytes(file)).path("keys")) {
                if (!jwk.hasNonNull("revoked")) {
                    ids.add(VerifyingKey.ofJwk(jwk).id());
                }
            }
            return ids;
        } catch (IOException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "The pinned keys of the hub %s cannot be read from %s".formatted(hub, file), e);
        }
    }
}
