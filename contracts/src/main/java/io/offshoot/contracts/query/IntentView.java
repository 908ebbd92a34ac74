package io.offshoot.contracts.query;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What a hub signed when it asked for a deployment. Whoever has it can verify it without us.
 *
 * @param digest SHA-256 of the signed statement, in lower-case hexadecimal: what a receipt names it by
 * @param request the canonical request, as text: the SHA-256 of its UTF-8 is the statement's subject
 * @param envelope the DSSE envelope as it was sent
 * @param keys the hub's public keys, as JWKs, whose signatures counted when it came
 */
@Schema(requiredProperties = {"digest", "request", "envelope", "keys"})
public record IntentView(String digest, String request, ObjectNode envelope, List<ObjectNode> keys) {}
