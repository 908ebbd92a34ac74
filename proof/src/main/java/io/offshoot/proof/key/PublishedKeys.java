package io.offshoot.proof.key;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A JSON Web Key Set (RFC 7517) of the keys that somebody signs with, or did. */
public record PublishedKeys(List<PublishedKey> keys) {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    public PublishedKeys {
        keys = List.copyOf(keys);
        if (keys.stream().map(PublishedKey::id).distinct().count() != keys.size()) {
            throw new IllegalArgumentException("A key is there twice");
        }
    }

    /** @throws IllegalArgumentException if it is none, or an Ed25519 key in it is not usable. Keys of other kinds are left out */
    public static PublishedKeys read(byte[] json) {
        JsonNode set;
        try {
            set = JSON.readTree(json);
        } catch (IOException e) {
            throw new IllegalArgumentException("This is no JSON Web Key Set");
        }
        if (set == null || !set.path("keys").isArray()) {
            throw new IllegalArgumentException("This is no JSON Web Key Set");
        }
        var keys = new ArrayList<PublishedKey>();
        for (JsonNode jwk : set.path("keys")) {
            if ("Ed25519".equals(jwk.path("crv").asText())) {
                keys.add(PublishedKey.ofJwk(jwk));
            }
        }
        return new PublishedKeys(keys);
    }

    public ObjectNode toJson() {
        var set = JsonNodeFactory.instance.objectNode();
        keys.forEach(key -> set.withArray("keys").add(key.toJwk()));
        return set;
    }

    public Optional<PublishedKey> byId(String id) {
        return keys.stream().filter(key -> key.id().equals(id)).findFirst();
    }
}
