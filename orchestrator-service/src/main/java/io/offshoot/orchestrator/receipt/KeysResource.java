package io.offshoot.orchestrator.receipt;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

/** The keys that receipts are verified with, asked for by the gateway: the public halves of all that ever signed one. */
@Path("/internal/receipts/keys")
public class KeysResource {

    private final PlatformKeys keys;

    KeysResource(PlatformKeys keys) {
        this.keys = keys;
    }

    @GET
    public ObjectNode all() {
        return keys.jwks();
    }
}
