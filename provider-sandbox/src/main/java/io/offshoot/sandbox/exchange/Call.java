package io.offshoot.sandbox.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One request to a provider.
 *
 * @param base where the provider's API is reached, without a slash at the end
 * @param path the raw path under the base, its escapes untouched
 * @param body the JSON that came, or the bytes where an operation takes a file, or a missing node
 * @param digest the SHA-1 that the caller gave for a file
 * @param fate what a fault lets the provider do with the call
 */
public record Call(
        String base,
        String method,
        String path,
        Map<String, List<String>> query,
        Optional<String> authorization,
        Optional<String> digest,
        JsonNode body,
        Fate fate) {

    /** What becomes of a call, or of what it begins, on purpose. */
    public enum Fate {
        /** Nothing special. */
        AS_EVER,
        BUILD_FAILS,
        BUILD_STUCK,
        BUILD_SLOW,
        BUILD_CANCELED,
        DOMAIN_NEVER_VERIFIED,
        /** Somebody else takes the name a moment before. */
        NAME_TAKEN,
        /** The token is refused. */
        UNAUTHORIZED,
        /** What the caller may call in a while is used up. */
        LIMIT_PRIMARY,
        /** The caller is told that it calls too fast. */
        LIMIT_SECONDARY
    }

    public static Call of(String method, String path, String authorization) {
        return new Call(
                "http://sandbox.test",
                method,
                path,
                Map.of(),
                Optional.ofNullable(authorization),
                Optional.empty(),
                MissingNode.getInstance(),
                Fate.AS_EVER);
    }

    public Optional<String> query(String name) {
        return query.getOrDefault(name, List.of()).stream().findFirst();
    }

    public int number(String name, int otherwise) {
        try {
            return query(name).map(Integer::parseInt).orElse(otherwise);
        } catch (NumberFormatException notOne) {
            return otherwise;
        }
    }

    /** The token of a bearer authorization. */
    public Optional<String> token() {
        return authorization
                .filter(value ->
                        value.regionMatches(true, 0, "Bearer ", 0, 7) || value.regionMatches(true, 0, "token ", 0, 6))
                .map(value -> value.substring(value.indexOf(' ') + 1).trim());
    }

    /** A member of the body as text, if it is there and no null. */
    public Optional<String> text(String name) {
        return Optional.ofNullable(body.get(name))
                .filter(value -> !value.isNull())
                .map(JsonNode::asText);
    }

    public boolean flag(String name) {
        return body.path(name).asBoolean(false);
    }

    /** The same call to another path. */
    public Call at(String newPath) {
        return new Call(base, method, newPath, query, authorization, digest, body, fate);
    }

    public Call with(Map<String, List<String>> newQuery) {
        return new Call(base, method, path, newQuery, authorization, digest, body, fate);
    }

    public Call with(JsonNode newBody) {
        return new Call(base, method, path, query, authorization, digest, newBody, fate);
    }

    /** The same call with a file and the SHA-1 that is to be its own. */
    public Call with(byte[] file, Optional<String> sha1) {
        return new Call(base, method, path, query, authorization, sha1, BinaryNode.valueOf(file), fate);
    }

    public Call with(Fate newFate) {
        return new Call(base, method, path, query, authorization, digest, body, newFate);
    }
}
