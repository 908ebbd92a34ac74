package io.offshoot.contracts.intent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Objects;

/**
 * What a hub signed when it asked for a deployment, as the gateway took it in. Nothing in it is secret.
 *
 * @param request the canonical request: the text whose digest is signed. It has the names of secrets and no value
 * @param envelope the DSSE envelope as the hub sent it
 * @param keys the hub's public keys, as JWKs, whose signatures counted when it came
 */
public record SignedIntent(String request, ObjectNode envelope, List<ObjectNode> keys) {

    public SignedIntent {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(envelope, "envelope");
        keys = List.copyOf(keys);
    }
}
